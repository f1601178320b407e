/** A chat platform that takes one money for digital goods shows only those that have a price in it. */
import { type Fault, fail } from '../../domain/faults.ts';
import { digitalCurrencyOf } from '../../domain/platform-rules.ts';
import type { ProductKind } from '../../domain/product.ts';
import type { Reads } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';
import { collectsFor } from '../money/collecting.ts';
import { isFree } from '../orders/bill-currency.ts';
import type { PriceList } from './product-form.ts';

type Goods = {
  readonly shopId: string;
  readonly kind: ProductKind;
  readonly title: string;
  readonly prices: readonly PriceList[];
};

/** Why these goods cannot be shown in one of these chats; undefined when they can. */
export async function platformPriceObjection(
  reads: Reads,
  { channels }: Pick<Deps, 'channels'>,
  { shopId, kind, title, prices }: Goods,
  chatIds: readonly string[],
): Promise<Fault | undefined> {
  if (kind !== 'digital') return undefined;
  for (const chatId of chatIds) {
    const currency = digitalCurrencyOf((await reads.people.chat(chatId))?.platform);
    if (currency === undefined || prices.every(isFree)) continue;
    if (!prices.every((list) => list[currency] !== undefined || isFree(list)))
      return fail('platform_price_missing', { field: 'otherPrices', title, currency }).fault;
    if (!(await collectsFor(reads, channels, shopId))) return fail('market_must_collect', { title }).fault;
  }
  return undefined;
}

/** Where the product's cards stand, or may stand. */
export async function chatsOf(reads: Reads, productId: string): Promise<string[]> {
  const listings = await reads.catalog.listings(productId);
  return listings.filter(({ state }) => state !== 'removed').map(({ chatId }) => chatId);
}
