/** Every answer in the language of whoever asked. */
import type { Fault } from '../../src/domain/faults.ts';
import type { Profile } from '../../src/ports/core.ts';
import type { Community } from '../../src/ports/store/people.ts';
import type { Words } from '../../src/ports/words.ts';
import { drawFault } from '../../src/view/fault.ts';
import type { WireFault } from './client/wire.ts';
import type { WebAdapterOptions } from './options.ts';
import type { Seat } from './sessions.ts';

export type Speaker = {
  readonly community: () => Promise<Community>;
  readonly profileOf: (seat: Seat) => Promise<Profile | undefined>;
  readonly wordsFor: (locale: string) => Promise<Words>;
  readonly wordsOf: (seat: Seat) => Promise<Words>;
  /** `field` is the form's field at fault, by the name that the use case gives it. */
  readonly fault: (fault: Fault, words: Words) => WireFault;
};

export function createSpeaker(options: Pick<WebAdapterOptions, 'core' | 'store' | 'communityId' | 'words'>): Speaker {
  const { core, store, communityId } = options;
  const community = async () => {
    const found = await store.read((reads) => reads.people.community(communityId));
    if (!found) throw new Error(`Community ${communityId} does not exist: seed it before the web chat is opened.`);
    return found;
  };
  const profileOf = ({ session }: Seat) => core.profile({ communityId, personId: session.personId });
  const wordsFor = async (locale: string) => options.words(locale, (await community()).timeZone);
  return {
    community,
    profileOf,
    wordsFor,
    wordsOf: async (seat) => wordsFor((await profileOf(seat))?.locale ?? (await community()).locale),
    fault: (fault, words) => {
      const field = fault.params?.['field'];
      return { code: fault.code, text: drawFault(fault, words), field: typeof field === 'string' ? field : null };
    },
  };
}
