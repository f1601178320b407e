import { cleanText } from '../../domain/text.ts';
import { containsCardNumber } from '../../domain/card-number.ts';
import type { Arrival, Profile, Viewer } from '../../ports/core.ts';
import type { Reads } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';
import { isLocale } from './locale.ts';
import { PERSON_NAME_MAX } from './set-profile.ts';

/**
 * Somebody of a platform comes in. The first meeting makes a person, the first visit a member; name and language of later visits
 * change nothing, because by then they are the person's own. Throws when the community does not exist.
 */
export async function arrive(deps: Deps, arrival: Arrival): Promise<Profile> {
  const { platform, platformUserId, communityId } = arrival;
  const known = await deps.store.read((reads) => reads.people.personByIdentity(platform, platformUserId));
  const personId = known ?? (await makePerson(deps, arrival));
  const viewer = { communityId, personId };
  const profile = await deps.store.read((reads) => profileOf(reads, viewer));
  if (profile) return profile;
  return deps.store.transact(null, async (tx) => {
    const role = await tx.people.role(communityId, personId);
    if (role === undefined) await tx.people.putMember(communityId, personId, 'member', deps.clock.now());
    const joined = await profileOf(tx, viewer);
    if (!joined) throw new Error(`Community ${communityId} does not exist: the adapter named a wrong one.`);
    return joined;
  });
}

/** Undefined for whoever is no member. */
export async function profileOf(reads: Reads, { communityId, personId }: Viewer): Promise<Profile | undefined> {
  const community = await reads.people.community(communityId);
  const person = await reads.people.person(personId);
  const role = await reads.people.role(communityId, personId);
  if (!community || !person || role === undefined) return undefined;
  const { name, locale } = person;
  return { personId, name, locale, currency: person.currency ?? community.currency, role };
}

/** Two first messages at the same instant make one person: the command key is theirs alone. Its result is an id, no name. */
export async function makePerson(
  deps: Deps,
  { platform, platformUserId, name, locale }: Omit<Arrival, 'communityId'>,
): Promise<string> {
  const key = `person:${deps.vault.digest('identity', `${platform}:${platformUserId}`)}`;
  return deps.store.transact({ key, input: null }, async (tx) => {
    const id = deps.ids.next();
    const createdAt = deps.clock.now();
    const person = { id, name: personName(name), locale: isLocale(locale) ? locale : 'en', currency: null, createdAt };
    await tx.people.insertPerson(person);
    await tx.people.insertIdentity({ platform, platformUserId, personId: id, createdAt });
    return id;
  });
}

/** Platforms allow names that are empty, endless or paint over others; such a person can rename themselves. */
export function personName(raw: string): string {
  const limits = { maxGraphemes: PERSON_NAME_MAX, maxBytes: PERSON_NAME_MAX * 8, multiline: false };
  const cleaned = cleanText(raw.slice(0, 400), limits);
  return cleaned.ok && !containsCardNumber(cleaned.value) ? cleaned.value : 'Visitor';
}
