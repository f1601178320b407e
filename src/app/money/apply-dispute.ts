/**
 * A channel's news of a dispute, from whichever road it comes. It tells of the whole dispute each time, so that what moved is the
 * difference to what was known; of two pieces of news the later one counts, in whatever order they arrive.
 */
import { type DisputeState, isLaterNews } from '../../domain/dispute.ts';
import { disputeFee, disputeFeeReturned, disputeReinstated, disputeWithdrawn } from '../../domain/ledger.ts';
import { money } from '../../domain/money.ts';
import type { ChannelDispute } from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { Dispute, DisputeMove } from '../../ports/store/disputes.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Capture } from '../../ports/store/payments.ts';
import { LostRace, won } from '../commit.ts';
import { refreshOrder } from '../orders/order-panels.ts';
import { notifyShop, notifyStewards } from '../tell.ts';
import { note, type When } from '../timeline.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** So long before the time to answer ends, the seller and the stewards are reminded. */
const REMIND_MS = [3 * DAY_MS, DAY_MS] as const;

type News = { readonly told: ChannelDispute; readonly toldAt: number };

/** Answers whether anything changed. `toldAt`: when the channel says it was so. */
export async function applyDisputeTruth(tx: Tx, at: When, capture: Capture, news: News): Promise<boolean> {
  const order = await tx.orders.order(capture.orderId);
  if (!order) throw new Error(`capture ${capture.id} has no order`);
  const { told, toldAt } = news;
  const known = await tx.disputes.disputeAt(capture.merchantAccountId, told.channelRef);
  const seen = { at: toldAt, state: told.state, withdrawn: told.withdrawn, fee: told.fee };
  if (known && !isLaterNews(seen, { ...known, at: known.toldAt })) {
    // Old news, or none. Whether something between the two was missed, only the channel knows.
    if (known.toldAt !== toldAt || known.state !== told.state) await askSoon(tx, at, known);
    return false;
  }
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  const dispute = known ?? (await open(tx, at, capture, news));
  const { state, amount, reason, respondBy, withdrawn, fee } = told;
  const changes = {
    ...{ amount, reason, respondBy, withdrawn, fee, toldAt },
    remindAt: remindAt(at.now, state, respondBy),
    // Where money and decision come in two events, one of them may be lost: asked once more the next day.
    nextCheckAt: canBeAsked(at, capture.channel) ? at.now + DAY_MS : null,
  };
  won(await tx.disputes.moveDispute(dispute.id, dispute.state, state, changes), `dispute ${dispute.id}`);
  if (known === undefined || state !== dispute.state) await tellState(tx, at, order, { ...dispute, state, respondBy });
  // The books last, like everywhere.
  await moveMoney(tx, at, capture, dispute, told);
  await refreshOrder(tx, at, order);
  return true;
}

async function open(tx: Tx, at: When, capture: Capture, { told, toldAt }: News): Promise<Dispute> {
  const { channelRef, state, amount, reason, respondBy } = told;
  const dispute: Dispute = {
    ...{ id: at.deps.ids.next(), captureId: capture.id, orderId: capture.orderId, channel: capture.channel },
    ...{ merchantAccountId: capture.merchantAccountId, currency: capture.currency },
    ...{ channelRef, state, amount, reason, respondBy, toldAt },
    ...{ withdrawn: 0, fee: 0, remindAt: null, nextCheckAt: null, checks: 0, createdAt: at.now },
  };
  if (!(await tx.disputes.insertDispute(dispute))) throw new LostRace(`dispute ${channelRef}`);
  return dispute;
}

async function askSoon(tx: Tx, at: When, dispute: Dispute): Promise<void> {
  if (!canBeAsked(at, dispute.channel)) return;
  await tx.disputes.moveDispute(dispute.id, dispute.state, dispute.state, { nextCheckAt: at.now });
}

const canBeAsked = (at: When, channel: string): boolean => at.deps.channels.get(channel)?.retrieveDispute !== undefined;

/** The next reminder, or the end of the time to answer. Only what can still be answered has either. */
export function remindAt(now: number, state: DisputeState, respondBy: number | null): number | null {
  if (respondBy === null || (state !== 'inquiry' && state !== 'needs_response')) return null;
  return REMIND_MS.map((before) => respondBy - before).find((instant) => instant > now) ?? respondBy;
}

/** What the truth and the books differ by is what moved. */
async function moveMoney(tx: Tx, at: When, capture: Capture, known: Dispute, told: ChannelDispute): Promise<void> {
  const taken = told.withdrawn - known.withdrawn;
  const kept = told.fee - known.fee;
  if (taken !== 0) {
    await tx.payments.addWithdrawn(capture.id, taken);
    await moveOne(tx, at, known, { kind: taken > 0 ? 'withdrawn' : 'reinstated', amount: Math.abs(taken) });
  }
  if (kept !== 0) await moveOne(tx, at, known, { kind: kept > 0 ? 'fee' : 'fee_returned', amount: Math.abs(kept) });
}

const ENTRIES = {
  withdrawn: disputeWithdrawn,
  reinstated: disputeReinstated,
  fee: disputeFee,
  fee_returned: disputeFeeReturned,
} as const;

async function moveOne(tx: Tx, at: When, dispute: Dispute, { kind, amount }: Pick<DisputeMove, 'kind' | 'amount'>) {
  const { orderId, currency, merchantAccountId: book } = dispute;
  const move = { id: at.deps.ids.next(), disputeId: dispute.id, kind, amount, at: at.now };
  await tx.disputes.insertDisputeMove(move);
  const entry = ENTRIES[kind]({ book, sourceId: move.id, orderId }, money(amount, currency));
  await tx.payments.post(entry, at.deps.ids.next(), at.now);
  const audience = kind === 'fee' || kind === 'fee_returned' ? 'shop' : 'everybody';
  await note(tx, at, orderId, `dispute_${kind}`, { amount, currency }, audience);
}

type Told = Pick<Dispute, 'id' | 'state' | 'respondBy' | 'amount' | 'currency' | 'reason'>;

async function tellState(tx: Tx, at: When, order: Order, dispute: Told): Promise<void> {
  const { state, amount, currency, reason } = dispute;
  await note(tx, at, order.id, `dispute_${state}`, { amount, currency, reason });
  await tellPeople(tx, at, order, dispute);
}

/** The seller, who answers at the channel, and the stewards, who see that it happens. */
export async function tellPeople(tx: Tx, at: When, order: Order, dispute: Told, again = ''): Promise<void> {
  const { state, amount, currency, respondBy } = dispute;
  const waits = (state === 'inquiry' || state === 'needs_response') && respondBy !== null;
  const decided = state === 'won' || state === 'lost' || state === 'accepted' || state === 'expired';
  const kind = waits ? 'dispute_answer' : decided ? (`dispute_${state}` as const) : 'dispute_review';
  const until = waits ? { until: respondBy } : {};
  const params = { code: order.code, amount, currency, ...until, n: `${dispute.id}${state}${again}` };
  const notice = { kind, objectId: order.id, params } as const;
  await notifyShop(tx, at, order, notice, 'seller');
  await notifyStewards(tx, at, order.communityId, notice);
}
