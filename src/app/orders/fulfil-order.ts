/** Handing over: sent with a tracking text, given at pick-up, done as a service; and the buyer's Received. */
import { type Fault, fail, ok, type Result } from '../../domain/faults.ts';
import { may } from '../../domain/policy.ts';
import { isLive } from '../../domain/payment.ts';
import { available } from '../../domain/product.ts';
import { cleanText } from '../../domain/text.ts';
import type { Reads, Tx } from '../../ports/store.ts';
import type { Hold } from '../../ports/store/catalog.ts';
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
  const objection = await shipObjection(tx, order);
  if (objection) return { ok: false, fault: objection };
  if (await tx.orders.shipment(orderId)) return show({ name: 'sale', orderId });
  const text = cleanTracking(tracking);
  if (!text.ok) return text;
  await sendOut(tx, at, order, text.value);
  return show({ name: 'sale', orderId });
};

const TRACKING_MAX = 120;

/** What the buyer finds the parcel by; nothing is a tracking number too. */
export function cleanTracking(tracking: string): Result<string> {
  if (tracking.trim() === '') return ok('');
  const text = cleanText(tracking, { maxGraphemes: TRACKING_MAX, maxBytes: 500, multiline: false });
  return text.ok ? ok(text.value) : fail(text.fault.code, { field: 'tracking', max: TRACKING_MAX });
}

/** Why this cannot be marked as sent; of one that is on its way already nothing is said. Reads only. */
export async function shipObjection(reads: Reads, order: Order): Promise<Fault | undefined> {
  const refused: Fault = { code: 'order_not_shippable', params: { code: order.code } };
  if (order.deliveryMethod !== 'ship') return refused;
  if (await reads.orders.shipment(order.id)) return undefined;
  const shippable = order.state === 'paid' || (await awaitsCash(reads, order));
  if (!shippable || (await isBeingRefunded(reads, order))) return refused;
  if (order.state === 'paid') return undefined;
  const kept = new Set((await reads.catalog.holdsOf(order.id)).flatMap(heldVariant));
  for (const line of await reads.orders.lines(order.id)) {
    const variant = kept.has(line.variantId) ? undefined : await reads.catalog.variant(line.variantId);
    const left = variant && available(variant);
    if (left !== undefined && left < line.quantity)
      return { code: 'sold_out', params: { title: titleOf(order, line) } };
  }
  return undefined;
}

const heldVariant = ({ state, variantId }: Hold): string[] => (state === 'held' ? [variantId] : []);

/** The parcel leaves: after `shipObjection` had none, and only once an order. */
export async function sendOut(tx: Tx, at: Circumstances, order: Order, tracking: string): Promise<void> {
  await handedOver(tx, at, order, 'shipped');
  // What leaves unpaid is sold to nobody else, and its bill stays open until the money or the parcel comes back.
  if (order.state !== 'paid') {
    const lines = await tx.orders.lines(order.id);
    const short = await holdRest(tx, at, order, lines);
    // There was enough a moment ago: somebody was there first, and the reason is looked for again.
    won(short === undefined, `stock of ${short?.variantId ?? ''}`);
    await refreshCardsOf(tx, at, lines);
  }
  const shipment = { orderId: order.id, tracking, shippedAt: at.now, byPersonId: at.actor.personId };
  won(await tx.orders.insertShipment(shipment), `shipment of ${order.id}`);
  const to = { personId: order.buyerId, communityId: order.communityId };
  await notify(tx, at, to, { kind: 'shipped', objectId: order.id, params: { code: order.code } });
}

/** Picked up, or the service is done. */
export const handOver: UseCase<'hand_over'> = async (tx, at, { orderId }) => {
  const order = await tx.orders.order(orderId);
  if (!order || !may(at.actor, 'order.ship', order)) return refuse('not_found');
  if (isHandedOver(order)) return show({ name: 'sale', orderId });
  const objection = await handOverObjection(tx, order);
  if (objection) return { ok: false, fault: objection };
  await handedOver(tx, at, order, 'handed_over');
  return show({ name: 'sale', orderId });
};

export const isHandedOver = ({ state }: Pick<Order, 'state'>): boolean => state === 'fulfilled' || state === 'closed';

/** Why this cannot be marked as handed over. Reads only. */
export async function handOverObjection(reads: Reads, order: Order): Promise<Fault | undefined> {
  const fits = order.state === 'paid' && order.deliveryMethod !== 'ship' && !(await isBeingRefunded(reads, order));
  return fits ? undefined : { code: 'order_not_shippable', params: { code: order.code } };
}

const titleOf = (order: Order, line: { variantId: string }): string =>
  order.quote?.lines.find((one) => one.variantId === line.variantId)?.title ?? '';

export async function handedOver(
  tx: Tx,
  at: Circumstances,
  order: Order,
  how: 'shipped' | 'handed_over',
): Promise<void> {
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
