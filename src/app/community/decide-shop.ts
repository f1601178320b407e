import { audit } from '../audit.ts';
import { shopFor } from '../catalog/catalog-access.ts';
import { show, type UseCase } from '../deps.ts';
import { openShop } from './open-shop.ts';
import { notify } from '../tell.ts';

/** A steward lets a shop in or turns it away. Decided once: who comes second sees what was decided. */
export const decideShop: UseCase<'decide_shop'> = async (tx, at, { shopId, approve }) => {
  const found = await shopFor(tx, at, shopId, 'shop.approve');
  if (!found.ok) return found;
  const shop = found.value;

  if (await tx.people.moveShop(shopId, ['applied'], approve ? 'approved' : 'rejected')) {
    if (approve) await openShop(tx, at, shop);
    await audit(tx, at, approve ? 'shop.approve' : 'shop.reject', shopId);
    const to = { personId: shop.ownerId, communityId: shop.communityId };
    await notify(tx, at, to, { kind: approve ? 'shop_approved' : 'shop_rejected', objectId: shopId });
  }
  return show({ name: 'admin' });
};
