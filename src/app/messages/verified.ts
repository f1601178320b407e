/** Is this ours? Sellers are public; of everybody else nothing is told, not even that they are known. */
import { fail, ok } from '../../domain/faults.ts';
import type { Claim, Verdict } from '../../ports/claim.ts';
import type { Reads } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';
import type { Loader } from './loader.ts';

export const loadVerified: Loader<'verified'> = async (reads, { deps, actor, community }, { claim }) => {
  if (!actor) return fail('not_found');
  switch (claim.kind) {
    case 'link':
      return ok({ verdict: linkVerdict(deps, claim.url), shops: [] });
    case 'name':
    case 'sender': {
      const shops = await shopsOf(reads, community.id, claim);
      return ok({ verdict: shops.length > 0 ? 'seller' : 'unknown', shops });
    }
    default:
      return ok({ verdict: claim.kind, shops: [] });
  }
};

/** An origin is compared whole: a name before an @ or a longer host only looks like ours. */
function linkVerdict({ settings, channels }: Deps, text: string): Verdict {
  const link = URL.parse(text);
  if (!link || link.username !== '' || link.password !== '') return 'foreign';
  if (link.origin === settings.publicUrl) return 'page';
  const isCheckout = [...channels.values()].some(({ capabilities }) =>
    capabilities.checkoutOrigins.includes(link.origin),
  );
  return isCheckout ? 'checkout' : 'foreign';
}

/** The open stalls that this person sells at here. */
async function shopsOf(
  reads: Reads,
  communityId: string,
  claim: Extract<Claim, { kind: 'name' | 'sender' }>,
): Promise<readonly string[]> {
  const personId =
    claim.kind === 'name'
      ? await reads.platforms.personByName(claim.platform, claim.name)
      : await reads.people.personByIdentity(claim.platform, claim.platformUserId);
  if (personId === undefined) return [];
  const roles = await reads.people.shopRoles(communityId, personId);
  const shops = await reads.people.shops(communityId, 'approved');
  return shops.filter(({ id }) => roles[id] === 'seller').map(({ name }) => name);
}
