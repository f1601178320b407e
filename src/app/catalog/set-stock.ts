import { audit } from '../audit.ts';
import { variantToEdit } from './catalog-access.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { countField } from './fields.ts';
import { STOCK_MAX } from './product-form.ts';
import { refreshCards } from '../tell.ts';

/** A seller tells how many units are in hand; nothing typed is unlimited. Units kept for open orders cannot be taken away. */
export const setStock: UseCase<'set_stock'> = async (tx, at, { variantId, stock }) => {
  const found = await variantToEdit(tx, at, variantId);
  if (!found.ok) return found;
  const { product, variant } = found.value;
  // Codes are counted, not told: more of them come by adding codes.
  if (product.digital === 'codes') return refuse('input_invalid', { field: 'stock' });
  const units = countField('stock', stock, { min: 0, max: STOCK_MAX });
  if (!units.ok) return units;
  const below = { field: 'stock', held: variant.held };
  if (units.value !== null && units.value < variant.held) return refuse('stock_below_held', below);

  const set = await tx.catalog.setOnHand(variantId, units.value, at.now, 'set_by_seller');
  if (!set) return refuse('stock_below_held', below);
  await refreshCards(tx, at, product.id);
  await audit(tx, at, 'product.set_stock', variantId, { from: variant.onHand, to: units.value });
  return show({ name: 'edit_product', productId: product.id });
};
