import { audit } from '../audit.ts';
import { shopFor } from '../catalog/catalog-access.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { notifyShop, refreshCards } from '../tell.ts';

const PRODUCTS_MAX = 1000;

/** A steward stops everything a shop sells, in every chat at once, or lets it go on. */
export const freezeShop: UseCase<'freeze_shop'> = async (tx, at, { shopId, frozen }) => {
  const found = await shopFor(tx, at, shopId, 'shop.approve');
  if (!found.ok) return found;
  const { communityId, state } = found.value;
  if (state === 'applied' || state === 'rejected') return refuse('shop_not_approved');
  const shown = { communityId, shopId, states: ['on_sale', 'paused', 'frozen'], limit: PRODUCTS_MAX } as const;
  const products = await tx.catalog.products(shown);

  const [from, to] = frozen ? (['approved', 'frozen'] as const) : (['frozen', 'approved'] as const);
  if (await tx.people.moveShop(shopId, [from], to)) {
    for (const product of products) await refreshCards(tx, at, product.id);
    await audit(tx, at, frozen ? 'shop.freeze' : 'shop.unfreeze', shopId);
    const notice = { kind: frozen ? 'shop_frozen' : 'shop_approved', objectId: shopId, params: { n: at.now } } as const;
    await notifyShop(tx, at, { shopId, communityId }, notice);
  }
  return show({ name: 'admin' });
};
