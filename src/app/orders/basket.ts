/** The basket is the order while it is `draft`: several cards of one shop, one bill. */
import { may } from '../../domain/policy.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import { isQuantity } from './buy.ts';
import { won } from '../commit.ts';
import { type Circumstances, refuse, show, type UseCase } from '../deps.ts';
import { chosenOf } from './draw-up.ts';
import { placeOrder } from './place-order.ts';

const LINES_MAX = 20;

export const addToBasket: UseCase<'basket_add'> = async (tx, at, { productId, variantId, quantity }) => {
  const units = quantity ?? 1;
  if (!isQuantity(units)) return refuse('quantity_invalid', { max: 999 });
  const product = await tx.catalog.product(productId);
  if (!product || product.state !== 'on_sale' || !may(at.actor, 'product.buy', product))
    return refuse('product_gone', { title: product?.title ?? '' });
  const variants = await tx.catalog.variants(productId);
  const [listing] = await tx.catalog.listings(productId);
  if (variantId === undefined && variants.length > 1 && listing) return show({ name: 'choose', listingId: listing.id });
  const variant = variantId === undefined ? variants[0] : variants.find((one) => one.id === variantId);
  if (!variant) return refuse('product_gone', { title: product.title });

  const basket =
    (await tx.orders.basket(at.actor.personId, product.shopId)) ?? (await openBasket(tx, at, product.shopId));
  const lines = await tx.orders.lines(basket.id);
  const known = lines.find((line) => line.variantId === variant.id);
  if (!known && lines.length >= LINES_MAX) return refuse('options_too_many', { max: LINES_MAX });
  const wanted = (known?.quantity ?? 0) + units;
  if (!isQuantity(wanted)) return refuse('quantity_invalid', { max: 999 });
  await tx.orders.setLine({
    id: known?.id ?? at.deps.ids.next(),
    orderId: basket.id,
    position: known?.position ?? lines.length,
    productId,
    variantId: variant.id,
    quantity: wanted,
    total: 0,
    refundedQuantity: 0,
  });
  won(await tx.orders.moveOrder(basket, 'draft'), `basket ${basket.id}`);
  return show({ name: 'basket' });
};

async function openBasket(tx: Tx, at: Circumstances, shopId: string): Promise<Order> {
  const basket: Order = {
    id: at.deps.ids.next(),
    code: at.deps.ids.humanCode(),
    communityId: at.community.id,
    shopId,
    buyerId: at.actor.personId,
    state: 'draft',
    currency: at.community.currency,
    total: 0,
    quote: null,
    quoteHash: null,
    deliveryMethod: null,
    listingId: null,
    payToken: at.deps.ids.token(),
    expiresAt: null,
    version: 1,
    createdAt: at.now,
    placedAt: null,
    paidAt: null,
    fulfilledAt: null,
    closedAt: null,
  };
  won(await tx.orders.insertOrder(basket), `basket of ${at.actor.personId}`);
  return basket;
}

/** Quantity 0 takes the line out. */
export const setBasket: UseCase<'basket_set'> = async (tx, at, { orderId, variantId, quantity }) => {
  if (quantity !== 0 && !isQuantity(quantity)) return refuse('quantity_invalid', { max: 999 });
  const basket = await tx.orders.order(orderId);
  if (!basket || !may(at.actor, 'order.pay', basket)) return refuse('not_found');
  if (basket.state !== 'draft') return show({ name: 'order', orderId });
  const line = (await tx.orders.lines(orderId)).find((one) => one.variantId === variantId);
  if (!line) return show({ name: 'basket' });
  await tx.orders.setLine({ ...line, quantity });
  won(await tx.orders.moveOrder(basket, 'draft'), `basket ${orderId}`);
  return show({ name: 'basket' });
};

export const checkOutBasket: UseCase<'basket_checkout'> = async (tx, at, { orderId }) => {
  await tx.people.takePerson(at.actor.personId);
  const basket = await tx.orders.order(orderId);
  if (!basket || !may(at.actor, 'order.pay', basket)) return refuse('not_found');
  if (basket.state !== 'draft') return show({ name: 'order', orderId });
  const lines = await tx.orders.lines(orderId);
  if (lines.length === 0) return refuse('basket_empty');
  const chosen = await chosenOf(tx, lines);
  const placed = await placeOrder(tx, at, chosen, { basket, lines });
  return placed.ok ? show({ name: 'order', orderId }) : placed;
};
