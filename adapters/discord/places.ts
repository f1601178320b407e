/** Which channel is a chat of ours, and which community a server belongs to. */
import type { OpenedChat } from '../../src/ports/core.ts';
import type { Chat } from '../../src/ports/store/people.ts';
import { PLATFORM, type DiscordAdapterOptions } from './options.ts';
import { nameOf, type Someone } from './people.ts';

/** A channel or thread of a server, with what we know of it without asking. */
export type Place = {
  readonly guildId: string;
  readonly channelId: string;
  readonly title: string;
};

export type Places = ReturnType<typeof createPlaces>;

type Options = Pick<DiscordAdapterOptions, 'core' | 'store' | 'usual' | 'negotiate'> & {
  /** The channels of a server that we are in, the newest last. */
  readonly channelsOf: (guildId: string) => readonly string[];
};

export function createPlaces({ core, store, usual, negotiate, channelsOf }: Options) {
  /** A server's community never changes, so it is looked for once. */
  const communities = new Map<string, string>();
  const chatAt = (channelId: string): Promise<Chat | undefined> =>
    store.read((reads) => reads.people.chatByPlatform(PLATFORM, channelId));
  const communityOf = async (guildId: string): Promise<string | undefined> => {
    const known = communities.get(guildId);
    if (known !== undefined) return known;
    for (const channelId of channelsOf(guildId)) {
      const chat = await chatAt(channelId);
      if (!chat) continue;
      communities.set(guildId, chat.communityId);
      return chat.communityId;
    }
    return undefined;
  };
  return {
    chatAt,
    communityOf,
    /** Makes a channel ours; a server's first founds its community, or brings it to the one that this steward owns. */
    async adopt({ guildId, channelId, title }: Place, { user, locale }: Someone): Promise<OpenedChat | undefined> {
      const communityId = await communityOf(guildId);
      const opened = await core.openChat({
        platform: PLATFORM,
        platformChatId: channelId,
        title,
        by: { platformUserId: user.id, name: nameOf(user), locale: negotiate(locale) },
        usual,
        ...(communityId === undefined ? {} : { communityId }),
      });
      if (opened) communities.set(guildId, opened.communityId);
      return opened;
    },
  };
}
