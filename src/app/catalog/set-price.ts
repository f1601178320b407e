import { audit } from '../audit.ts';
import { chargeObjection } from './chargeable-price.ts';
import { variantToEdit } from './catalog-access.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { amountsField } from './fields.ts';
import { chatsOf, platformPriceObjection } from './platform-price.ts';
import { refreshCards } from '../tell.ts';

/** A seller changes what one variant costs, in the community's currency or in those named; other prices stay. */
export const setPrice: UseCase<'set_price'> = async (tx, at, { variantId, price }) => {
  const found = await variantToEdit(tx, at, variantId);
  if (!found.ok) return found;
  const { product, variant } = found.value;
  const amounts = amountsField('price', price, at.community.currency);
  if (!amounts.ok) return amounts;
  if (amounts.value.length === 0) return refuse('amount_empty', { field: 'price' });

  const changes = Object.fromEntries(amounts.value.map((one) => [one.currency, one.amount]));
  const prices = { ...variant.prices, ...changes };
  const goods = { shopId: product.shopId, kind: product.kind, title: product.title, prices: [prices] };
  const unpriced = await platformPriceObjection(tx, at.deps, goods, await chatsOf(tx, product.id));
  if (unpriced) return { ok: false, fault: unpriced };
  const uncharged = await chargeObjection(tx, at, { shopId: product.shopId, kind: product.kind, prices: changes });
  if (uncharged) return { ok: false, fault: { ...uncharged, params: { ...uncharged.params, field: 'price' } } };
  await tx.catalog.setPrices(variantId, prices);
  await refreshCards(tx, at, product.id);
  await audit(tx, at, 'product.set_price', variantId, { from: variant.prices, changes });
  return show({ name: 'edit_product', productId: product.id });
};
