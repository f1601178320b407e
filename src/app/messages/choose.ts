import { fail, ok } from '../../domain/faults.ts';
import { aboutFor } from './about.ts';
import type { Loader } from './loader.ts';
import { productData } from './product-data.ts';
import { visibleProduct } from './rights.ts';

/** The choices behind a card's Buy, with each price in the viewer's currency where there is one. */
export const loadChoose: Loader<'choose'> = async (reads, at, { listingId }) => {
  const listing = await reads.catalog.listing(listingId);
  if (!listing) return fail('not_found');
  const found = await visibleProduct(reads, at, listing.productId, 'product.buy');
  if (!found.ok) return found;
  const listed = await reads.people.chat(listing.chatId);
  const to = { community: at.community, currency: at.person?.currency ?? null, platform: listed?.platform };
  const product = await productData(reads, found.value.product, to);
  if (!product) return fail('not_found');
  return ok({ listingId, product, about: product.variants.map((variant) => aboutFor(at, variant.price)) });
};
