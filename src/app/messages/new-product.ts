import { ok } from '../../domain/faults.ts';
import { offersCardInvoices } from '../money/card-terms.ts';
import type { Loader } from './loader.ts';
import { shopRef, visibleShop } from './rights.ts';

/** What the form of a new product needs to know. The chat it was asked for in is chosen beforehand. */
export const loadNewProduct: Loader<'new_product'> = async (reads, at, { shopId, productKind, chatId }) => {
  const found = await visibleShop(reads, at, shopId, 'product.post');
  if (!found.ok) return found;
  const chats = (await reads.people.chats(at.community.id)).map((chat) => ({ id: chat.id, title: chat.title }));
  const originChatId = chats.some((chat) => chat.id === chatId) ? chatId : null;
  const quickPay = await offersCardInvoices(reads, at, productKind);
  const { currency } = at.community;
  return ok({ shop: shopRef(found.value.shop), productKind, chats, currency, originChatId, quickPay });
};
