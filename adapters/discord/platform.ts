/** Discord as the outbox sees it: cards in channels, panels on a person's private side. */
import { createHash } from 'node:crypto';
import { ChannelType } from 'discord.js';
import type { ChatPlatform } from '../../src/ports/chat.ts';
import type { Message } from '../../src/ports/messages.ts';
import type { Chat } from '../../src/ports/store/people.ts';
import type { View } from '../../src/view/view.ts';
import type { DiscordApi } from './api.ts';
import type { FormMemory } from './form-memory.ts';
import { PLATFORM, type DiscordAdapterOptions } from './options.ts';
import type { Panels } from './panels.ts';
import { drawScreen, type Screen } from './render/screen.ts';
import { sentOf, troubleOf } from './trouble.ts';

const NONCE_MAX = 25;
const THREAD_NAME_MAX = 100;

type Options = Pick<DiscordAdapterOptions, 'core' | 'store' | 'handleKey' | 'words'> & {
  readonly api: DiscordApi;
  readonly panels: Panels;
  readonly memory: FormMemory;
  /** Undefined for a channel that we do not see. */
  readonly typeOf: (channelId: string) => ChannelType | undefined;
};

type Card = { readonly chat: Chat; readonly locale: string; readonly message: Message; readonly view: View };

export function createPlatform(options: Options): ChatPlatform<View> {
  const { core, store, api, panels, memory, words, typeOf } = options;
  /** Public buttons are anybody's, in this channel. */
  const screenOf = async ({ chat, locale, message, view }: Card): Promise<Screen> => {
    const place = { chatId: chat.id, personId: null, key: options.handleKey };
    const { screen, drawn, forms } = drawScreen(view, { ...place, message, words: words(locale, 'UTC') });
    if (drawn.length > 0) await core.drawHandles(drawn);
    memory.keep(forms, null);
    return screen;
  };
  return {
    platform: PLATFORM,
    can: { ephemeral: true, edit: true, forms: true, privateFirst: true },
    async post(card) {
      const { platformChatId: channel } = card.chat;
      const screen = await screenOf(card);
      try {
        if (typeOf(channel) === ChannelType.GuildForum) {
          const name = (card.view.title ?? card.chat.title).slice(0, THREAD_NAME_MAX) || '…';
          const { id, message } = await api.openThread(channel, name, screen);
          return { outcome: 'sent', ref: `${id}/${message.id}` };
        }
        const { id } = await api.post(channel, screen, { nonce: nonceOf(card.key, channel) });
        return { outcome: 'sent', ref: `${channel}/${id}` };
      } catch (error) {
        return sentOf(troubleOf(error));
      }
    },
    async edit(card) {
      const [, channel, message] = /^(\d{1,20})\/(\d{1,20})$/.exec(card.ref) ?? [];
      if (channel === undefined || message === undefined) return { outcome: 'gone' };
      const known = await store.read((reads) => reads.people.chat(card.chat.id));
      if (known?.platform !== PLATFORM) return { outcome: 'gone' };
      try {
        await api.edit(channel, message, await screenOf(card));
        return { outcome: 'sent', ref: card.ref };
      } catch (error) {
        const trouble = troubleOf(error);
        // Without an answer the same edit is simply made again.
        return trouble.kind === 'unknown' ? { outcome: 'later', afterMs: 1_000 } : sentOf(trouble);
      }
    },
    panel: (to) => panels.put(to),
  };
}

const nonceOf = (key: string, channel: string): string =>
  createHash('sha256').update(`${channel}:${key}`).digest('base64url').slice(0, NONCE_MAX);
