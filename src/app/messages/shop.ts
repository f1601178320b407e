import { fail, ok } from '../../domain/faults.ts';
import { canCollect, collectsFor } from '../money/collecting.ts';
import { onboardingChannel } from '../money/onboarding.ts';
import type { MessageData } from '../../ports/messages.ts';
import type { Reads } from '../../ports/store.ts';
import { USUAL_MINUTE } from './digest.ts';
import { waitingAt } from './home.ts';
import type { Loader } from './loader.ts';
import { productsData } from './product-data.ts';
import { shopData, visibleShop } from './rights.ts';

const PRODUCTS_MAX = 100;

/** The desk of a shop, for those who work there. */
export const loadShop: Loader<'shop'> = async (reads, at, { shopId }) => {
  const found = await visibleShop(reads, at, shopId, 'order.ship');
  if (!found.ok) return found;
  const shop = shopData(found.value.shop, found.value.actor);
  if (!shop) return fail('not_found');
  const states = ['on_sale', 'paused', 'frozen'] as const;
  const rows = await reads.catalog.products({ communityId: at.community.id, shopId, states, limit: PRODUCTS_MAX });
  const products = await productsData(reads, rows, { community: at.community, currency: null });
  const { channels } = at.deps;
  const seller = shop.role === 'seller';
  const marketCollects = seller && canCollect(channels) ? await collectsFor(reads, channels, shopId) : null;
  const mayConnect = seller && shop.state === 'approved' && onboardingChannel(channels) !== undefined;
  const digest = seller ? await digestOf(reads, shopId, at.community.timeZone) : null;
  return ok({ shop, products, marketCollects, mayConnect, digest, ...(await waitingAt(reads, shopId)) });
};

/** As its seller would type it. */
async function digestOf(reads: Reads, shopId: string, timeZone: string): Promise<MessageData['shop']['digest']> {
  const standing = await reads.selling.digest(shopId);
  const minute = standing ? standing.atMinute : USUAL_MINUTE;
  const two = (part: number) => String(part).padStart(2, '0');
  const time = minute === null ? '' : `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
  return { time, timeZone };
}
