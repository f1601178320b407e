// The outbox worked off by hand: calls to channels are made, messages to people are collected.
import type { Deps } from '../../src/app/deps.ts';
import { renewCardInvoices } from '../../src/app/money/card-invoices.ts';
import { closeAttempt, openAttempt, submitRefund } from '../../src/app/money/outbox-calls.ts';
import { ChannelTrouble } from '../../src/ports/payment-channel.ts';
import type { OutboxRow } from '../../src/ports/store/events.ts';

const ROUNDS_MAX = 50;
const LEASE_MS = 30_000;
/** A channel that put a call off is asked again after this. */
const PUT_OFF_MS = 10_000;

export function handOutbox(deps: Deps) {
  const told: OutboxRow['message'][] = [];
  const { store, clock } = deps;

  const carryOut = async ({ message }: OutboxRow): Promise<void> => {
    if (message.name === 'attempt.open') await openAttempt(deps, message.attemptId);
    else if (message.name === 'attempt.close') await closeAttempt(deps, message.attemptId);
    else if (message.name === 'refund.submit') await submitRefund(deps, message.refundId);
    else if (message.name === 'card.invoices') await renewCardInvoices(deps, message.productId);
    else told.push(message);
  };
  /** Does all that is due. */
  const work = async (): Promise<void> => {
    for (let round = 1; round <= ROUNDS_MAX; round += 1) {
      const leaseUntil = clock.now() + LEASE_MS + round;
      const claim = await store.transact(
        null,
        async (tx) => (await tx.outbox.claim(clock.now(), leaseUntil, 100)) as never,
      );
      const rows = claim as OutboxRow[];
      if (rows.length === 0) return;
      for (const row of rows) {
        const putOff = await carryOut(row).then(
          () => false,
          (error: unknown) => {
            if (error instanceof ChannelTrouble) return true;
            throw error;
          },
        );
        const changes = putOff ? { dueAt: clock.now() + PUT_OFF_MS } : {};
        const to = putOff ? 'pending' : 'sent';
        await store.transact(null, (tx) => tx.outbox.finish(row.id, 'claimed', to, changes, leaseUntil));
      }
    }
  };
  /** The kinds of notices that this person was told, oldest first. */
  const news = (personId: string): string[] =>
    told.flatMap((one) =>
      one.name === 'notice' && one.personId === personId && one.message.name === 'notice' ? [one.message.kind] : [],
    );
  return { told, work, news };
}
