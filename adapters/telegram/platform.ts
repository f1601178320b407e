/** Telegram as the outbox sees it: cards in groups, panels in private chats, at the pace that Telegram allows. */
import type { ChatPlatform, Sent } from '../../src/ports/chat.ts';
import type { Message } from '../../src/ports/messages.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Chat } from '../../src/ports/store/people.ts';
import type { View } from '../../src/view/view.ts';
import { sentOf, type TelegramApi, type Trouble, troubleOf } from './api.ts';
import { inlineCard, inlineMessageOf, withoutPicture } from './inline.ts';
import type { Messenger, Place } from './messenger.ts';
import { PLATFORM, type TelegramAdapterOptions } from './options.ts';
import type { Pace } from './pace.ts';
import type { Panels } from './panels.ts';
import { drawScreen, type Screen } from './render/screen.ts';
import { targetOf } from './topics.ts';

/** After a chat got another name the listing is sent again at once. */
const MOVED_MS = 50;

type Options = Pick<TelegramAdapterOptions, 'core' | 'store' | 'handleKey' | 'words'> & {
  readonly messenger: Messenger;
  readonly panels: Panels;
  readonly pace: Pace;
  readonly api: TelegramApi;
  /** Without the @. */
  readonly username: string;
  readonly moved: (from: string, to: string) => Promise<void>;
};

type Card = { readonly chat: Chat; readonly locale: string; readonly message: Message; readonly view: View };

export function createPlatform(options: Options): ChatPlatform<View> {
  const { core, store, messenger, panels, pace, words } = options;

  /** Public buttons are anybody's, in this chat. */
  const screenOf = async ({ chat, locale, message, view }: Card) => {
    const place = { chatId: chat.id, personId: null, key: options.handleKey };
    const { screen, drawn } = drawScreen(view, { ...place, message, words: words(locale, 'UTC') });
    if (drawn.length > 0) await core.drawHandles(drawn);
    return screen;
  };
  const after = async (trouble: Exclude<Trouble, { kind: 'same' }>, chat: Chat): Promise<Sent> => {
    const { chat: id } = targetOf(chat.platformChatId);
    if (trouble.kind === 'later') pace.rest(id, trouble.afterMs);
    if (trouble.kind === 'moved') {
      await options.moved(id, trouble.to);
      return { outcome: 'later', afterMs: MOVED_MS };
    }
    return sentOf(trouble, 'group');
  };
  const editInline = inlineEdits(options, screenOf, after);
  return {
    platform: PLATFORM,
    can: { ephemeral: true, edit: true, forms: false, privateFirst: false },
    async post(card) {
      const { chat, topic } = targetOf(card.chat.platformChatId);
      const afterMs = pace.ask(chat);
      if (afterMs > 0) return { outcome: 'later', afterMs };
      const screen = await screenOf(card);
      try {
        const { message_id: message } = await messenger.send(chat, screen, { topic });
        return { outcome: 'sent', ref: refOf({ chat, message, photo: screen.photo }) };
      } catch (error) {
        const trouble = troubleOf(error, 'send');
        return trouble.kind === 'same' ? { outcome: 'unknown' } : after(trouble, card.chat);
      }
    },
    async edit(card) {
      const inline = inlineMessageOf(card.chat.platformChatId);
      if (inline !== undefined) return editInline(card, inline);
      const { chat, topic } = targetOf(card.chat.platformChatId);
      const place = placeOf(chat, card.ref);
      if (!place || !(await isOurs(store, card.chat))) return { outcome: 'gone' };
      const afterMs = pace.ask(place.chat);
      if (afterMs > 0) return { outcome: 'later', afterMs };
      const screen = await screenOf(card);
      try {
        const edited = await messenger.edit(place, screen);
        if (edited) return { outcome: 'sent', ref: refOf(edited) };
        const { message_id: message } = await messenger.send(place.chat, screen, { topic });
        await messenger.remove(place);
        return { outcome: 'sent', ref: refOf({ ...place, message, photo: screen.photo }) };
      } catch (error) {
        const trouble = troubleOf(error, 'edit');
        return trouble.kind === 'same' ? { outcome: 'sent', ref: card.ref } : after(trouble, card.chat);
      }
    },
    pin: ({ chat, ref }) => pinAt(messenger, chat, ref),
    async panel(to) {
      const address = await store.read((reads) => reads.platforms.address(to.personId, PLATFORM));
      // Its sending counts itself, as an answer does.
      const afterMs = address ? pace.look(address.userId) : 0;
      if (afterMs > 0) return { outcome: 'later', afterMs };
      const sent = await panels.put(to);
      if (address && sent.outcome === 'later') pace.rest(address.userId, sent.afterMs);
      if (address?.open && sent.outcome === 'closed') {
        await closeTo(store, to.personId);
      }
      return sent;
    },
  };
}

async function pinAt(messenger: Messenger, { platformChatId }: Chat, ref: string): Promise<void> {
  const place = placeOf(targetOf(platformChatId).chat, ref);
  if (place) await messenger.pin(place);
}

type Stopped = Exclude<Trouble, { kind: 'same' }>;

/** Nobody is in that chat but a message: it is found by its own name. */
function inlineEdits(
  { store, api, username, words }: Options,
  screenOf: (card: Card) => Promise<Screen>,
  after: (trouble: Stopped, chat: Chat) => Promise<Sent>,
) {
  const look = { parse_mode: 'HTML', link_preview_options: { is_disabled: true } } as const;
  return async (card: Card & { readonly ref: string }, inlineMessage: string): Promise<Sent> => {
    const listing = card.message.name === 'card' ? card.message.listingId : '';
    const productId = await store.read(async (reads) => (await reads.catalog.listing(listing))?.productId);
    if (productId === undefined) return { outcome: 'gone' };
    const screen = await screenOf({ ...card, view: withoutPicture(card.view) });
    const { html, keyboard } = inlineCard(screen, { productId, username, words: words(card.locale, 'UTC') });
    try {
      await api.editMessageTextInline(inlineMessage, html, { ...look, reply_markup: { inline_keyboard: keyboard } });
      return { outcome: 'sent', ref: card.ref };
    } catch (error) {
      const trouble = troubleOf(error, 'edit');
      return trouble.kind === 'same' ? { outcome: 'sent', ref: card.ref } : after(trouble, card.chat);
    }
  };
}

/** Nothing more is written to them until they come to us. */
async function closeTo(store: Store, personId: string): Promise<void> {
  await store.transact(null, async (tx) => {
    await tx.platforms.setOpen(personId, PLATFORM, false);
    return null;
  });
}

async function isOurs(store: Store, chat: Chat): Promise<boolean> {
  const known = await store.read((reads) => reads.people.chat(chat.id));
  return known?.platform === PLATFORM;
}

/** "12" is a message of text, "12:<digest>" one that shows this picture. */
const refOf = ({ message, photo }: Place): string => (photo === null ? String(message) : `${message}:${photo}`);

function placeOf(chat: string, ref: string): Place | undefined {
  const [, message, photo] = /^(\d{1,15})(?::([\w-]+))?$/.exec(ref) ?? [];
  return message === undefined ? undefined : { chat, message: Number(message), photo: photo ?? null };
}
