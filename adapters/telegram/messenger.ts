/** Messages as Telegram has them: sent and edited as text or photo, in a chat or for one member's eyes in a group. */
import { InputFile } from 'grammy';
import type { EphemeralMessageParameters, Message, ReplyParameters } from 'grammy/types';
import type { Core } from '../../src/ports/core.ts';
import { type TelegramApi, troubleOf } from './api.ts';
import type { Pace } from './pace.ts';
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
  /** Undefined: it cannot become this by editing, and stands as it was. */
  edit(place: Place, screen: Screen): Promise<Place | undefined>;
  editAside(aside: Aside, screen: Screen): Promise<Aside | undefined>;
  /** Takes the buttons away, as far as it is possible. */
  strip(place: Pick<Place, 'chat' | 'message'>): Promise<void>;
  /** As far as it is possible; what is gone is gone. */
  remove(place: Pick<Place, 'chat' | 'message'>): Promise<void>;
  removeAside(aside: Pick<Aside, 'chat' | 'userId' | 'ephemeral'>): Promise<void>;
};

const FILES_MAX = 5_000;

type Options = { readonly api: TelegramApi; readonly core: Pick<Core, 'image'>; readonly pace: Pace };

export function createMessenger({ api, core, pace }: Options): Messenger {
  const files = createFiles(core);
  const written = { parse_mode: 'HTML', link_preview_options: { is_disabled: true } } as const;

  /** A file that Telegram knows by its id is not sent again; when it does not know it any more, it is. */
  const withPhoto = async <T>(
    digest: string,
    call: (file: InputFile | string) => Promise<T>,
    idOf: (result: T) => string | undefined,
  ): Promise<T> => {
    const keep = (result: T): T => {
      files.note(digest, idOf(result));
      return result;
    };
    const known = files.known(digest);
    if (known === undefined) return keep(await call(await files.upload(digest)));
    try {
      return await call(known);
    } catch (error) {
      const trouble = troubleOf(error, 'edit');
      if (trouble.kind !== 'refused' || !/file/i.test(trouble.why)) throw error;
      files.forget(digest);
      return keep(await call(await files.upload(digest)));
    }
  };

  return {
    async send(chat, { html, photo, keyboard }, { quiet, topic, reply, aside } = {}) {
      pace.count(chat);
      const options = {
        reply_markup: { inline_keyboard: keyboard },
        ...(quiet ? { disable_notification: true } : {}),
        ...(topic === undefined ? {} : { message_thread_id: topic }),
        ...(reply ? { reply_parameters: reply } : {}),
        ...(aside ? { ephemeral_message_parameters: aside } : {}),
      };
      if (photo === null) return api.sendMessage(chat, html, { ...written, ...options });
      const caption = { caption: html, parse_mode: written.parse_mode } as const;
      const send = (file: InputFile | string): Promise<Message> =>
        api.sendPhoto(chat, file, { ...caption, ...options });
      return withPhoto(photo, send, fileIdOf);
    },
    async edit(place, { html, photo, keyboard }) {
      const { chat, message } = place;
      // A photo cannot be taken out of a message.
      if (photo === null && place.photo !== null) return undefined;
      pace.count(chat);
      await unlessSame(async () => {
        if (photo === null)
          await api.editMessageText(chat, message, html, { ...written, reply_markup: { inline_keyboard: keyboard } });
        else if (photo === place.photo) {
          const { parse_mode } = written;
          await api.editMessageCaption(chat, message, {
            caption: html,
            parse_mode,
            reply_markup: { inline_keyboard: keyboard },
          });
        } else
          await api.editMessageMedia(chat, message, await mediaOf(photo, html), {
            reply_markup: { inline_keyboard: keyboard },
          });
      });
      return { ...place, photo };
    },
    async editAside(aside, { html, photo, keyboard }) {
      const { chat, userId, ephemeral } = aside;
      // Its parts are changed by methods of their own; what changes its kind is a new message.
      if ((photo === null) !== (aside.photo === null)) return undefined;
      await unlessSame(async () => {
        const options = { reply_markup: { inline_keyboard: keyboard }, parse_mode: written.parse_mode };
        if (photo === null)
          await api.editEphemeralMessageText(chat, userId, ephemeral, html, { ...written, ...options });
        else if (photo === aside.photo) {
          await api.editEphemeralMessageCaption(chat, userId, ephemeral, html, options);
        } else {
          const media = await mediaOf(photo, html);
          await api.editEphemeralMessageMedia(chat, userId, ephemeral, media, {
            reply_markup: { inline_keyboard: keyboard },
          });
        }
      });
      return { ...aside, photo };
    },
    async strip({ chat, message }) {
      await asFarAsPossible(() => api.editMessageReplyMarkup(chat, message));
    },
    async remove({ chat, message }) {
      await asFarAsPossible(() => api.deleteMessage(chat, message));
    },
    async removeAside({ chat, userId, ephemeral }) {
      await asFarAsPossible(() => api.deleteEphemeralMessage(chat, userId, ephemeral));
    },
  };

  async function mediaOf(digest: string, caption: string) {
    const media = files.known(digest) ?? (await files.upload(digest));
    return { type: 'photo', media, caption, parse_mode: written.parse_mode } as const;
  }
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

/** Telegram's names of our pictures. Only a saving: without it a picture is sent again. */
function createFiles(core: Pick<Core, 'image'>) {
  const ids = new Map<string, string>();
  return {
    known: (digest: string) => ids.get(digest),
    note: (digest: string, id: string | undefined) => {
      if (id === undefined) return;
      ids.set(digest, id);
      for (const [oldest] of ids.entries().take(ids.size > FILES_MAX ? 1 : 0)) ids.delete(oldest);
    },
    forget: (digest: string) => void ids.delete(digest),
    /** As JPEG, which every client and every server of Telegram shows. */
    upload: async (digest: string): Promise<InputFile> => {
      const image = await core.image(digest);
      if (!image) throw new Error(`Picture ${digest} is gone: a view still shows it.`);
      const { default: sharp } = await import('sharp');
      const bytes = await sharp(image.bytes).flatten({ background: '#ffffff' }).jpeg({ quality: 88 }).toBuffer();
      return new InputFile(new Uint8Array(bytes), `${digest.slice(0, 16)}.jpg`);
    },
  };
}
