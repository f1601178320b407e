/** Who acts, and in which community: a Discord user becomes a person of ours at their first deed. */
import type { APIUser } from 'discord.js';
import type { Viewer } from '../../src/ports/core.ts';
import type { Words } from '../../src/ports/words.ts';
import { PLATFORM, type DiscordAdapterOptions } from './options.ts';

/** Somebody of a community, as this moment needs them. */
export type Met = Viewer & {
  readonly userId: string;
  readonly words: Words;
  /** Their private messages are open to us, as far as we know. */
  readonly open: boolean;
};

type Options = Pick<DiscordAdapterOptions, 'core' | 'store' | 'clock' | 'words' | 'negotiate'>;
export type Someone = { readonly user: APIUser; readonly locale: string };

export type People = ReturnType<typeof createPeople>;

export function createPeople({ core, store, clock, words, negotiate }: Options) {
  const wordsFor = (locale: string): Words => words(negotiate(locale), 'UTC');
  const inCommunity = async ({ user, locale }: Someone, communityId: string): Promise<Met> => {
    const { personId, ...profile } = await core.arrive({
      platform: PLATFORM,
      platformUserId: user.id,
      communityId,
      name: nameOf(user),
      locale: negotiate(locale),
    });
    const known = await store.read(async (reads) => ({
      address: await reads.platforms.address(personId, PLATFORM),
      last: (await reads.platforms.communitiesOf(personId))[0],
      community: await reads.people.community(communityId),
    }));
    const open = known.address?.open ?? true;
    // Most deeds change nothing of this, so most of them write nothing.
    if (!known.address || known.last !== communityId) {
      await store.transact(null, async (tx) => {
        if (!known.address) await tx.platforms.putAddress({ personId, platform: PLATFORM, userId: user.id, open });
        if (known.last !== communityId) await tx.platforms.visit(communityId, personId, clock.now());
        return null;
      });
    }
    const timeZone = known.community?.timeZone ?? 'UTC';
    return { communityId, personId, userId: user.id, words: words(profile.locale, timeZone), open };
  };
  return {
    inCommunity,
    /** In private: as a member of the community they were in last; undefined when they have been in none. */
    async inPrivate(someone: Someone): Promise<Met | undefined> {
      const communityId = await store.read(async (reads) => {
        const personId = await reads.people.personByIdentity(PLATFORM, someone.user.id);
        return personId === undefined ? undefined : (await reads.platforms.communitiesOf(personId))[0];
      });
      return communityId === undefined ? undefined : inCommunity(someone, communityId);
    },
    /** For somebody we know nothing of but their language tag. */
    wordsFor,
  };
}

export const nameOf = ({ global_name: shown, username }: Pick<APIUser, 'global_name' | 'username'>): string =>
  shown ?? username;
