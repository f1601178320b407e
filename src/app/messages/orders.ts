/** The panels of orders: the buyer's, the shop's, the lists, the timeline. */
import { fail, ok } from '../../domain/faults.ts';
import { may } from '../../domain/policy.ts';
import type { OrderData } from '../../ports/shown.ts';
import type { Loader } from './loader.ts';
import { orderData, orderSummary, refundsByHand } from './order-data.ts';
import { refundData } from './refund-data.ts';
import { visibleShop } from './rights.ts';

const LIST_MAX = 30;

export const loadOrder: Loader<'order'> = async (reads, at, { orderId }) => {
  const order = await reads.orders.order(orderId);
  if (
    !order ||
    order.state === 'draft' ||
    order.buyerId !== at.actor?.personId ||
    order.communityId !== at.community.id
  )
    return fail('not_found');
  const data = await orderData(reads, at, order);
  return data ? ok({ order: data }) : fail('not_found');
};

export const loadSale: Loader<'sale'> = async (reads, at, { orderId }) => {
  const order = await reads.orders.order(orderId);
  const { actor } = at;
  if (!order || order.state === 'draft' || !actor) return fail('not_found');
  const works = actor.shops[order.shopId] !== undefined || actor.role !== 'member';
  if (!works || !may(actor, 'order.see', order)) return fail('not_found');
  const data = await orderData(reads, at, order);
  const buyer = await reads.people.person(order.buyerId);
  if (!data) return fail('not_found');
  const paysBack = may(actor, 'order.refund', order);
  return ok({
    order: data,
    buyer: buyer?.name ?? '',
    handRefunds: paysBack
      ? refundsByHand(await reads.payments.refunds(orderId), at.deps.channels).map(refundData(at, order))
      : [],
  });
};

export const loadBasket: Loader<'basket'> = async (reads, at) => {
  if (!at.actor) return fail('not_found');
  const baskets: OrderData[] = [];
  for (const basket of await reads.orders.baskets(at.actor.personId)) {
    if (basket.communityId !== at.community.id || (await reads.orders.lines(basket.id)).length === 0) continue;
    const data = await orderData(reads, at, basket);
    if (data) baskets.push(data);
  }
  return ok({ baskets });
};

export const loadMyOrders: Loader<'my_orders'> = async (reads, at) => {
  if (!at.actor) return fail('not_found');
  const orders = (await reads.orders.ordersOf(at.actor.personId, LIST_MAX)).filter(
    (one) => one.communityId === at.community.id && one.state !== 'draft',
  );
  return ok({ orders: await Promise.all(orders.map((order) => orderSummary(reads, order))) });
};

export const loadClaims: Loader<'claims'> = async (reads, at) => {
  if (!at.actor) return fail('not_found');
  const ids = new Set((await reads.platforms.claims(at.actor.personId)).map(({ orderId }) => orderId));
  const orders = await Promise.all([...ids].map((id) => reads.orders.order(id)));
  const mine = orders.filter((one) => one !== undefined).filter((one) => one.communityId === at.community.id);
  return ok({ orders: await Promise.all(mine.slice(0, LIST_MAX).map((order) => orderSummary(reads, order))) });
};

export const loadShopOrders: Loader<'shop_orders'> = async (reads, at, { shopId }) => {
  const visible = await visibleShop(reads, at, shopId, 'order.ship');
  if (!visible.ok) return visible;
  const open = await reads.orders.ordersOfShop(shopId, ['paid', 'pending_payment'], LIST_MAX);
  const done = await reads.orders.ordersOfShop(shopId, ['fulfilled', 'closed'], LIST_MAX);
  const orders = await Promise.all([...open, ...done].map((order) => orderSummary(reads, order)));
  const canExport = may(visible.value.actor, 'shop.export', { communityId: at.community.id, shopId });
  return ok({ shop: { id: shopId, title: visible.value.shop.name }, orders, canExport });
};

export const loadTimeline: Loader<'timeline'> = async (reads, at, { orderId }) => {
  const order = await reads.orders.order(orderId);
  const { actor } = at;
  if (!order || !actor || !may(actor, 'order.see', order)) return fail('not_found');
  const inShop = actor.shops[order.shopId] !== undefined;
  const steward = actor.role !== 'member';
  const entries = (await reads.orders.timeline(orderId)).filter(
    ({ audience }) => audience === 'everybody' || steward || (audience === 'shop' && inShop),
  );
  return ok({ orderId, code: order.code, entries, asSeller: inShop && order.buyerId !== actor.personId });
};
