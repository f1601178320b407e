/**
 * Money that a channel proved is recorded first, whatever state the order is in; then a rule decides: it pays the order, it is
 * delivered late, it goes back, or a person must look. Every path ends in the journal, once.
 */
import { captured, capturedToSuspense, feeKnown, suspenseDelivered } from '../../domain/ledger.ts';
import { money } from '../../domain/money.ts';
import type { ChannelPayment } from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import type { Attempt, Capture, CaptureUse, Payment } from '../../ports/store/payments.ts';
import { LostRace, won } from '../commit.ts';
import { startRefund } from './create-refund.ts';
import { handOverDigital } from '../orders/goods.ts';
import { openCase } from './open-case.ts';
import { redeemCoupons, releaseCoupons } from '../promotions/redemptions.ts';
import { refreshOrder } from '../orders/order-panels.ts';
import { refreshCardsOf, releaseHolds, sellStock } from '../orders/stock.ts';
import { notify, notifyShop, send } from '../tell.ts';
import { note, type When } from '../timeline.ts';

type Books = { readonly order: Order; readonly payment: Payment; readonly lines: readonly OrderLine[] };

async function open(tx: Tx, attempt: Attempt): Promise<Books> {
  const order = await tx.orders.order(attempt.orderId);
  const payment = await tx.payments.payment(attempt.paymentId);
  if (!order || !payment) throw new Error(`attempt ${attempt.id} has no order or payment`);
  return { order, payment, lines: await tx.orders.lines(order.id) };
}

/** Once per channel payment: a repetition changes nothing. Answers whether this money is new. */
export async function recordMoney(tx: Tx, at: When, attempt: Attempt, paid: ChannelPayment): Promise<boolean> {
  const known = (await tx.payments.captures(attempt.orderId)).some(
    (one) => one.channelRef === paid.channelRef && one.merchantAccountId === attempt.merchantAccountId,
  );
  if (known) return false;
  const books = await open(tx, attempt);
  // The order's row first: whoever else works on this order now, in whatever way, loses and does its work again.
  won(await tx.orders.moveOrder(books.order, books.order.state), `order ${books.order.id}`);
  const held = { ...books, order: { ...books.order, version: books.order.version + 1 } };
  const use = useOf(attempt, paid, books);
  // Stock before books: only money for goods that are really there becomes the order's own.
  const sold = isForSale(use, held.order) && (await sellStock(tx, at, held.order, held.lines));
  const capture = newCapture(at, attempt, paid, use === 'applied' && !sold ? 'late' : use);
  if (!(await tx.payments.insertCapture(capture))) throw new LostRace(`capture ${paid.channelRef}`);
  await post(tx, at, capture);
  await place(tx, at, capture, held, sold);
  await refreshOrder(tx, at, held.order);
  return true;
}

const isForSale = (use: CaptureUse, order: Order): boolean =>
  use === 'applied' || (use === 'late' && order.state === 'expired');

function useOf(attempt: Attempt, paid: ChannelPayment, { order, payment }: Books): CaptureUse {
  if (paid.amount !== attempt.amount || paid.currency !== attempt.currency) return 'conflicted';
  if (payment.exceptions.includes('conflicted')) return 'conflicted';
  if (payment.state === 'succeeded') return 'duplicate';
  return order.state === 'pending_payment' ? 'applied' : 'late';
}

function newCapture(at: When, attempt: Attempt, paid: ChannelPayment, use: CaptureUse): Capture {
  return {
    id: at.deps.ids.next(),
    orderId: attempt.orderId,
    paymentId: attempt.paymentId,
    attemptId: attempt.id,
    channel: attempt.channel,
    merchantAccountId: attempt.merchantAccountId,
    channelRef: paid.channelRef,
    amount: paid.amount,
    fee: paid.fee,
    currency: paid.currency,
    use,
    refunding: 0,
    withdrawn: 0,
    at: at.now,
  };
}

const source = (capture: Capture) => ({
  book: capture.merchantAccountId,
  sourceId: capture.id,
  orderId: capture.orderId,
});

async function post(tx: Tx, at: When, capture: Capture): Promise<void> {
  const paid = money(capture.amount, capture.currency);
  const entry = capture.use === 'applied' ? captured(source(capture), paid) : capturedToSuspense(source(capture), paid);
  await tx.payments.post(entry, at.deps.ids.next(), at.now);
  if (capture.fee > 0)
    await tx.payments.post(feeKnown(source(capture), money(capture.fee, capture.currency)), at.deps.ids.next(), at.now);
}

const FACTS = {
  applied: 'captured',
  late: 'captured_late',
  duplicate: 'captured_again',
  conflicted: 'conflict',
} as const;

