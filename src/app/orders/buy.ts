/** Buy on a card: one tap to a bill with its stock kept. A second tap re-opens the same bill. Never touches the basket. */
import { may } from '../../domain/policy.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { placeOrder } from './place-order.ts';

const QUANTITY_MAX = 999;

export const isQuantity = (quantity: number): boolean =>
  Number.isSafeInteger(quantity) && quantity >= 1 && quantity <= QUANTITY_MAX;

export const buy: UseCase<'buy'> = async (tx, at, { listingId, variantId, quantity }) => {
  if (!isQuantity(quantity ?? 1)) return refuse('quantity_invalid', { max: QUANTITY_MAX });
  const listing = await tx.catalog.listing(listingId);
  const product = listing && (await tx.catalog.product(listing.productId));
  if (!product || !may(at.actor, 'product.buy', product)) return refuse('product_gone', { title: '' });

  await tx.people.takePerson(at.actor.personId);
  const open = await tx.orders.openOrderFor(at.actor.personId, listingId);
  if (open && (open.expiresAt === null || open.expiresAt > at.now)) {
    const [line] = await tx.orders.lines(open.id);
    if (variantId === undefined || line?.variantId === variantId) return show({ name: 'order', orderId: open.id });
  }
  const variants = await tx.catalog.variants(product.id);
  if (variantId === undefined && variants.length > 1) return show({ name: 'choose', listingId });
  const variant = variantId === undefined ? variants[0] : variants.find((one) => one.id === variantId);
  if (!variant) return refuse('product_gone', { title: product.title });

  const placed = await placeOrder(tx, at, [{ product, variant, quantity: quantity ?? 1 }], { listingId });
  return placed.ok ? show({ name: 'order', orderId: placed.value.id }) : placed;
};
