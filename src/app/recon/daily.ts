/**
 * Every account's day, some hours after it ended, and once more when nothing can be on its way any more. Days that passed while
 * nobody was at work are made up for.
 */
import { dayBounds, dayOf } from '../../domain/statement.ts';
import type { PaymentChannel } from '../../ports/payment-channel.ts';
import { commit } from '../commit.ts';
import type { Deps } from '../deps.ts';
import { reconcileDay } from './reconcile.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** A channel's day is closed by then. */
const AFTER_MS = 6 * HOUR_MS;
const AGAIN_MS = HOUR_MS;
/** Statements are long: so many in one round of the sweep. */
const BATCH = 3;
const LOOK_BACK_DAYS = 7;

/** Days of which no account is left. An account that is opened later has no part in them, so they stay finished. */
const finished = new WeakMap<Deps['store'], Set<string>>();

export async function reconcileDue(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  for (const channel of deps.channels.values()) {
    if (channel.fetchStatement) await reconcileFresh(deps, channel.code, now);
  }
  const due = await deps.store.read((reads) => reads.statements.dueReconDays(now, BATCH));
  for (const one of due) await attempt(deps, one.merchantAccountId, one.day);
}

/** The latest day first: it is what people wait for. */
async function reconcileFresh(deps: Deps, code: PaymentChannel['code'], now: number): Promise<void> {
  const done = finished.get(deps.store) ?? new Set<string>();
  finished.set(deps.store, done);
  let left = BATCH;
  for (let back = 1; back <= LOOK_BACK_DAYS && left > 0; back++) {
    const day = dayOf(now - AFTER_MS - back * DAY_MS);
    const bounds = dayBounds(day);
    if (!bounds || done.has(`${code}:${day}`)) continue;
    const limit = left;
    const fresh = await deps.store.read((reads) => reads.statements.unreconciled(code, day, bounds.to, limit));
    if (fresh.length === 0) done.add(`${code}:${day}`);
    left -= fresh.length;
    for (const { id } of fresh) await attempt(deps, id, day);
  }
}

async function attempt(deps: Deps, accountId: string, day: string): Promise<void> {
  try {
    await reconcileDay(deps, accountId, day);
  } catch (error) {
    deps.log.warn({ error, accountId, day }, 'a day could not be reconciled; it comes again');
    await commit(deps, null, async (tx) => {
      const known = await tx.statements.reconDay(accountId, day);
      const row = known ?? { merchantAccountId: accountId, day, hash: '', lineCount: 0, ranAt: 0 };
      await tx.statements.putReconDay({ ...row, nextAt: deps.clock.now() + AGAIN_MS });
      return null;
    });
  }
}

/** Every account at a channel, one after the other: for a person who asks for a day. */
export async function* accountsOf(deps: Deps, channel: PaymentChannel['code']): AsyncGenerator<string> {
  let after = '';
  for (;;) {
    const page = await deps.store.read((reads) => reads.statements.accountsAt(channel, after, 100));
    for (const { id } of page) yield id;
    const last = page.at(-1);
    if (!last) return;
    after = last.id;
  }
}
