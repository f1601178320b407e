/** How a shop stands in the evening: what was sold since the last one, and what waits now. */
import { fail, ok } from '../../domain/faults.ts';
import { add, money, type Money } from '../../domain/money.ts';
import { available } from '../../domain/product.ts';
import type { MessageData } from '../../ports/messages.ts';
import type { Reads } from '../../ports/store.ts';
import { isBeingRefunded } from '../orders/fulfil-order.ts';
import type { Loader } from './loader.ts';
import { shopRef, visibleShop } from './rights.ts';

/** Eight in the evening, unless the seller says otherwise. */
export const USUAL_MINUTE = 20 * 60;

/** An evening counts up to here. */
const COUNT_MAX = 500;
const PRODUCTS_MAX = 100;
/** So few are left that a seller may want to know. */
const LOW = 3;
const LOW_SHOWN_MAX = 10;

type Span = { readonly since: number; readonly until: number };
export type DigestData = Omit<MessageData['digest'], 'shop'>;

export async function digestData(reads: Reads, shopId: string, { since, until }: Span): Promise<DigestData> {
  const sold = await reads.selling.ordersPaid(shopId, since, until, COUNT_MAX);
  const totals = new Map<string, Money>();
  for (const { total, currency } of sold) {
    totals.set(currency, add(totals.get(currency) ?? money(0, currency), money(total, currency)));
  }
  let toShip = 0;
  for (const order of await reads.orders.ordersToFulfil(shopId, COUNT_MAX)) {
    if (!(await isBeingRefunded(reads, order))) toShip += 1;
  }
  return {
    sold: sold.length,
    totals: [...totals.values()],
    toShip,
    unpaid: (await reads.orders.ordersOfShop(shopId, ['pending_payment'], COUNT_MAX)).length,
    refunds: await reads.selling.openRefunds(shopId),
    cases: await reads.selling.openCases(shopId),
    questions: (await reads.catalog.questions({ shopId, open: true, limit: COUNT_MAX })).length,
    low: await lowStock(reads, shopId),
  };
}

/** Few left is told beside news, and is none by itself: otherwise it would be told every evening for weeks. */
export const isNews = (data: DigestData): boolean =>
  data.sold + data.toShip + data.unpaid + data.refunds + data.cases + data.questions > 0;

async function lowStock(reads: Reads, shopId: string): Promise<DigestData['low']> {
  const shop = await reads.people.shop(shopId);
  const filter = { communityId: shop?.communityId ?? '', shopId, states: ['on_sale'], limit: PRODUCTS_MAX } as const;
  const products = await reads.catalog.products(filter);
  const titles = new Map(products.map(({ id, title }) => [id, title]));
  const variants = products.length === 0 ? [] : await reads.catalog.variantsOf([...titles.keys()]);
  return variants
    .flatMap((variant) => {
      const left = available(variant);
      const title = titles.get(variant.productId) ?? '';
      return left !== undefined && left <= LOW ? [{ title, choices: variant.choices, left }] : [];
    })
    .toSorted((a, b) => a.left - b.left)
    .slice(0, LOW_SHOWN_MAX);
}

export const loadDigest: Loader<'digest'> = async (reads, at, { shopId, since, until }) => {
  const found = await visibleShop(reads, at, shopId, 'shop.export');
  if (!found.ok) return found;
  const data = await digestData(reads, shopId, { since, until });
  // Settled between its evening and now: nothing is left to tell.
  return isNews(data) ? ok({ shop: shopRef(found.value.shop), ...data }) : fail('not_found');
};
