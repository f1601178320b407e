/** A channel's answer about a refund, from whichever road it comes. Only an answer releases reserved money; a timer never does. */
import { refundBounced, refundFailed, refundSucceeded } from '../../domain/ledger.ts';
import { money } from '../../domain/money.ts';
import { isOpenRefund, refundMachine, type RefundState } from '../../domain/refund.ts';
import type { ChannelRefund } from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Capture, Refund } from '../../ports/store/payments.ts';
import { pollAfter } from './apply-truth.ts';
import { won } from '../commit.ts';
import { homeOf } from './create-refund.ts';
import { openCase } from './open-case.ts';
import { refreshOrder } from '../orders/order-panels.ts';
import { refreshCardsOf } from '../orders/stock.ts';
import { UNDO_STEPS } from './undo-steps.ts';
import { note, type When } from '../timeline.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** So long a refund that succeeded is asked about once a day. */
const WATCHED_MS = 7 * DAY_MS;

export async function applyRefundTruth(tx: Tx, at: When, refundId: string, truth: ChannelRefund): Promise<void> {
  const refund = await tx.payments.refund(refundId);
  const order = refund && (await tx.orders.order(refund.orderId));
  const capture = refund && (await tx.payments.capture(refund.captureId));
  if (!refund || !order || !capture) throw new Error(`no refund ${refundId}`);
  const { state } = truth;
  // `absent` after our submission: the call never arrived, so the same key is handed over again by the sweep.
  if (state === 'absent' || state === refund.state || !refundMachine.can(refund.state, state)) {
    // Silence is no answer: of a refund that succeeded it does not end the watch, and the question that is planned stays.
    return state === 'unknown' && refund.state === 'succeeded' ? undefined : waitForMore(tx, at, refund);
  }
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  const held = { ...order, version: order.version + 1 };
  const changes = {
    nextCheckAt: nextCheck(at, refund, state),
    ...(truth.channelRef ? { channelRef: truth.channelRef } : {}),
  };
  won(await tx.payments.moveRefund(refund.id, refund.state, state, changes), `refund ${refund.id}`);
  const { amount, currency } = refund;
  await note(tx, at, order.id, `refund_${state}`, { amount, currency });
  if (state === 'succeeded') await succeed(tx, at, held, capture, refund);
  if (state === 'failed') await failed(tx, at, held, capture, refund);
  await refreshOrder(tx, at, order);
}

async function waitForMore(tx: Tx, at: When, refund: Refund): Promise<void> {
  const nextCheckAt = nextCheck(at, refund, refund.state);
  await tx.payments.moveRefund(refund.id, refund.state, refund.state, { nextCheckAt });
}

/** A bank may send a refund back days after it succeeded, and the notice of that may be lost. */
function nextCheck(at: When, refund: Refund, state: RefundState): number | null {
  if (at.deps.channels.get(refund.channel)?.capabilities.refunds !== 'automatic') return null;
  if (state === 'submitted' || state === 'pending' || state === 'unknown') return at.now + pollAfter(refund.checks);
  return state === 'succeeded' && at.now < (refund.submittedAt ?? refund.createdAt) + WATCHED_MS
    ? at.now + DAY_MS
    : null;
}

const sourceOf = (refund: Refund) => ({ book: refund.merchantAccountId, sourceId: refund.id, orderId: refund.orderId });

async function succeed(tx: Tx, at: When, order: Order, capture: Capture, refund: Refund): Promise<void> {
  const lines = await tx.orders.lines(order.id);
  // Stock before books and cards, as when it was sold: two commits never wait for each other in a circle.
  for (const undo of UNDO_STEPS) await undo(tx, at, { order, lines, capture, refund });
  const back = money(refund.amount, refund.currency);
  await tx.payments.post(refundSucceeded(sourceOf(refund), back), at.deps.ids.next(), at.now);
  if (refund.restock) await refreshCardsOf(tx, at, lines);
  if (capture.use !== 'applied' || (order.state !== 'paid' && order.state !== 'fulfilled')) return;
  const refunds = (await tx.payments.refunds(order.id)).filter((one) => one.captureId === capture.id);
  const returned = refunds.filter((one) => one.state === 'succeeded');
  const whole = returned.reduce((total, one) => total + one.amount, 0) === capture.amount;
  // With all units back there is nothing to hand over any more, even where a fee was kept.
  const empty = lines.every((line) => line.refundedQuantity >= line.quantity);
  if (!whole && !(empty && !refunds.some((one) => isOpenRefund(one.state)))) return;
  won(await tx.orders.moveOrder(order, 'closed', { closedAt: at.now }), `order ${order.id}`);
  await note(tx, at, order.id, 'closed');
}

/** The money is the order's again and may be refunded anew; a person looks at why. */
async function failed(tx: Tx, at: When, order: Order, capture: Capture, refund: Refund): Promise<void> {
  await tx.payments.releaseRefund(capture.id, refund.amount);
  const bounced = refund.state === 'succeeded';
  // What went back on sale when the refund had succeeded is not the buyer's again: only the money is to be given back anew.
  const lines = bounced && refund.restock ? [] : refund.lines;
  for (const { lineId, quantity } of lines) await tx.orders.unrefundLine(lineId, quantity);
  const back = money(refund.amount, refund.currency);
  const entry = bounced ? refundBounced : refundFailed;
  await tx.payments.post(entry(sourceOf(refund), back, homeOf(capture)), at.deps.ids.next(), at.now);
  await openCase(tx, at, order, 'refund_failed', {
    refundId: refund.id,
    captureId: capture.id,
    amount: refund.amount,
    currency: refund.currency,
    // Units that go back with the money when it is sent again.
    units: lines.reduce((units, one) => units + one.quantity, 0),
  });
}
