/** Who pays on a platform may be somebody whom we have never met: from then on they are a member whom news can reach. */
import type { PlatformPayer } from '../../ports/platform-invoice.ts';
import type { Tx } from '../../ports/store.ts';
import { won } from '../commit.ts';
import { personName } from '../community/arrive.ts';
import { isLocale } from '../community/locale.ts';
import type { When } from '../timeline.ts';

type Meeting = { readonly platform: string; readonly payer: PlatformPayer; readonly communityId: string };

export async function meetPayer(tx: Tx, at: When, { platform, payer, communityId }: Meeting): Promise<string> {
  const known = await tx.people.personByIdentity(platform, payer.userId);
  const personId = known ?? (await makePerson(tx, at, platform, payer));
  if ((await tx.people.role(communityId, personId)) === undefined)
    await tx.people.putMember(communityId, personId, 'member', at.now);
  // Whether their private chat is open is known by writing to them.
  if (!(await tx.platforms.address(personId, platform))) {
    await tx.platforms.putAddress({ personId, platform, userId: payer.userId, open: true });
    await tx.platforms.visit(communityId, personId, at.now);
  }
  return personId;
}

async function makePerson(tx: Tx, { deps, now }: When, platform: string, payer: PlatformPayer): Promise<string> {
  const id = deps.ids.next();
  const locale = isLocale(payer.locale) ? payer.locale : 'en';
  await tx.people.insertPerson({ id, name: personName(payer.name), locale, currency: null, createdAt: now });
  const identity = { platform, platformUserId: payer.userId, personId: id, createdAt: now };
  won(await tx.people.insertIdentity(identity), 'an identity');
  return id;
}
