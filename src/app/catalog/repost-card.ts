/** A card that has gone far up its chat is posted again at the end. Its old message is greyed first: never two live ones. */
import { audit } from '../audit.ts';
import { won } from '../commit.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { send } from '../tell.ts';
import { productToEdit, whyShopIsClosed } from './catalog-access.ts';
import { listProduct } from './list-product.ts';

/** A chat is no place to shout. */
const EVERY_MS = 10 * 60 * 1000;

/** `times`: how often it had been posted again when the button was drawn, so that one press is one repost. */
export const repostCard: UseCase<'repost_card'> = async (tx, at, { productId, chatId, times }) => {
  const product = await productToEdit(tx, at, productId);
  if (!product.ok) return product;
  if (product.value.state === 'frozen') return refuse('product_frozen');
  const shop = await tx.people.shop(product.value.shopId);
  const closed = whyShopIsClosed(shop?.state ?? 'rejected');
  if (closed) return refuse(closed);
  const standing = (await tx.catalog.listings(productId)).find((listing) => listing.chatId === chatId);
  // What does not stand there is posted as any card that is not there.
  if (!standing || standing.state === 'removed' || standing.state === 'unknown')
    return listProduct(tx, at, { kind: 'list_product', productId, chatId });
  const before = await tx.selling.repost(standing.id);
  const done = show({ name: 'edit_product', productId });
  if ((before?.times ?? 0) !== times || standing.state !== 'live') return done;
  if (before && at.now - before.at < EVERY_MS) return refuse('too_fast');
  const next = { listingId: standing.id, times: times + 1, oldRef: standing.messageRef, at: at.now };
  won(await tx.selling.putRepost(next, times), `reposts of card ${standing.id}`);
  await tx.catalog.updateListing(standing.id, { state: 'posting' });
  await send(tx, at, `listing:${standing.id}`, { name: 'listing.post', listingId: standing.id });
  await audit(tx, at, 'product.repost', productId, { chatId });
  return done;
};
