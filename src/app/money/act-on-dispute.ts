/** What a verified event about a payer's bank does: it is matched with the payment that it names, and then believed. */
import type { ChannelNotice } from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { InboxState } from '../../ports/store/events.ts';
import type { Capture } from '../../ports/store/payments.ts';
import { applyDisputeTruth } from './apply-dispute.ts';
import { openCase } from './open-case.ts';
import { notifyShop, notifyStewards } from '../tell.ts';
import { note, type When } from '../timeline.ts';

type AboutDispute = Extract<ChannelNotice['about'], { kind: 'dispute' }>;
type AboutWarning = Extract<ChannelNotice['about'], { kind: 'warning' }>;

export async function actOnDispute(
  tx: Tx,
  at: When,
  channel: string,
  notice: ChannelNotice,
  about: AboutDispute,
): Promise<InboxState> {
  const capture = await tx.payments.captureAt(channel, notice.account, about.paymentRef);
  // Of an account that is not the payment's, or before the news of the payment itself: nothing of ours is touched.
  if (!capture) return 'parked';
  const { dispute: told } = about;
  await note(tx, at, capture.orderId, 'notice_verified', { type: notice.type }, 'stewards');
  const known = await tx.disputes.disputeAt(capture.merchantAccountId, told.channelRef);
  const odd =
    isOfAnother(about, capture) ||
    // One dispute is about one payment, for ever: what it took must not be booked on another.
    (known !== undefined && known.captureId !== capture.id) ||
    told.currency !== capture.currency ||
    [told.withdrawn, told.fee].some((amount) => amount < 0) ||
    told.amount < 1;
  if (odd) return conflict(tx, at, capture);
  await applyDisputeTruth(tx, at, capture, { told, toldAt: notice.occurredAt });
  return 'done';
}

/** Nothing has moved: the seller may still give the money back before the bank takes it, with a fee on top. */
export async function actOnWarning(
  tx: Tx,
  at: When,
  channel: string,
  notice: ChannelNotice,
  about: AboutWarning,
): Promise<InboxState> {
  const capture = await tx.payments.captureAt(channel, notice.account, about.paymentRef);
  const order = capture && (await tx.orders.order(capture.orderId));
  if (!capture || !order) return 'parked';
  await note(tx, at, order.id, 'notice_verified', { type: notice.type }, 'stewards');
  if (isOfAnother(about, capture)) return conflict(tx, at, capture);
  await note(tx, at, order.id, 'fraud_warning', { reason: about.reason }, 'shop');
  const told = { kind: 'fraud_warning', objectId: order.id, params: { code: order.code, n: notice.eventId } } as const;
  await notifyShop(tx, at, order, told, 'seller');
  await notifyStewards(tx, at, order.communityId, told);
  return 'done';
}

const isOfAnother = ({ orderId }: { readonly orderId: string | null }, capture: Capture): boolean =>
  orderId !== null && orderId !== capture.orderId;

async function conflict(tx: Tx, at: When, capture: Capture): Promise<InboxState> {
  const order = await tx.orders.order(capture.orderId);
  if (!order) return 'parked';
  await note(tx, at, order.id, 'conflict', { what: 'dispute' }, 'shop');
  await openCase(tx, at, order, 'payment_conflict', { what: 'dispute', captureId: capture.id });
  return 'conflict';
}
