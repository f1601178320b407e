/** Who did what, and where: what an interaction says of itself, and what we know of it. */
import { type APIInteraction, InteractionType } from 'discord.js';
import type { Words } from '../../src/ports/words.ts';
import type { Met, People, Someone } from './people.ts';
import type { Places } from './places.ts';

/** Manage Server, or Administrator. */
const STEWARD = (1n << 5n) | (1n << 3n);

/** An interaction with what its handlers need of it; nothing of it was read from the database. */
export type Incoming<I extends APIInteraction = APIInteraction> = {
  readonly interaction: I;
  readonly someone: Someone;
  readonly words: Words;
  readonly channelId: string;
  readonly title: string;
  readonly guildId: string | null;
  readonly isSteward: boolean;
};

export function incomingOf({ people }: { readonly people: People }, interaction: APIInteraction): Incoming | undefined {
  if (interaction.type === InteractionType.Ping) return undefined;
  const { member, channel, locale } = interaction;
  const user = member?.user ?? interaction.user;
  if (!user || !channel?.id) return undefined;
  const guildId = interaction.guild_id ?? null;
  return {
    interaction,
    someone: { user, locale },
    words: people.wordsFor(locale),
    channelId: channel.id,
    title: 'name' in channel && channel.name ? channel.name : '',
    guildId,
    isSteward: member !== undefined && (BigInt(member.permissions) & STEWARD) !== 0n,
  };
}

export type Meeting = { readonly met: Met; readonly chatId: string | null };
export type Meet = (incoming: Incoming) => Promise<Meeting | undefined>;

/** Who acts here, as a member of this server's market; an administrator's first deed makes a channel of a new server ours. */
export function createMeet({ people, places }: { readonly people: People; readonly places: Places }): Meet {
  return async ({ guildId, channelId, title, someone, isSteward }) => {
    if (guildId === null) {
      const met = await people.inPrivate(someone);
      return met && { met, chatId: null };
    }
    const chat = await places.chatAt(channelId);
    const communityId = chat?.communityId ?? (await places.communityOf(guildId));
    if (communityId !== undefined) {
      return { met: await people.inCommunity(someone, communityId), chatId: chat?.id ?? null };
    }
    if (!isSteward) return undefined;
    const opened = await places.adopt({ guildId, channelId, title }, someone);
    return opened && { met: await people.inCommunity(someone, opened.communityId), chatId: opened.chatId };
  };
}
