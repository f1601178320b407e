import { fail, ok } from '../../domain/faults.ts';
import type { Loader } from './loader.ts';
import { productData } from './product-data.ts';

/** Drawn for everybody in the chat: no viewer, no viewer's currency. */
export const loadCard: Loader<'card'> = async (reads, at, { listingId }) => {
  const listing = await reads.catalog.listing(listingId);
  const product = listing && (await reads.catalog.product(listing.productId));
  if (!product || product.communityId !== at.community.id) return fail('not_found');
  const platform = (await reads.people.chat(listing.chatId))?.platform;
  const data = await productData(reads, product, { community: at.community, currency: null, platform });
  return data ? ok({ listingId, product: data }) : fail('not_found');
};
