/** A buyer calls off before payment, or until the goods are on their way; a seller also what came back unpaid. Paid money goes back at once. */
import { type Actor, may } from '../../domain/policy.ts';
import { refundableOf } from '../../domain/refund.ts';
import type { Reads, Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import { won } from '../commit.ts';
import { startRefund } from '../money/create-refund.ts';
import { type Circumstances, refuse, show, type UseCase } from '../deps.ts';
import { isBeingRefunded } from './fulfil-order.ts';
import { hasDigitalGoods } from './goods.ts';
import { refreshOrder } from './order-panels.ts';
import { closeOtherAttempts } from '../money/record-money.ts';
import { putBack, refreshCardsOf, releaseHolds } from './stock.ts';
import { releaseCoupons, returnCoupons } from '../promotions/redemptions.ts';
import { notify, notifyShop } from '../tell.ts';
import { note } from '../timeline.ts';

/** Whether this person may still call it off; the buyer not once the goods, or what can be read of them, are theirs. */
export async function isCancellable(reads: Reads, actor: Actor, order: Order): Promise<boolean> {
  if (!may(actor, 'order.cancel', order)) return false;
  const sells = actor.shops[order.shopId] === 'seller';
  const sent = (await reads.orders.shipment(order.id)) !== undefined;
  switch (order.state) {
    case 'draft':
      return true;
    case 'pending_payment':
      return sells || !sent;
    case 'paid':
      return !sent && !(await isBeingRefunded(reads, order)) && (sells || !(await hasDigitalGoods(reads, order)));
    case 'expired':
    case 'fulfilled':
    case 'closed':
    case 'cancelled':
      return false;
    default:
      return order.state satisfies never;
  }
}

export const cancelOrder: UseCase<'cancel_order'> = async (tx, at, { orderId }) => {
  const order = await tx.orders.order(orderId);
  if (!order || !may(at.actor, 'order.cancel', order)) return refuse('not_found');
  const asBuyer = order.buyerId === at.actor.personId;
  const panel = show(asBuyer ? { name: 'order', orderId } : { name: 'sale', orderId });
  if (order.state === 'cancelled') return panel;
  if (!(await isCancellable(tx, at.actor, order))) return refuse('order_not_cancellable', { code: order.code });
  const undone = order.state === 'paid' ? await cancelPaid(tx, at, order) : await cancelUnpaid(tx, at, order);
  if (undone) return undone;
  const news = { kind: 'order_cancelled', objectId: orderId, params: { code: order.code } } as const;
  if (asBuyer) await notifyShop(tx, at, order, news);
  else await notify(tx, at, { personId: order.buyerId, communityId: order.communityId }, news);
  await refreshOrder(tx, at, order);
  return panel;
};

/** Money that is on its way all the same is late money, and goes back. */
async function cancelUnpaid(tx: Tx, at: Circumstances, order: Order) {
  won(await tx.orders.moveOrder(order, 'cancelled', { expiresAt: null }), `order ${order.id}`);
  const payment = await tx.payments.paymentOf(order.id);
  if (payment) won(await tx.payments.movePayment(payment.id, 'open', 'cancelled'), `payment ${payment.id}`);
  await note(tx, at, order.id, 'cancelled', { by: order.buyerId === at.actor.personId ? 'buyer' : 'seller' });
  await releaseCoupons(tx, order);
  await releaseHolds(tx, at, order);
  await closeOtherAttempts(tx, at, order.id);
  await refreshCardsOf(tx, at, await tx.orders.lines(order.id));
  return undefined;
}

/** Closed by the refund's success; until then the order shows that its money is on the way back. */
async function cancelPaid(tx: Tx, at: Circumstances, order: Order) {
  const capture = (await tx.payments.captures(order.id)).find((one) => one.use === 'applied');
  const left = capture ? refundableOf(capture) : 0;
  const lines = (await tx.orders.lines(order.id)).filter((line) => line.refundedQuantity < line.quantity);
  const units = lines.map((line) => ({ lineId: line.id, quantity: line.quantity - line.refundedQuantity }));
  if (!capture) return cancelFree(tx, at, order, units);
  // A bank holds all of it: there is nothing to give back.
  if (left === 0) return refuse('refund_too_much', { left });
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  await note(tx, at, order.id, 'cancelled', { by: order.buyerId === at.actor.personId ? 'buyer' : 'seller' });
  const wish = {
    amount: left,
    cause: 'cancelled_order',
    requestedBy: at.actor.personId,
    restock: true,
    lines: units,
  } as const;
  // Before anything was sent the buyer takes back what is theirs; for anybody else the limit holds.
  const why = order.buyerId === at.actor.personId ? 'a rule says' : 'a person asks';
  const started = await startRefund(tx, at, order, capture, wish, why);
  return started.ok ? undefined : started;
}

/** Nothing was paid, so nothing goes back but the units. */
async function cancelFree(
  tx: Tx,
  at: Circumstances,
  order: Order,
  units: readonly { lineId: string; quantity: number }[],
) {
  won(await tx.orders.moveOrder(order, 'closed', { closedAt: at.now }), `order ${order.id}`);
  await note(tx, at, order.id, 'cancelled', { by: order.buyerId === at.actor.personId ? 'buyer' : 'seller' });
  const lines = await tx.orders.lines(order.id);
  for (const { lineId, quantity } of units) won(await tx.orders.refundLine(lineId, quantity), `order line ${lineId}`);
  await returnCoupons(tx, at, order);
  await putBack(tx, at, order, lines, units);
  await refreshCardsOf(tx, at, lines);
  return undefined;
}
