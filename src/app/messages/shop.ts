import { fail, ok } from '../../domain/faults.ts';
import type { ProductData } from '../../ports/shown.ts';
import { waitingAt } from './home.ts';
import type { Loader } from './loader.ts';
import { productData } from './product-data.ts';
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
  const products: ProductData[] = [];
  for (const row of rows) {
    const product = await productData(reads, row, { community: at.community, currency: null });
    if (product) products.push(product);
  }
  return ok({ shop, products, ...(await waitingAt(reads, shopId)) });
};
