import { ok } from '../../domain/faults.ts';
import { refundableOf } from '../../domain/refund.ts';
import type { MessageData } from '../../ports/messages.ts';
import type { Reads } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Case } from '../../ports/store/payments.ts';
import type { Loader } from './loader.ts';
import { waitsInSuspense } from '../money/resolve-case.ts';
import { allowedActor } from './rights.ts';

const CASES_MAX = 50;

type Decisions = MessageData['cases']['cases'][number]['decisions'];

/** Only what can be done: money in suspense is accepted where it fits the order, or sent back; the rest is looked into and put away. */
async function decisionsOf(reads: Reads, { kind, params }: Case, order: Order | undefined): Promise<Decisions> {
  if (kind === 'recon_break') return ['book', 'dismiss'];
  if (kind === 'poison_event') return ['replay', 'dismiss'];
  const capture = await reads.payments.capture(String(params['captureId'] ?? ''));
  if (!order || !capture) return ['dismiss'];
  // Money without a home is not put away: it goes to the order or back.
  const away: Decisions = waitsInSuspense(capture) ? [] : ['dismiss'];
  const refundable: Decisions = refundableOf(capture) > 0 ? ['refund', ...away] : away;
  if (kind !== 'payment_conflict' || capture.use !== 'conflicted' || refundableOf(capture) < capture.amount)
    return refundable;
  const payment = await reads.payments.paymentOf(order.id);
  const fits = payment?.amount === capture.amount && payment.currency === capture.currency;
  const waiting = order.state === 'pending_payment' || order.state === 'expired';
  return fits && waiting ? ['deliver', ...refundable] : refundable;
}

export const loadCases: Loader<'cases'> = async (reads, at) => {
  const actor = allowedActor(at, 'case.resolve');
  if (!actor.ok) return actor;
  const open = (await reads.payments.cases(at.community.id, CASES_MAX)).filter((one) => one.resolvedAt === null);
  const cases = [];
  for (const one of open) {
    const { id, kind, params, orderId, openedAt } = one;
    const order = orderId === null ? undefined : await reads.orders.order(orderId);
    const ref = order ? { id: order.id, title: order.code } : null;
    const due = order ? { expected: order.total, expectedCurrency: order.currency } : {};
    cases.push({
      id,
      kind,
      params: { ...due, ...params },
      order: ref,
      openedAt,
      decisions: await decisionsOf(reads, one, order),
    });
  }
  return ok({ cases });
};
