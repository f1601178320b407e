import type { Reads } from '../../ports/store.ts';
import { audit } from '../audit.ts';
import { productFor } from './catalog-access.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { notifyShop, refreshCards } from '../tell.ts';

const DEED = 'product.freeze';

/** A steward stops a product in every chat at once, or lets it go on as it was before. */
export const freezeProduct: UseCase<'freeze_product'> = async (tx, at, { productId, frozen }) => {
  const found = await productFor(tx, at, productId, 'product.freeze');
  if (!found.ok) return found;
  const product = found.value;
  if (product.state === 'withdrawn') return refuse('product_gone');
  const to = frozen ? 'frozen' : await stateBefore(tx, productId);

  const moved = await tx.catalog.moveProduct(productId, frozen ? ['on_sale', 'paused'] : ['frozen'], to);
  if (moved) {
    await refreshCards(tx, at, productId);
    await audit(tx, at, frozen ? DEED : 'product.unfreeze', productId, { was: product.state });
    const notice = { kind: 'product_frozen', objectId: productId, params: { n: at.now } } as const;
    if (frozen) await notifyShop(tx, at, { shopId: product.shopId, communityId: product.communityId }, notice);
  }
  return show({ name: 'admin' });
};

/** A product that its seller had paused does not go on sale by a steward's hand. */
async function stateBefore(reads: Reads, productId: string): Promise<'on_sale' | 'paused'> {
  const freezes = (await reads.audit.auditOf(productId)).filter((entry) => entry.deed === DEED);
  const last = freezes.toSorted((a, b) => a.at - b.at).at(-1);
  return last?.params['was'] === 'paused' ? 'paused' : 'on_sale';
}
