/** Messages as Telegram has them: sent and edited as text or photo, in a chat or for one member's eyes in a group. */
import { InputFile } from 'grammy';
import type { EphemeralMessageParameters, InputMediaPhoto, Message, ReplyParameters } from 'grammy/types';
import type { Core } from '../../src/ports/core.ts';
import { chatIdOf, type TelegramApi, troubleOf } from './api.ts';
import type { Pace } from './pace.ts';
import { createPictures, type Pictures } from './pictures.ts';
import type { Screen } from './render/screen.ts';

/** A message that stands in a chat. `photo`: the digest it shows; null is a message of text. */
export type Place = { readonly chat: string; readonly message: number; readonly photo: string | null };
/** A message that one member sees in a group. */
export type Aside = Omit<Place, 'message'> & { readonly userId: number; readonly ephemeral: number };

export type SendOptions = {
  readonly quiet?: boolean;
  readonly topic?: number | undefined;
  readonly reply?: ReplyParameters | undefined;
  readonly aside?: EphemeralMessageParameters | undefined;
};

/** Every method throws what the Bot API answered; "not modified" is no trouble. */
export type Messenger = {
  send(chat: string, screen: Screen, options?: SendOptions): Promise<Message>;
  /** All of a text that is too long for a message, as a file of text. */
  sendFile(chat: string, file: { name: string; text: string }): Promise<Message>;
  /** A word with keys under the field for typing, which stay there. For private chats. */
  sendKeys(chat: string, html: string, rows: readonly (readonly string[])[]): Promise<Message>;
  /** Undefined: it cannot become this by editing, and stands as it was. */
  edit(place: Place, screen: Screen): Promise<Place | undefined>;
  editAside(aside: Aside, screen: Screen): Promise<Aside | undefined>;
  /** Takes the buttons away, as far as it is possible. */
  strip(place: Pick<Place, 'chat' | 'message'>): Promise<void>;
  /** Without a sound, and as far as it is allowed. */
  pin(place: Pick<Place, 'chat' | 'message'>): Promise<void>;
  /** As far as it is possible; what is gone is gone. */
  remove(place: Pick<Place, 'chat' | 'message'>): Promise<void>;
  removeAside(aside: Pick<Aside, 'chat' | 'userId' | 'ephemeral'>): Promise<void>;
};

const HTML = { parse_mode: 'HTML' } as const;
const TEXT = { ...HTML, link_preview_options: { is_disabled: true } } as const;

type Options = { readonly api: TelegramApi; readonly core: Pick<Core, 'image'> };

export function createMessenger({ api, core }: Options): Messenger {
  const pictures = createPictures(core);
  return {
    send: createSend(api, pictures),
    sendFile: (chat, { name, text }) =>
      api.sendDocument(chatIdOf(chat), new InputFile(Buffer.from(text, 'utf8'), name), { disable_notification: true }),
    sendKeys: (chat, html, rows) =>
      api.sendMessage(chatIdOf(chat), html, {
        ...TEXT,
        disable_notification: true,
        reply_markup: {
          keyboard: rows.map((row) => row.map((text) => ({ text }))),
          is_persistent: true,
          resize_keyboard: true,
        },
      }),
    edit: createEdit(api, pictures),
    editAside: createEditAside(api, pictures),
    async strip({ chat, message }) {
      await asFarAsPossible(() => api.editMessageReplyMarkup(chatIdOf(chat), message));
    },
    async pin({ chat, message }) {
      await asFarAsPossible(() => api.pinChatMessage(chatIdOf(chat), message, { disable_notification: true }));
    },
    async remove({ chat, message }) {
      await asFarAsPossible(() => api.deleteMessage(chatIdOf(chat), message));
    },
    async removeAside({ chat, userId, ephemeral }) {
      await asFarAsPossible(() => api.deleteEphemeralMessage(chatIdOf(chat), userId, ephemeral));
    },
  };
}

