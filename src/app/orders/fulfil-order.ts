/** Handing over: sent with a tracking text, given at pick-up, done as a service; and the buyer's Received. */
import { may } from '../../domain/policy.ts';
import { isLive } from '../../domain/payment.ts';
import { cleanText } from '../../domain/text.ts';
import type { Reads, Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import { won } from '../commit.ts';
import { type Circumstances, refuse, show, type UseCase } from '../deps.ts';
import { refreshOrder } from './order-panels.ts';
import { holdRest, refreshCardsOf } from './stock.ts';
import { notify, notifyShop } from '../tell.ts';
import { note } from '../timeline.ts';

/** Cash is paid when the goods are handed over, so such an order may be on its way before it is paid. */
export async function awaitsCash(reads: Reads, order: Order): Promise<boolean> {
  if (order.state !== 'pending_payment') return false;
  const attempts = await reads.payments.attempts(order.id);
  return attempts.some((one) => one.channel === 'cash' && isLive(one.state));
}

/** Whether all of the order's money or goods are on their way back, so that nothing should leave the shop any more. */
export async function isBeingRefunded(reads: Reads, order: Order): Promise<boolean> {
  const applied = (await reads.payments.captures(order.id)).find((one) => one.use === 'applied');
  if (applied !== undefined && applied.refunding >= applied.amount) return true;
  const lines = await reads.orders.lines(order.id);
  return lines.length > 0 && lines.every((line) => line.refundedQuantity >= line.quantity);
}

export const ship: UseCase<'ship'> = async (tx, at, { orderId, tracking }) => {
  const order = await tx.orders.order(orderId);
  if (!order || !may(at.actor, 'order.ship', order)) return refuse('not_found');
  const shippable = order.state === 'paid' || (await awaitsCash(tx, order));
  if (!shippable || order.deliveryMethod !== 'ship' || (await isBeingRefunded(tx, order)))
    return refuse('order_not_shippable', { code: order.code });
  if (await tx.orders.shipment(orderId)) return show({ name: 'sale', orderId });
  const text =
    tracking.trim() === '' ? '' : cleanText(tracking, { maxGraphemes: 120, maxBytes: 500, multiline: false });
  if (typeof text !== 'string' && !text.ok) return refuse(text.fault.code, { field: 'tracking', max: 120 });
  await handedOver(tx, at, order, 'shipped');
  // What leaves unpaid is sold to nobody else, and its bill stays open until the money or the parcel comes back.
  if (order.state !== 'paid') {
    const lines = await tx.orders.lines(orderId);
    const short = await holdRest(tx, at, order, lines);
    if (short) return refuse('sold_out', { title: titleOf(order, short) });
    await refreshCardsOf(tx, at, lines);
  }
  const shipment = {
    orderId,
    tracking: typeof text === 'string' ? text : text.value,
    shippedAt: at.now,
    byPersonId: at.actor.personId,
  };
  won(await tx.orders.insertShipment(shipment), `shipment of ${orderId}`);
  await notify(
    tx,
    at,
    { personId: order.buyerId, communityId: order.communityId },
    { kind: 'shipped', objectId: orderId, params: { code: order.code } },
  );
  return show({ name: 'sale', orderId });
};

/** Picked up, or the service is done. */
export const handOver: UseCase<'hand_over'> = async (tx, at, { orderId }) => {
  const order = await tx.orders.order(orderId);
  if (!order || !may(at.actor, 'order.ship', order)) return refuse('not_found');
  if (order.state === 'fulfilled' || order.state === 'closed') return show({ name: 'sale', orderId });
  if (order.state !== 'paid' || order.deliveryMethod === 'ship' || (await isBeingRefunded(tx, order)))
    return refuse('order_not_shippable', { code: order.code });
  await handedOver(tx, at, order, 'handed_over');
  return show({ name: 'sale', orderId });
};

const titleOf = (order: Order, line: { variantId: string }): string =>
  order.quote?.lines.find((one) => one.variantId === line.variantId)?.title ?? '';

async function handedOver(tx: Tx, at: Circumstances, order: Order, how: 'shipped' | 'handed_over'): Promise<void> {
  const paid = order.state === 'paid';
  const changes = paid ? { fulfilledAt: at.now } : { expiresAt: null };
  const moved = await tx.orders.moveOrder(order, paid ? 'fulfilled' : order.state, changes);
  won(moved, `order ${order.id}`);
  await note(tx, at, order.id, how);
  await refreshOrder(tx, at, order);
}

export const received: UseCase<'received'> = async (tx, at, { orderId }) => {
  const order = await tx.orders.order(orderId);
  if (!order || !may(at.actor, 'order.receive', order)) return refuse('not_found');
  if (order.state === 'closed') return show({ name: 'order', orderId });
  if (order.state !== 'paid' && order.state !== 'fulfilled')
    return refuse('order_not_receivable', { code: order.code });
  won(await tx.orders.moveOrder(order, 'closed', { closedAt: at.now }), `order ${orderId}`);
  await note(tx, at, orderId, 'received');
  await refreshOrder(tx, at, order);
  await notifyShop(tx, at, order, { kind: 'order_received', objectId: orderId, params: { code: order.code } });
  return show({ name: 'order', orderId });
};
