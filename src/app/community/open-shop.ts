/** What makes a shop able to sell: its seller, and an account of its own at every payment channel that is enabled. */
import type { Tx } from '../../ports/store.ts';
import type { Circumstances } from '../deps.ts';

export async function openShop(
  tx: Tx,
  at: Pick<Circumstances, 'deps' | 'now'>,
  shop: { id: string; ownerId: string },
): Promise<void> {
  await tx.people.putShopStaff(shop.id, shop.ownerId, 'seller', at.now);
  for (const channel of at.deps.channels.keys()) {
    const id = at.deps.ids.next();
    await tx.people.insertMerchantAccount({ id, shopId: shop.id, channel, accountRef: shop.id, createdAt: at.now });
  }
}
