/** Who acts, and in which community: a Telegram user becomes a person of ours at their first deed. */
import type { Chat as TelegramChat, User } from 'grammy/types';
import type { Viewer } from '../../src/ports/core.ts';
import type { Words } from '../../src/ports/words.ts';
import { PLATFORM, type TelegramAdapterOptions } from './options.ts';

/** Somebody of a community, as this moment needs them. */
export type Met = Viewer & {
  readonly userId: number;
  /** Telegram's own tag for the language of their app. */
  readonly words: Words;
  /** We may write to them in private. */
  readonly open: boolean;
};

export type People = {
  /** Undefined for a chat that is not ours. */
  inChat(from: User, chat: TelegramChat): Promise<(Met & { readonly chatId: string }) | undefined>;
  /** In private: as a member of the community they were in last; undefined when they have been in none. */
  inPrivate(from: User): Promise<Met | undefined>;
  /** As a member of this community, whichever they were in last. */
  inCommunity(from: User, communityId: string, where: 'group' | 'private'): Promise<Met>;
  /** For somebody we know nothing of but their language tag. */
  wordsFor(from: Pick<User, 'language_code'>): Words;
  setOpen(from: Pick<User, 'id'>, open: boolean): Promise<void>;
  /** Somebody of ours, as they are reached here; undefined for whoever is on other platforms alone. */
  known(viewer: Viewer): Promise<Met | undefined>;
};

type Options = Pick<TelegramAdapterOptions, 'core' | 'store' | 'clock' | 'words' | 'negotiate'>;

export function createPeople({ core, store, clock, words, negotiate }: Options): People {
  const inCommunity: People['inCommunity'] = async (from, communityId, where) => {
    const profile = await core.arrive({
      platform: PLATFORM,
      platformUserId: String(from.id),
      communityId,
      name: nameOf(from),
      locale: negotiate(from.language_code),
    });
    const { personId } = profile;
    const name = from.username ?? null;
    const known = await store.read(async (reads) => ({
      address: await reads.platforms.address(personId, PLATFORM),
      last: (await reads.platforms.communitiesOf(personId))[0],
      community: await reads.people.community(communityId),
      named: await reads.platforms.isNamed(PLATFORM, personId, name),
      waits: where === 'private' && (await reads.platforms.keptNews(PLATFORM, personId, 1)).length > 0,
    }));
    // Whether they have pressed Start before is known by writing to them.
    const open = where === 'private' || (known.address?.open ?? true);
    // Most deeds change nothing of this, so most of them write nothing.
    if (known.address?.open !== open || known.last !== communityId || !known.named) {
      await store.transact(null, async (tx) => {
        const userId = String(from.id);
        if (known.address?.open !== open) await tx.platforms.putAddress({ personId, platform: PLATFORM, userId, open });
        if (!known.named) await tx.platforms.putName(PLATFORM, personId, name);
        if (known.last !== communityId) await tx.platforms.visit(communityId, personId, clock.now());
        return null;
      });
    }
    // Also after a fall between the two: what is kept for them goes out with their next word.
    if (known.waits) await core.reached(PLATFORM, personId);
    const timeZone = known.community?.timeZone ?? 'UTC';
    return { communityId, personId, userId: from.id, words: words(profile.locale, timeZone), open };
  };
  return {
    inCommunity,
    async inChat(from, chat) {
      const known = await store.read((reads) => reads.people.chatByPlatform(PLATFORM, String(chat.id)));
      return known && { ...(await inCommunity(from, known.communityId, 'group')), chatId: known.id };
    },
    async inPrivate(from) {
      const communityId = await store.read(async (reads) => {
        const personId = await reads.people.personByIdentity(PLATFORM, String(from.id));
        return personId === undefined ? undefined : (await reads.platforms.communitiesOf(personId))[0];
      });
      return communityId === undefined ? undefined : inCommunity(from, communityId, 'private');
    },
    async known(viewer) {
      const profile = await core.profile(viewer);
      const { address, community } = await store.read(async (reads) => ({
        address: await reads.platforms.address(viewer.personId, PLATFORM),
        community: await reads.people.community(viewer.communityId),
      }));
      if (!address || !profile) return undefined;
      const spoken = words(profile.locale, community?.timeZone ?? 'UTC');
      return { ...viewer, userId: Number(address.userId), words: spoken, open: address.open };
    },
    wordsFor: ({ language_code: tag }) => words(negotiate(tag), 'UTC'),
    async setOpen({ id }, open) {
      const reached = await store.transact<string | null>(null, async (tx) => {
        const personId = await tx.people.personByIdentity(PLATFORM, String(id));
        const address = personId === undefined ? undefined : await tx.platforms.address(personId, PLATFORM);
        if (personId === undefined || !address || address.open === open) return null;
        await tx.platforms.setOpen(personId, PLATFORM, open);
        return open ? personId : null;
      });
      if (reached !== null) await core.reached(PLATFORM, reached);
    },
  };
}

export const nameOf = ({ first_name: first, last_name: last = '' }: User): string => `${first} ${last}`.trim();
