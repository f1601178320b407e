/** Every account's yesterday, some hours after it ended, and once more when nothing can be on its way any more. */
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

export async function reconcileDue(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  const day = dayOf(now - AFTER_MS - DAY_MS);
  const bounds = dayBounds(day);
  if (!bounds) return;
  for (const channel of deps.channels.values()) {
    if (!channel.fetchStatement) continue;
    const fresh = await deps.store.read((reads) => reads.statements.unreconciled(channel.code, day, bounds.to, BATCH));
    for (const { id } of fresh) await attempt(deps, id, day);
  }
  const due = await deps.store.read((reads) => reads.statements.dueReconDays(now, BATCH));
  for (const one of due) await attempt(deps, one.merchantAccountId, one.day);
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
