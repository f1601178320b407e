/** What a buyer may still change while nothing was paid and no way of paying was opened: delivery, address, units. */
import { may } from '../../domain/policy.ts';
import { available } from '../../domain/product.ts';
import type { DeliveryMethod } from '../../domain/pricing/quote-shape.ts';
import { cleanText } from '../../domain/text.ts';
import type { Reply } from '../../ports/core.ts';
import type { Tx } from '../../ports/store.ts';
import type { Hold } from '../../ports/store/catalog.ts';
import type { Order } from '../../ports/store/orders.ts';
import { isQuantity } from './buy.ts';
import { won } from '../commit.ts';
import { type Circumstances, refuse, show, type UseCase } from '../deps.ts';
import { chosenOf, drawUp } from './draw-up.ts';
import { payIfFree } from './pay-free.ts';
import { heldCoupons } from '../promotions/coupon-rules.ts';
import { keepCoupons, putBill } from './rebill.ts';
import { refreshCardsOf } from './stock.ts';
import { note } from '../timeline.ts';

/** The order when it is this person's and its bill may still change; else why not. */
async function changeable(tx: Tx, at: Circumstances, orderId: string): Promise<Order | Reply> {
  const order = await tx.orders.order(orderId);
  if (!order || !may(at.actor, 'order.pay', order)) return refuse('not_found');
  if (order.state === 'draft') return order;
  if (order.state !== 'pending_payment') return refuse('order_not_open', { code: order.code });
  // The amount is fixed from the first attempt on: what a channel was asked for is what is owed.
  return (await tx.payments.paymentOf(orderId)) ? refuse('payment_in_progress', { code: order.code }) : order;
}

/** Draws the bill up again with what the caller changes. */
async function redraw(
  tx: Tx,
  at: Circumstances,
  order: Order,
  change: { method?: DeliveryMethod; quantity?: number },
): Promise<Reply> {
  const lines = await tx.orders.lines(order.id);
  const wanted = lines.map((line) => (change.quantity === undefined ? line : { ...line, quantity: change.quantity }));
  const method = change.method ?? order.deliveryMethod;
  const held = order.state === 'draft' ? [] : await heldCoupons(tx, order);
  const rules = { at: at.now, coupons: held.map((one) => one.rule) };
  const drawn = drawUp(at.deps, await chosenOf(tx, wanted), order.currency, method, rules);
  if (!drawn.ok) return drawn;
  if (change.method && drawn.value.method !== change.method) return refuse('delivery_missing');
  if (order.state === 'draft') {
    won(await tx.orders.moveOrder(order, order.state, { deliveryMethod: drawn.value.method }), `order ${order.id}`);
    return show({ name: 'basket' });
  }
  await putBill(tx, order, drawn.value);
  if (change.quantity !== undefined) for (const line of wanted) await tx.orders.setLine(line);
  await keepCoupons(tx, at, order, drawn.value, held);
  return show({ name: 'order', orderId: order.id });
}

export const chooseDelivery: UseCase<'choose_delivery'> = async (tx, at, { orderId, method }) => {
  const order = await changeable(tx, at, orderId);
  if ('ok' in order) return order;
  const reply = await redraw(tx, at, order, { method });
  if (!reply.ok || order.state === 'draft') return reply;
  await note(tx, at, orderId, 'delivery_chosen', { method });
  await payIfFree(tx, at, orderId);
  return reply;
};

const ADDRESS_LIMITS = { recipient: 80, lines: 400, phone: 40 } as const;

/** Asked once: kept for the person's next orders. */
export const setAddress: UseCase<'set_address'> = async (tx, at, intent) => {
  const order = await tx.orders.order(intent.orderId);
  if (!order || !may(at.actor, 'order.pay', order)) return refuse('not_found');
  if (order.state !== 'draft' && order.state !== 'pending_payment' && order.state !== 'paid')
    return refuse('order_not_open', { code: order.code });
  if (await tx.orders.shipment(order.id)) return refuse('order_not_open', { code: order.code });
  const recipient = cleanText(intent.recipient, {
    maxGraphemes: ADDRESS_LIMITS.recipient,
    maxBytes: 400,
    multiline: false,
  });
  if (!recipient.ok) return refuse(recipient.fault.code, { field: 'recipient', max: ADDRESS_LIMITS.recipient });
  const lines = cleanText(intent.lines, { maxGraphemes: ADDRESS_LIMITS.lines, maxBytes: 2000, multiline: true });
  if (!lines.ok) return refuse(lines.fault.code, { field: 'lines', max: ADDRESS_LIMITS.lines });
  const phone =
    intent.phone.trim() === ''
      ? ''
      : cleanText(intent.phone, { maxGraphemes: ADDRESS_LIMITS.phone, maxBytes: 160, multiline: false });
  if (typeof phone !== 'string' && !phone.ok)
    return refuse(phone.fault.code, { field: 'phone', max: ADDRESS_LIMITS.phone });
  const address = {
    recipient: recipient.value,
    lines: lines.value,
    phone: typeof phone === 'string' ? phone : phone.value,
  };
  // The order's row first: nobody sends it to the old address meanwhile.
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  await tx.people.putAddress(at.actor.personId, address, at.now);
  await tx.orders.putDeliveryAddress(order.id, order.buyerId, address);
  if (order.state !== 'draft') await note(tx, at, order.id, 'address_set');
  await payIfFree(tx, at, order.id);
  return show(order.state === 'draft' ? { name: 'basket' } : { name: 'order', orderId: order.id });
};

export const setQuantity: UseCase<'set_quantity'> = async (tx, at, { orderId, quantity }) => {
  if (!isQuantity(quantity)) return refuse('quantity_invalid', { max: 999 });
  const order = await changeable(tx, at, orderId);
  if ('ok' in order) return order;
  const lines = await tx.orders.lines(orderId);
  const [line] = lines;
  if (!line || lines.length > 1 || order.state === 'draft') return refuse('order_not_open', { code: order.code });
  const product = await tx.catalog.product(line.productId);
  if (!product) return refuse('product_gone', { title: '' });
  const more = quantity - line.quantity;
  await tx.people.takePerson(order.buyerId);
  if (
    product.limitPerPerson !== null &&
    (await tx.catalog.unitsOf(order.buyerId, product.id)) + more > product.limitPerPerson
  ) {
    return refuse('limit_per_person', { title: product.title, max: product.limitPerPerson, left: 0 });
  }
  const hold = (await tx.catalog.holdsOf(orderId)).find((one) => one.state === 'held');
  const variant = await tx.catalog.variant(line.variantId);
  const left = variant && available(variant);
  if (left !== undefined && more > left)
    return refuse('stock_short', { title: product.title, left: left + line.quantity });
  const reply = await redraw(tx, at, order, { quantity });
  if (!reply.ok) return reply;
  if (hold && more !== 0) await holdAnew(tx, at, hold, quantity);
  await refreshCardsOf(tx, at, lines);
  await payIfFree(tx, at, orderId);
  return reply;
};

/** A hold is never edited: the old one ends, a new one begins. The order's row is ours; the stock row comes last. */
async function holdAnew(tx: Tx, at: Circumstances, hold: Hold, quantity: number): Promise<void> {
  won(await tx.catalog.endHold(hold.id, 'released', at.now), `hold ${hold.id}`);
  await tx.catalog.releaseStock(hold.variantId, hold.quantity);
  won(await tx.catalog.holdStock(hold.variantId, quantity), `stock of ${hold.variantId}`);
  await tx.catalog.insertHold({ ...hold, id: at.deps.ids.next(), quantity }, at.now);
}
