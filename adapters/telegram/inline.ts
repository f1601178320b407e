/**
 * "@bot mango" in any chat: the open products of the markets that this person has been in. The card that is chosen stands in a chat
 * that we are not in, so that its buttons are links; it is edited like every other copy.
 */
import type { ChosenInlineResult, InlineKeyboardButton, InlineQuery, InlineQueryResultArticle } from 'grammy/types';
import type { Log } from '../../src/ports/runtime.ts';
import type { Reads } from '../../src/ports/store.ts';
import type { Product } from '../../src/ports/store/catalog.ts';
import type { Words } from '../../src/ports/words.ts';
import { priceText } from '../../src/view/product-facts.ts';
import { draw } from '../../src/view/draw.ts';
import type { View } from '../../src/view/view.ts';
import type { TelegramApi } from './api.ts';
import { PLATFORM, type TelegramAdapterOptions } from './options.ts';
import type { People } from './people.ts';
import { productIn, productOf, productStart, productUrl } from './product-link.ts';
import { drawScreen } from './render/screen.ts';

/** Telegram asks again after so long; a card shows the newest state when it is sent. */
const CACHE_S = 10;
const RESULTS_MAX = 20;
const PRODUCTS_MAX = 200;
const MARKETS_MAX = 5;

type Options = Pick<TelegramAdapterOptions, 'core' | 'store' | 'words' | 'handleKey'> & {
  readonly api: TelegramApi;
  readonly people: Pick<People, 'wordsFor' | 'inCommunity'>;
  readonly log: Log;
  readonly username: string;
};

export type Inline = {
  onQuery(query: InlineQuery): Promise<void>;
  onChosen(result: ChosenInlineResult): Promise<void>;
};

/** What a card in a chat of others shows: text, and buttons that lead to us. */
export type InlineCard = { readonly html: string; readonly keyboard: InlineKeyboardButton[][] };

export function createInline(options: Options): Inline {
  const { core, store, api, people, words, log, username } = options;
  return {
    async onQuery({ id, from, query }) {
      const { t } = people.wordsFor(from);
      const found = await store.read((reads) => findProducts(reads, String(from.id), query));
      const results: InlineQueryResultArticle[] = [];
      for (const { product, listingId, locale, timeZone } of found) {
        const result = await resultOf(options, { product, listingId, words: words(locale, timeZone) });
        if (result) results.push(result);
      }
      await api.answerInlineQuery(id, results, {
        cache_time: CACHE_S,
        is_personal: true,
        button: { text: t('bot.inline_open'), start_parameter: 'menu' },
      });
    },
    /** Where Telegram tells it: @BotFather, /setinlinefeedback. Without it the card stays as it was sent. */
    async onChosen({ result_id: start, from, inline_message_id: place }) {
      const productId = productIn(start);
      const product = productId === undefined ? undefined : await productOf(store, productId);
      if (!product || place === undefined) return;
      const { communityId, personId } = await people.inCommunity(from, product.communityId, 'group');
      const intent = {
        kind: 'card_placed',
        productId: product.id,
        platform: PLATFORM,
        place: inlineChat(place),
      } as const;
      const placed = await core.handle({
        key: `telegram.inline:${place}`,
        communityId,
        personId,
        chatId: null,
        intent,
      });
      if (!placed.ok) log.info({ code: placed.fault.code }, 'an inline card is not followed');
    },
  };

  async function resultOf(
    { handleKey }: Options,
    { product, listingId, words: said }: { product: Product; listingId: string; words: Words },
  ): Promise<InlineQueryResultArticle | undefined> {
    const message = { name: 'card', listingId } as const;
    const loaded = await core.load(message, null);
    if (!loaded.ok) return undefined;
    const view = draw(message, loaded.value, said);
    const { screen } = drawScreen(withoutPicture(view), {
      chatId: null,
      personId: null,
      key: handleKey,
      message,
      words: said,
    });
    const card = inlineCard(screen, { productId: product.id, username, words: said });
    return {
      ...{ type: 'article', id: productStart(product.id), title: product.title },
      description: priceText(loaded.value.product, said),
      input_message_content: {
        message_text: card.html,
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
      },
      reply_markup: { inline_keyboard: card.keyboard },
    };
  }
}

/** Telegram takes no upload for an inline message: its card is text. */
export function withoutPicture({ title, badge, body, actions, tone }: View): View {
  return { ...(title === undefined ? {} : { title }), ...(badge ? { badge } : {}), body, actions, tone };
}

/** The name of the "chat" that an inline message is to us: one card stands in it. */
const INLINE = 'inline:';
const inlineChat = (inlineMessageId: string): string => `${INLINE}${inlineMessageId}`;
export const inlineMessageOf = (chat: string): string | undefined =>
  chat.startsWith(INLINE) ? chat.slice(INLINE.length) : undefined;

/** Only links work where the bot is not: the way to the product comes first. */
export function inlineCard(
  screen: { readonly html: string; readonly keyboard: readonly (readonly InlineKeyboardButton[])[] },
  { productId, username, words }: { productId: string; username: string; words: Words },
): InlineCard {
  const links = screen.keyboard.map((row) => row.filter((button) => 'url' in button)).filter((row) => row.length > 0);
  const open = { text: words.t('card.open'), url: productUrl(username, productId), style: 'primary' as const };
  return { html: screen.html, keyboard: [[open], ...links] };
}

type Found = {
  readonly product: Product;
  readonly listingId: string;
  readonly locale: string;
  readonly timeZone: string;
};

/** By every word of the query in the title, as this person's markets have it on sale in Telegram. */
async function findProducts(reads: Reads, userId: string, query: string): Promise<Found[]> {
  const personId = await reads.people.personByIdentity(PLATFORM, userId);
  if (personId === undefined) return [];
  const wanted = query
    .normalize('NFC')
    .toLocaleLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  const fits = ({ title }: Product) => wanted.every((word) => title.toLocaleLowerCase().includes(word));
  const found: Found[] = [];
  for (const communityId of (await reads.platforms.communitiesOf(personId)).slice(0, MARKETS_MAX)) {
    const community = await reads.people.community(communityId);
    if (!community || community.frozen) continue;
    const products = await reads.catalog.products({ communityId, states: ['on_sale'], limit: PRODUCTS_MAX });
    for (const product of products.filter(fits)) {
      const listingId = await cardOf(reads, product.id);
      const { locale, timeZone } = community;
      if (listingId !== undefined) found.push({ product, listingId, locale, timeZone });
      if (found.length === RESULTS_MAX) return found;
    }
  }
  return found;
}

/** A card of the product that stands in a chat of ours here. */
export async function cardOf(reads: Reads, productId: string): Promise<string | undefined> {
  for (const listing of await reads.catalog.listings(productId)) {
    const chat = listing.state === 'live' ? await reads.people.chat(listing.chatId) : undefined;
    if (chat?.platform === PLATFORM && inlineMessageOf(chat.platformChatId) === undefined) return listing.id;
  }
  return undefined;
}
