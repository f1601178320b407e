/** What a product's card and its entry in a list say of price, stock and delivery. */
import type { Money } from '../domain/money.ts';
import type { ProductData } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import { available, fact, joined, price, stockText } from './parts.ts';
import { bold, type Block, type Tone, type View } from './view.ts';

/** The lowest price in each currency, the viewer's own first. */
function lowest(product: ProductData): { money: Money; several: boolean }[] {
  const byCurrency = new Map<string, { money: Money; several: boolean }>();
  for (const variant of product.variants) {
    for (const money of variant.price ? [variant.price, ...variant.prices] : variant.prices) {
      const soFar = byCurrency.get(money.currency);
      const several = soFar !== undefined && (soFar.several || soFar.money.amount !== money.amount);
      const cheapest = soFar && soFar.money.amount <= money.amount ? soFar.money : money;
      byCurrency.set(money.currency, { money: cheapest, several });
    }
  }
  return [...byCurrency.values()];
}

export function priceText(product: ProductData, words: Words): string {
  return joined(
    lowest(product).map(({ money, several }) =>
      several ? words.t('card.price_from', { amount: price(money, words) }) : price(money, words),
    ),
  );
}

export function isFree(product: ProductData): boolean {
  const prices = lowest(product);
  return prices.length > 0 && prices.every(({ money, several }) => money.amount === 0 && !several);
}

export function stockOf(product: ProductData, words: Words): string {
  return product.soldOut ? words.t('card.sold_out') : stockText(available(product), words);
}

export function deliveryText(product: ProductData, { t, fmt }: Words): string {
  if (product.kind === 'digital') return t('card.digital');
  if (product.kind === 'service') return t('card.service');
  return joined([
    product.pickup && pickupText(product, t),
    product.shipping && shippingText(product.shipping, { t, fmt }),
  ]);
}

function pickupText(product: ProductData, t: Words['t']): string {
  return product.pickupNote === '' ? t('card.pickup') : t('card.pickup_at', { note: product.pickupNote });
}

function shippingText(shipping: NonNullable<ProductData['shipping']>, { t, fmt }: Pick<Words, 't' | 'fmt'>): string {
  const { fee, freeFrom } = shipping;
  if (fee.amount === 0) return t('card.shipping_free');
  if (freeFrom === null) return t('card.shipping', { fee: fmt.money(fee) });
  return t('card.shipping_free_from', { fee: fmt.money(fee), amount: fmt.money(freeFrom) });
}

/** The one word that a reader must see first; undefined while all is well. */
export function badgeOf(product: ProductData, { t }: Words): View['badge'] {
  const badge = (text: string, tone: Tone) => ({ text, tone });
  if (product.state !== 'on_sale') {
    return badge(t(`card.${product.state}`), product.state === 'frozen' ? 'bad' : 'warning');
  }
  if (product.shop.state !== 'approved') return badge(t('card.shop_closed'), 'bad');
  if (product.soldOut) return badge(t('card.sold_out'), 'warning');
  return product.testMoney ? badge(t('test_money'), 'warning') : undefined;
}

export function productFacts(product: ProductData, words: Words): Block {
  const { t } = words;
  const delivery = deliveryText(product, words);
  return {
    kind: 'facts',
    facts: [
      fact(t('card.price'), [bold(priceText(product, words))]),
      ...product.options.map((option) => fact(option.name, option.values.join(', '))),
      ...(product.soldOut ? [] : [fact(t('card.stock'), stockOf(product, words))]),
      ...(product.limitPerPerson === null
        ? []
        : [fact(t('card.limit'), t('card.limit_each', { count: product.limitPerPerson }))]),
      ...(product.holdPolicy.kind === 'first_paid' ? [fact(t('card.sale'), t('card.first_paid'))] : []),
      ...(delivery === '' ? [] : [fact(t('card.delivery'), delivery)]),
      fact(t('card.shop'), product.shop.title),
    ],
  };
}
