/** Time's work on disputes: questions to channels, reminders, and the end of the time to answer. */
import type { Dispute } from '../../ports/store/disputes.ts';
import { applyDisputeTruth, remindAt, tellPeople } from './apply-dispute.ts';
import { pollAfter } from './apply-truth.ts';
import { commit, won } from '../commit.ts';
import type { Deps } from '../deps.ts';
import { refreshOrder } from '../orders/order-panels.ts';
import { note } from '../timeline.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A decided dispute is asked about for so long: a bank may give money back, or turn its decision round, days later. */
const WATCHED_MS = 60 * DAY_MS;

/** One question. The next one is planned first, so that a channel that breaks us is asked less and less often. */
export async function askAboutDispute(deps: Deps, dispute: Dispute): Promise<void> {
  const asking = deps.clock.now();
  const over = asking > dispute.createdAt + WATCHED_MS && !isWaiting(dispute);
  await commit(deps, null, async (tx) => {
    const checks = dispute.checks + 1;
    const nextCheckAt = over ? null : asking + Math.max(DAY_MS, pollAfter(checks));
    await tx.disputes.moveDispute(dispute.id, dispute.state, dispute.state, { checks, nextCheckAt });
    return null;
  });
  const account = await deps.store.read((reads) => reads.people.merchantAccount(dispute.merchantAccountId));
  const channel = deps.channels.get(dispute.channel);
  const told = account && (await channel?.retrieveDispute?.({ account, channelRef: dispute.channelRef }));
  if (!told || told.currency !== dispute.currency) return;
  await commit(deps, null, async (tx) => {
    const current = await tx.disputes.dispute(dispute.id);
    const capture = await tx.payments.capture(dispute.captureId);
    if (!current || !capture) return null;
    // The same as is known is no news, however new.
    const { state, withdrawn, fee } = told;
    const ours = current.state === 'expired' ? 'needs_response' : current.state;
    if (state === ours && withdrawn === current.withdrawn && fee === current.fee) return null;
    await applyDisputeTruth(tx, { deps, now: deps.clock.now() }, capture, { told, toldAt: asking });
    return null;
  });
}

const isWaiting = ({ state }: Dispute): boolean => state !== 'won' && state !== 'lost' && state !== 'accepted';

/** A reminder, or the end: after the deadline nothing can be answered any more, and the bank decides by itself. */
export async function remindOfDispute(deps: Deps, disputeId: string): Promise<void> {
  await commit(deps, null, async (tx) => {
    const at = { deps, now: deps.clock.now() };
    const known = await tx.disputes.dispute(disputeId);
    const order = known && (await tx.orders.order(known.orderId));
    // As it is with this order's row: news that put the deadline off meanwhile is not ended by the old one.
    const dispute = await tx.disputes.dispute(disputeId);
    if (!dispute || !order || dispute.remindAt === null || dispute.remindAt > at.now) return null;
    const { state, respondBy } = dispute;
    if (respondBy === null || (state !== 'inquiry' && state !== 'needs_response')) return null;
    won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
    const over = respondBy <= at.now;
    const to = over ? 'expired' : state;
    const changes = { remindAt: over ? null : remindAt(at.now, state, respondBy) };
    won(await tx.disputes.moveDispute(dispute.id, state, to, changes), `dispute ${dispute.id}`);
    const { amount, currency, reason } = dispute;
    await note(tx, at, order.id, over ? 'dispute_expired' : 'dispute_reminded', { amount, currency, reason }, 'shop');
    await tellPeople(tx, at, order, { ...dispute, state: to }, String(dispute.remindAt));
    await refreshOrder(tx, at, order);
    return null;
  });
}
