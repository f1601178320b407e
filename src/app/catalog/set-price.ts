import { audit } from '../audit.ts';
import { variantToEdit } from './catalog-access.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { amountsField } from './fields.ts';
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
  await tx.catalog.setPrices(variantId, { ...variant.prices, ...changes });
  await refreshCards(tx, at, product.id);
  await audit(tx, at, 'product.set_price', variantId, { from: variant.prices, changes });
  return show({ name: 'edit_product', productId: product.id });
};
