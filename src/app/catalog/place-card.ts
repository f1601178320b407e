import { productFor } from './catalog-access.ts';
import { show, type UseCase } from '../deps.ts';
import { refreshCards } from '../tell.ts';

/** Cards of one product that members have sent into chats of others; more are sent, and not followed. */
const PLACED_MAX = 100;

/**
 * A member has sent a product's card into a chat that is not ours. To us that message is a chat of its own, where nothing else is
 * ever posted: the card in it follows the product like every other copy.
 */
export const placeCard: UseCase<'card_placed'> = async (tx, at, { productId, platform, place }) => {
  const product = await productFor(tx, at, productId, 'market.see');
  if (!product.ok) return product;
  if ((await tx.catalog.listings(productId)).length >= PLACED_MAX) return show(null);
  const { ids } = at.deps;
  const chat = { id: ids.next(), communityId: at.community.id, platform, platformChatId: place, title: '' };
  await tx.people.insertChat(chat);
  const known = await tx.people.chatByPlatform(platform, place);
  if (known?.id !== chat.id) return show(null);
  await tx.platforms.putChatPlace({ chatId: chat.id, present: false, rights: '{}', updatedAt: at.now });
  const card = {
    id: ids.next(),
    productId,
    chatId: chat.id,
    state: 'live',
    messageRef: '0',
    createdAt: at.now,
  } as const;
  await tx.catalog.insertListing(card);
  await refreshCards(tx, at, productId);
  return show(null);
};
