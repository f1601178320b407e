import { fail, ok } from '../../domain/faults.ts';
import { canCollect, collectsFor } from '../money/collecting.ts';
import { onboardingChannel } from '../money/onboarding.ts';
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
  const asks = shop.role === 'seller' && canCollect(channels);
  const marketCollects = asks ? await collectsFor(reads, channels, shopId) : null;
  const mayConnect = shop.role === 'seller' && shop.state === 'approved' && onboardingChannel(channels) !== undefined;
  return ok({ shop, products, marketCollects, mayConnect, ...(await waitingAt(reads, shopId)) });
};
