import { atRest, rowsOf } from '../engine/invariant.ts';

export const invariant = atRest(
  'nothing is under way any more: no attempt, refund, hold, message, event or case',
  (stage) => [
    ...rowsOf(
      stage,
      `select 'attempt' as what, id, state from attempts where state not in ('succeeded', 'failed', 'expired', 'cancelled')
     union all select 'refund', id, state from refunds where state not in ('succeeded', 'failed', 'rejected', 'cancelled')
     union all select 'hold', id, state from holds where state = 'held'
     union all select 'bill', id, state from orders where state = 'pending_payment' and expires_at is not null
     union all select 'message', id, state from outbox_messages where state in ('pending', 'claimed')
     union all select 'event', id, state from inbox_work where state in ('pending', 'parked')
     union all select 'case', id, kind from cases where resolved_at is null`,
    ),
    // What can still be paid at the bank would be taken for an order that is over.
    ...stage.bank
      .checkouts()
      .flatMap(({ id, state, orderId }) => (state === 'open' ? [`page ${id} of ${orderId} is open`] : [])),
  ],
);
