import { audit } from '../audit.ts';
import { shopFor } from '../catalog/catalog-access.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { notify } from '../tell.ts';

/** A seller takes a member into the shop as helper (who ships and answers, but pays nothing back), or lets them go. */
export const putHelper: UseCase<'put_helper'> = async (tx, at, { shopId, personId, helps }) => {
  const shop = await shopFor(tx, at, shopId, 'shop.staff');
  if (!shop.ok) return shop;
  if ((await tx.people.role(at.community.id, personId)) === undefined) return refuse('not_found');
  const staff = await tx.people.shopStaff(shopId);
  const role = staff.find((one) => one.personId === personId)?.role;
  if (role === 'seller') return refuse('not_allowed');

  if (helps && role === undefined) {
    await tx.people.putShopStaff(shopId, personId, 'helper', at.now);
    await audit(tx, at, 'shop.add_helper', shopId, { personId });
    const to = { personId, communityId: at.community.id };
    await notify(tx, at, to, { kind: 'helper_added', objectId: shopId, params: { n: at.now } });
  }
  if (!helps && role === 'helper') {
    await tx.people.removeShopStaff(shopId, personId);
    await audit(tx, at, 'shop.remove_helper', shopId, { personId });
  }
  return show({ name: 'staff', shopId });
};
