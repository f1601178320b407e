import { fail, ok } from '../../domain/faults.ts';
import type { Loader } from './loader.ts';
import { lowestPrice, productsData } from './product-data.ts';

/** Products on the list; more are found by looking through the market. */
const SHOWN_MAX = 30;

/** Drawn for everybody in the chat: what is on sale there, the newest first. */
export const loadIndex: Loader<'index'> = async (reads, at, { chatId }) => {
  const chat = await reads.people.chat(chatId);
  if (!chat || chat.communityId !== at.community.id) return fail('not_found');
  const listed = await reads.selling.onSaleIn(chatId, SHOWN_MAX + 1);
  const shown = listed.slice(0, SHOWN_MAX);
  const rows = await reads.catalog.productsById(shown.map((one) => one.productId));
  const to = { community: at.community, currency: null, platform: chat.platform };
  const products = new Map((await productsData(reads, rows, to)).map((product) => [product.id, product]));
  return ok({
    chatId,
    community: at.community.name,
    products: shown.flatMap(({ listingId, productId }) => {
      const product = products.get(productId);
      if (product?.shop.state !== 'approved') return [];
      const { title, soldOut, variants } = product;
      const price = lowestPrice(product);
      const several = new Set(variants.map((one) => one.price?.amount)).size > 1;
      return [{ listingId, title, price, isFrom: several, soldOut }];
    }),
    isCut: listed.length > shown.length,
  });
};