async function place(tx: Tx, at: When, capture: Capture, books: Books, sold: boolean): Promise<void> {
  const { order, payment } = books;
  const { amount, currency, channel } = capture;
  await note(tx, at, order.id, FACTS[capture.use], { amount, currency, channel });
  switch (capture.use) {
    case 'applied':
      return markPaid(tx, at, books, capture);
    case 'late':
      if (sold) return deliverLate(tx, at, capture, books);
      if (order.state === 'expired') await tx.payments.addException(payment.id, 'paid_late');
      return giveBack(tx, at, capture, await runOut(tx, at, books), 'late');
    case 'duplicate':
      await tx.payments.addException(payment.id, 'duplicate_payment');
      return giveBack(tx, at, capture, order, 'duplicate');
    case 'conflicted':
      await tx.payments.addException(payment.id, 'conflicted');
      await openCase(tx, at, order, 'payment_conflict', { captureId: capture.id, amount, currency });
      return undefined;
  }
}

/** First paid, first served: where nothing was kept and nothing is left, the bill ends and the money goes back at once. */
async function runOut(tx: Tx, at: When, { order, payment, lines }: Books): Promise<Order> {
  if (order.state !== 'pending_payment') return order;
  won(await tx.orders.moveOrder(order, 'expired', { expiresAt: null }), `order ${order.id}`);
  won(await tx.payments.movePayment(payment.id, 'open', 'expired'), `payment ${payment.id}`);
  await releaseCoupons(tx, order);
  await note(tx, at, order.id, 'expired');
  // Other lines of the same basket may have been kept.
  if (await releaseHolds(tx, at, order)) await refreshCardsOf(tx, at, lines);
  await closeOtherAttempts(tx, at, order.id);
  return { ...order, state: 'expired', expiresAt: null, version: order.version + 1 };
}

/** Late money whose goods were still there: the buyer is told that all is well after all. */
async function deliverLate(tx: Tx, at: When, capture: Capture, books: Books): Promise<void> {
  const { order, payment } = books;
  await tx.payments.addException(payment.id, 'paid_late');
  await acceptSuspense(tx, at, capture);
  await markPaid(tx, at, books, capture);
  await notify(tx, at, buyerOf(order), {
    kind: 'paid_late_delivered',
    objectId: order.id,
    params: { code: order.code },
  });
}

/** Money out of suspense becomes the order's own. */
export async function acceptSuspense(tx: Tx, at: When, capture: Capture): Promise<void> {
  won(await tx.payments.setCaptureUse(capture.id, capture.use, 'applied'), `capture ${capture.id}`);
  const paid = money(capture.amount, capture.currency);
  await tx.payments.post(suspenseDelivered(source(capture), paid), at.deps.ids.next(), at.now);
}

/** The stock is sold and the money is in the books: the order is paid, and everybody who should know is told. */
export async function markPaid(tx: Tx, at: When, { order, payment, lines }: Books, capture: Capture): Promise<void> {
  const changes = { paidAt: at.now, expiresAt: null };
  won(await tx.orders.moveOrder(order, 'paid', changes), `order ${order.id}`);
  won(await tx.payments.movePayment(payment.id, payment.state, 'succeeded'), `payment ${payment.id}`);
  await redeemCoupons(tx, at, order);
  await note(tx, at, order.id, 'paid');
  const paid = { ...order, ...changes, state: 'paid', version: order.version + 1 } as const;
  const left = await handOverDigital(tx, at, paid, lines);
  await fulfilIfShipped(tx, at, left);
  await closeOtherAttempts(tx, at, order.id, capture.attemptId);
  await refreshCardsOf(tx, at, lines);
  await notifyShop(tx, at, order, { kind: 'sold', objectId: order.id, params: { code: order.code } });
}

/** Cash on delivery: the goods left before the money came, whichever way it came in the end. */
async function fulfilIfShipped(tx: Tx, at: When, order: Order): Promise<void> {
  if (order.state !== 'paid' || order.deliveryMethod !== 'ship' || !(await tx.orders.shipment(order.id))) return;
  won(await tx.orders.moveOrder(order, 'fulfilled', { fulfilledAt: at.now }), `order ${order.id}`);
}

/** Whatever else could still be paid for this order is closed at its channel. `paidId`: the attempt whose money has come. */
export async function closeOtherAttempts(tx: Tx, at: When, orderId: string, paidId?: string): Promise<void> {
  for (const other of await tx.payments.attempts(orderId)) {
    if (other.id === paidId) continue;
    const payable =
      other.state === 'submitted' ||
      other.state === 'requires_action' ||
      other.state === 'pending' ||
      other.state === 'unknown';
    if (payable)
      await send(tx, at, `attempt:${other.id}`, { name: 'attempt.close', attemptId: other.id }, 'attempt.close');
  }
}

async function giveBack(tx: Tx, at: When, capture: Capture, order: Order, cause: 'late' | 'duplicate'): Promise<void> {
  const refund = await startRefund(tx, at, order, capture, {
    amount: capture.amount,
    cause,
    requestedBy: null,
    restock: false,
    lines: [],
  });
  if (!refund.ok) throw new Error(`money ${capture.id} without a home could not be given back: ${refund.fault.code}`);
  const kind = cause === 'late' ? 'paid_late_refunded' : 'paid_twice_refunded';
  await notify(tx, at, buyerOf(order), { kind, objectId: order.id, params: { code: order.code } });
}

const buyerOf = (order: Order) => ({ personId: order.buyerId, communityId: order.communityId });