/** Answers go at once, and are counted: what can wait leaves room for them. */
export function counted(messenger: Messenger, pace: Pace): Messenger {
  return {
    ...messenger,
    send(chat, screen, options) {
      pace.count(chat);
      return messenger.send(chat, screen, options);
    },
    sendFile(chat, file) {
      pace.count(chat);
      return messenger.sendFile(chat, file);
    },
    sendKeys(chat, html, rows) {
      pace.count(chat);
      return messenger.sendKeys(chat, html, rows);
    },
    edit(place, screen) {
      pace.count(place.chat);
      return messenger.edit(place, screen);
    },
  };
}

function createSend(api: TelegramApi, pictures: Pictures): Messenger['send'] {
  return async (chat, { html, photo, keyboard, document }, { quiet, topic, reply, aside } = {}) => {
    const id = chatIdOf(chat);
    const options = {
      ...(keyboard.length > 0 ? { reply_markup: { inline_keyboard: keyboard } } : {}),
      ...(quiet ? { disable_notification: true } : {}),
      ...(topic === undefined ? {} : { message_thread_id: topic }),
      ...(reply ? { reply_parameters: replyTo(reply) } : {}),
      ...(aside ? { ephemeral_message_parameters: aside } : {}),
    };
    if (document) {
      const file = new InputFile(Buffer.from(document.content), document.name);
      return api.sendDocument(id, file, { ...HTML, caption: html, ...options });
    }
    if (photo === null) return api.sendMessage(id, html, { ...TEXT, ...options });
    const caption = { ...HTML, caption: html };
    return pictures.using<Message>(photo, (file) => api.sendPhoto(id, file, { ...caption, ...options }), fileIdOf);
  };
}

function createEdit(api: TelegramApi, pictures: Pictures): Messenger['edit'] {
  return async (place, { html, photo, keyboard }) => {
    // A photo cannot be taken out of a message.
    if (photo === null && place.photo !== null) return undefined;
    const { message } = place;
    const chat = chatIdOf(place.chat);
    const options = { reply_markup: { inline_keyboard: keyboard } };
    const edit = async (): Promise<unknown> => {
      if (photo === null) return api.editMessageText(chat, message, html, { ...TEXT, ...options });
      const caption = { ...HTML, caption: html };
      if (photo === place.photo) return api.editMessageCaption(chat, message, { ...caption, ...options });
      const call = (media: InputMediaPhoto['media']) =>
        api.editMessageMedia(chat, message, { type: 'photo', media, ...caption }, options);
      return pictures.using(photo, call, (result) => (result === true ? undefined : fileIdOf(result)));
    };
    await unlessSame(edit);
    return { ...place, photo };
  };
}

/** What is answered may be deleted meanwhile. Telegram gives ephemeral messages no such leave. */
const replyTo = (reply: ReplyParameters): ReplyParameters =>
  reply.message_id === undefined ? reply : { ...reply, allow_sending_without_reply: true };

/** The parts of an ephemeral message are changed by methods of their own; what changes its kind is a new message. */
function createEditAside(api: TelegramApi, pictures: Pictures): Messenger['editAside'] {
  return async (aside, { html, photo, keyboard }) => {
    const { userId, ephemeral } = aside;
    const chat = chatIdOf(aside.chat);
    if ((photo === null) !== (aside.photo === null)) return undefined;
    const options = { reply_markup: { inline_keyboard: keyboard } };
    const edit = async (): Promise<unknown> => {
      if (photo === null) {
        return api.editEphemeralMessageText(chat, userId, ephemeral, html, { ...TEXT, ...options });
      }
      if (photo === aside.photo) {
        return api.editEphemeralMessageCaption(chat, userId, ephemeral, html, { ...HTML, ...options });
      }
      const call = (media: InputMediaPhoto['media']) => {
        const shown = { type: 'photo', media, ...HTML, caption: html } as const;
        return api.editEphemeralMessageMedia(chat, userId, ephemeral, shown, options);
      };
      return pictures.using(photo, call, () => undefined);
    };
    await unlessSame(edit);
    return { ...aside, photo };
  };
}

async function unlessSame(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (troubleOf(error, 'edit').kind !== 'same') throw error;
  }
}

async function asFarAsPossible(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    troubleOf(error, 'edit');
  }
}

/** The largest of its sizes. */
const fileIdOf = (message: Message): string | undefined => message.photo?.at(-1)?.file_id;
