import type { Tx } from '../../ports/store.ts';
import { audit } from '../audit.ts';
import { productToEdit } from './catalog-access.ts';
import { won } from '../commit.ts';
import { refuse, show, type Circumstances, type UseCase } from '../deps.ts';
import { parseCodes } from './product-form.ts';
import { refreshCards } from '../tell.ts';

/** A seller puts further single-use codes on sale; each is one unit of stock. */
export const addCodes: UseCase<'add_codes'> = async (tx, at, { productId, codes }) => {
  const product = await productToEdit(tx, at, productId);
  if (!product.ok) return product;
  if (product.value.digital !== 'codes') return refuse('input_invalid', { field: 'codes' });
  const parsed = parseCodes('codes', codes);
  if (!parsed.ok) return parsed;
  if (parsed.value.length === 0) return refuse('codes_missing', { field: 'codes' });

  const added = await addStockOfCodes(tx, at, { productId, codes: parsed.value });
  await refreshCards(tx, at, productId);
  await audit(tx, at, 'product.add_codes', productId, { added });
  return show({ name: 'edit_product', productId });
};

/** Codes that the product has already are skipped; answers how many were new. */
export async function addStockOfCodes(
  tx: Tx,
  at: Pick<Circumstances, 'now'>,
  goods: { productId: string; codes: readonly string[] },
): Promise<number> {
  const added = await tx.catalog.addCodes(goods.productId, goods.codes, at.now);
  const [variant] = await tx.catalog.variants(goods.productId);
  if (!variant) throw new Error(`Product ${goods.productId} has no variant: every product is written with one.`);
  if (added === 0) return added;
  const set = await tx.catalog.setOnHand(variant.id, (variant.onHand ?? 0) + added, at.now, 'codes_added');
  won(set, `stock of ${variant.id}`);
  // The row is ours now. A sale between the reading and the writing would have been overwritten: then it is all done again.
  const written = await tx.catalog.variant(variant.id);
  won(written?.sold === variant.sold, `sales of ${variant.id}`);
  return added;
}
