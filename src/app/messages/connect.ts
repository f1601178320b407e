import { fail, ok } from '../../domain/faults.ts';
import { onboardingChannel, onboardingToken } from '../money/onboarding.ts';
import type { Loader } from './loader.ts';
import { visibleShop } from './rights.ts';

/** The shop's own account, for its seller alone: the link in it is a permission. */
export const loadConnect: Loader<'connect'> = async (reads, at, { shopId }) => {
  const found = await visibleShop(reads, at, shopId, 'shop.staff');
  if (!found.ok) return found;
  const { shop } = found.value;
  if (shop.state !== 'approved') return fail('shop_not_approved');
  const channel = onboardingChannel(at.deps.channels);
  const opening = (await reads.people.accountOpenings(shopId)).find((one) => one.channel === channel?.code);
  const url = channel ? `${at.deps.settings.publicUrl}/connect/${onboardingToken(at.deps, shopId, at.now)}` : null;
  return ok({
    shop: { id: shop.id, title: shop.name },
    state: opening?.state ?? 'none',
    wants: opening?.wants ?? [],
    url,
  });
};
