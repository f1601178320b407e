import { fail, ok } from '../../domain/faults.ts';
import { offersCardInvoices } from '../money/card-terms.ts';
import type { Loader } from './loader.ts';
import { productData } from './product-data.ts';
import { visibleProduct } from './rights.ts';

/** Everything a seller may change of a product, what it hands over included. */
export const loadEditProduct: Loader<'edit_product'> = async (reads, at, { productId }) => {
  const found = await visibleProduct(reads, at, productId, 'product.edit');
  if (!found.ok) return found;
  const { product: row } = found.value;
  const product = await productData(reads, row, { community: at.community, currency: null });
  if (!product) return fail('not_found');
  const listings = await reads.catalog.listings(productId);
  const listed = new Set(
    // A card of which nobody knows whether it appeared may be posted again, like one that is gone.
    listings.filter(({ state }) => state === 'posting' || state === 'live').map((listing) => listing.chatId),
  );
  const chats = await reads.people.chats(at.community.id);
  const reposts = new Map<string, number>();
  for (const { id, chatId, state } of listings) {
    if (state === 'live') reposts.set(chatId, (await reads.selling.repost(id))?.times ?? 0);
  }
  return ok({
    product,
    digitalText: row.digital === 'text' ? await reads.catalog.digitalText(productId) : '',
    serviceNote: row.serviceNote,
    freeCodes: row.digital === 'codes' ? await reads.catalog.freeCodes(productId) : null,
    chats: chats.map(({ id, title }) => ({ id, title, listed: listed.has(id), reposts: reposts.get(id) ?? null })),
    currency: at.community.currency,
    quickPay: (await offersCardInvoices(reads, at, row.kind)) ? row.quickPay : null,
  });
};
