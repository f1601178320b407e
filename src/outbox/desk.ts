/** The worker's dealings with the database: claims, and what became of them. */
import type { ClaimedRow } from '../ports/store/events.ts';
import { rememberDrawn } from './cards.ts';
import { type Courier, DELIVERY_MS } from './courier.ts';
import { deliver } from './deliver.ts';
import { endingOf, type Verdict } from './verdict.ts';

/** Longer than any delivery takes, and short enough that a dead worker's messages are not long in coming. */
const LEASE_MS = 30_000;
/** No new round of a product's cards is begun after this much of a delivery. */
const ROUNDS_MS = DELIVERY_MS / 4;

export type Desk = {
  /** At most `limit` deliveries, each ready to be made. None of them rejects. */
  claim(limit: number): Promise<readonly (() => Promise<void>)[]>;
  /** Makes every claim that stands come back at once. */
  takeOver(): Promise<void>;
  nextDue(): Promise<number | undefined>;
};

export function createDesk(at: Courier): Desk {
  const { store, clock, log } = at;
  const drawn = rememberDrawn();
  const looks = new Map<string, string>();

  const one = async (row: ClaimedRow, lease: number): Promise<void> => {
    const verdict = await deliver(at, row, { drawn, looks, until: clock.now() + ROUNDS_MS });
    try {
      await writeDown(at, row, lease, verdict);
    } catch (error) {
      // The message stays ours; when the lease is over somebody takes it up again.
      log.error({ err: error, id: row.id, lane: row.lane }, 'what became of a message could not be written down');
    }
  };

  return {
    async claim(limit) {
      const now = clock.now();
      const lease = now + LEASE_MS;
      let claimed: readonly ClaimedRow[] = [];
      // The rows leave the work by the side door: its answer would be kept as JSON, which they need not survive.
      await store.transact(null, async (tx) => {
        claimed = await tx.outbox.claim(now, lease, limit);
        return claimed.length;
      });
      return claimed.map((row) => () => one(row, lease));
    },
    async takeOver() {
      const over = await store.transact(null, (tx) => tx.outbox.endClaims(clock.now()));
      if (over > 0)
        log.info({ count: over }, 'messages that were being sent when the market stopped are taken up again');
    },
    nextDue: () => store.read((reads) => reads.outbox.nextDue()),
  };
}

async function writeDown(
  { store, clock, log }: Courier,
  row: ClaimedRow,
  lease: number,
  verdict: Verdict,
): Promise<void> {
  const ending = endingOf(row, verdict, clock.now());
  const { to, ...changes } = ending;
  const writes = 'writes' in verdict ? verdict.writes : undefined;
  const ended = await store.transact(null, async (tx) => {
    const mine = await tx.outbox.finish(row.id, 'claimed', to, changes, lease);
    if (mine) await writes?.(tx);
    return mine;
  });
  const facts = { id: row.id, lane: row.lane, name: row.message.name, tries: row.tries, state: to };
  if (!ended) log.warn(facts, 'a delivery ended after its lease: whoever claimed the message since goes on with it');
  else if (ending.to === 'dead' || ending.to === 'unknown') {
    log.error({ ...facts, reason: ending.error }, 'a message was given up: it waits for an operator');
  } else if (ending.error !== undefined) log.info({ ...facts, reason: ending.error }, 'a message was not sent');
}
