/** Whether a shop's buyers may pay whoever runs the market: asked wherever a channel of that kind could be offered. */
import { marketCollects } from '../../domain/collecting.ts';
import type { Channels } from '../../ports/payment-channel.ts';
import type { Reads } from '../../ports/store.ts';
import { audit } from '../audit.ts';
import { shopFor } from '../catalog/catalog-access.ts';
import { show, type UseCase } from '../deps.ts';
import { refreshCards } from '../tell.ts';

const PRODUCTS_MAX = 500;

export async function collectsFor(reads: Reads, channels: Channels, shopId: string): Promise<boolean> {
  const shop = await reads.people.shop(shopId);
  const community = shop && (await reads.people.community(shop.communityId));
  const accounts = await reads.people.merchantAccounts(shopId);
  const hasOwnAccount = accounts.some(({ channel }) => {
    const can = channels.get(channel)?.capabilities;
    // Cash is nobody's account: a provider can be asked.
    return can?.paidTo === 'shop' && can.canBeAsked;
  });
  return marketCollects({
    choice: shop?.marketCollects ?? null,
    hasOwnAccount,
    testMoney: community?.testMoney ?? false,
  });
}

/** Whether there is anything to choose at all. */
export const canCollect = (channels: Channels): boolean =>
  [...channels.values()].some(({ capabilities }) => capabilities.paidTo === 'market');

/** A seller lets the market collect for the shop, or stops it. Cards and open bills follow at once; what is paid stays paid. */
export const letMarketCollect: UseCase<'let_market_collect'> = async (tx, at, { shopId, collects }) => {
  const shop = await shopFor(tx, at, shopId, 'shop.staff');
  if (!shop.ok) return shop;
  await tx.people.setMarketCollects(shopId, collects);
  const filter = { communityId: at.community.id, shopId, states: ['on_sale', 'paused'], limit: PRODUCTS_MAX } as const;
  for (const { id, quickPay } of await tx.catalog.products(filter)) if (quickPay) await refreshCards(tx, at, id);
  await audit(tx, at, 'shop.market_collects', shopId, { collects });
  return show({ name: 'shop', shopId });
};
