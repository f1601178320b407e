import { ok } from '../../domain/faults.ts';
import { platformOf } from '../orders/bill-currency.ts';
import { aboutFor } from './about.ts';
import type { Loader } from './loader.ts';
import { lowestPrice, productsData } from './product-data.ts';
import { allowedActor } from './rights.ts';

const PRODUCTS_MAX = 30;

/** What is on sale now, in shops that are open. What is sold out stays in sight: it may come back. */
export const loadBrowse: Loader<'browse'> = async (reads, at) => {
  const actor = allowedActor(at, 'market.see');
  if (!actor.ok) return actor;
  const filter = { communityId: at.community.id, states: ['on_sale'], limit: PRODUCTS_MAX } as const;
  const platform = await platformOf(reads, { personId: actor.value.personId, chatId: null });
  const to = { community: at.community, currency: at.person?.currency ?? null, platform };
  const rows = await reads.catalog.products(filter);
  const open = (await productsData(reads, rows, to)).filter((product) => product.shop.state === 'approved');
  return ok({ products: open.map((product) => ({ product, about: aboutFor(at, lowestPrice(product)) })) });
};
