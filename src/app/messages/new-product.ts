import { ok } from '../../domain/faults.ts';
import { offersCardInvoices } from '../money/card-terms.ts';
import type { MessageData } from '../../ports/messages.ts';
import type { Reads } from '../../ports/store.ts';
import type { LoadContext, Loader } from './loader.ts';
import { productData } from './product-data.ts';
import { shopRef, visibleProduct, visibleShop } from './rights.ts';

/** What the form of a new product needs to know. The chat it was asked for in is chosen beforehand. */
export const loadNewProduct: Loader<'new_product'> = async (reads, at, { shopId, productKind, chatId, like }) => {
  const found = await visibleShop(reads, at, shopId, 'product.post');
  if (!found.ok) return found;
  const chats = (await reads.people.chats(at.community.id)).map((chat) => ({ id: chat.id, title: chat.title }));
  const originChatId = chats.some((chat) => chat.id === chatId) ? chatId : null;
  const quickPay = await offersCardInvoices(reads, at, productKind);
  const { currency } = at.community;
  const shop = shopRef(found.value.shop);
  const known = like === undefined ? null : await likeOf(reads, at, { productId: like, shopId });
  return ok({ shop, productKind, chats, currency, originChatId, quickPay, like: known });
};

/** An earlier product of the same shop, as its form told it. Null when it is none, or gone for good. */
async function likeOf(
  reads: Reads,
  at: LoadContext,
  { productId, shopId }: { productId: string; shopId: string },
): Promise<MessageData['new_product']['like']> {
  const found = await visibleProduct(reads, at, productId, 'product.edit');
  if (!found.ok || found.value.product.shopId !== shopId) return null;
  const { product: row } = found.value;
  const product = await productData(reads, row, { community: at.community, currency: null });
  if (!product) return null;
  const digitalText = row.digital === 'text' ? await reads.catalog.digitalText(productId) : '';
  return { product, digitalText, serviceNote: row.serviceNote };
}
