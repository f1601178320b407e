import { ok } from '../../domain/faults.ts';
import type { Ref } from '../../ports/shown.ts';
import type { Reads } from '../../ports/store.ts';
import type { Loader } from './loader.ts';
import { shopRef, visibleShop } from './rights.ts';

const MEMBERS_MAX = 100;

/** Who helps in a shop, and who could. */
export const loadStaff: Loader<'staff'> = async (reads, at, { shopId }) => {
  const found = await visibleShop(reads, at, shopId, 'shop.staff');
  if (!found.ok) return found;
  const staff = await reads.people.shopStaff(shopId);
  const helperIds = staff.filter((one) => one.role === 'helper').map((one) => one.personId);
  const members = await reads.people.members(at.community.id, MEMBERS_MAX);
  const others = members.map((one) => one.personId).filter((id) => !staff.some((one) => one.personId === id));
  return ok({
    shop: shopRef(found.value.shop),
    helpers: await namesOf(reads, helperIds),
    candidates: await namesOf(reads, others),
  });
};

async function namesOf(reads: Reads, ids: readonly string[]): Promise<Ref[]> {
  const people = await reads.people.people(ids);
  return people.map(({ id, name }) => ({ id, title: name }));
}
