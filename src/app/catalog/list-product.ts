import { postCard } from './add-product.ts';
import { audit } from '../audit.ts';
import { productToEdit, whyShopIsClosed } from './catalog-access.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { platformPriceObjection } from './platform-price.ts';
import { refreshCards, send } from '../tell.ts';

/**
 * A further card of a product in another chat. A card that is gone, or of which nobody knows whether it appeared, is posted again
 * on the seller's word; a standing one stays the only one.
 */
export const listProduct: UseCase<'list_product'> = async (tx, at, { productId, chatId }) => {
  const product = await productToEdit(tx, at, productId);
  if (!product.ok) return product;
  if (product.value.state === 'frozen') return refuse('product_frozen');
  const shop = await tx.people.shop(product.value.shopId);
  const closed = whyShopIsClosed(shop?.state ?? 'rejected');
  if (closed) return refuse(closed);
  const chat = await tx.people.chat(chatId);
  if (!chat || chat.communityId !== at.community.id) return refuse('not_found');
  const { kind, title, shopId } = product.value;
  const prices = (await tx.catalog.variants(productId)).map((variant) => variant.prices);
  const unpriced = await platformPriceObjection(tx, at.deps, { shopId, kind, title, prices }, [chatId]);
  if (unpriced) return { ok: false, fault: unpriced };
  const standing = (await tx.catalog.listings(productId)).find((listing) => listing.chatId === chatId);

  if (standing?.state === 'removed' || standing?.state === 'unknown') {
    await tx.catalog.updateListing(standing.id, { state: 'posting' });
    await send(tx, at, `listing:${standing.id}`, { name: 'listing.post', listingId: standing.id });
  } else if (standing) {
    await refreshCards(tx, at, productId);
  } else {
    await postCard(tx, at, { productId, chatId });
  }
  await audit(tx, at, 'product.list', productId, { chatId });
  return show({ name: 'notice', kind: 'posted', objectId: productId });
};
