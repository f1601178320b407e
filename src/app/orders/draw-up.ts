/** From chosen goods to a bill: which currency, which delivery, how much. Shared by Buy, the basket and every change before payment. */
import { fail, ok, type Result } from '../../domain/faults.ts';
import { money } from '../../domain/money.ts';
import type { ShippingFee } from '../../domain/product.ts';
import { priceOf } from '../../domain/pricing/price.ts';
import type { DeliveryMethod, Quote } from '../../domain/pricing/quote-shape.ts';
import { quoteText } from '../../domain/quote.ts';
import type { Reads } from '../../ports/store.ts';
import type { Product, Variant } from '../../ports/store/catalog.ts';
import type { Community, Person } from '../../ports/store/people.ts';
import type { BillRules } from '../promotions/coupon-rules.ts';
import type { Deps } from '../deps.ts';

export type Chosen = { readonly product: Product; readonly variant: Variant; readonly quantity: number };

export type DrawnUp = {
  readonly quote: Quote;
  readonly hash: string;
  readonly method: DeliveryMethod;
  readonly offers: readonly DeliveryMethod[];
};

/** The buyer's own currency where the seller has priced everything in it, else the community's. */
export function currencyOf(
  chosen: readonly Chosen[],
  community: Pick<Community, 'currency'>,
  person: Pick<Person, 'currency'> | null,
): string {
  const wanted = person?.currency;
  if (!wanted || wanted === community.currency) return community.currency;
  const priced = chosen.every(({ variant }) => variant.prices[wanted] !== undefined);
  const deliverable = chosen.every(
    ({ product }) => product.delivery === null || product.delivery.pickup || shippingIn(product, wanted) !== undefined,
  );
  return priced && deliverable ? wanted : community.currency;
}

function shippingIn(product: Product, currency: string): ShippingFee | undefined {
  return product.delivery?.shipping.find((one) => one.fee.currency === currency);
}

/** The ways that every physical line offers; `none` alone when nothing is physical. */
export function offersOf(chosen: readonly Chosen[], currency: string): DeliveryMethod[] {
  const physical = chosen.filter(({ product }) => product.kind === 'physical');
  if (physical.length === 0) return ['none'];
  const offers: DeliveryMethod[] = [];
  if (physical.every(({ product }) => product.delivery?.pickup)) offers.push('pickup');
  if (physical.every(({ product }) => shippingIn(product, currency))) offers.push('ship');
  return offers;
}

/** One parcel, one flat fee: the dearest of the lines' fees, waived only from the highest of their thresholds. */
function parcelFee(chosen: readonly Chosen[], currency: string): ShippingFee | undefined {
  const fees = chosen.flatMap(({ product }) => shippingIn(product, currency) ?? []);
  const [first, ...others] = fees;
  if (!first) return undefined;
  const fee = others.reduce((dearest, one) => (one.fee.amount > dearest.amount ? one.fee : dearest), first.fee);
  const thresholds = fees.flatMap((one) => one.freeFrom?.amount ?? []);
  return thresholds.length === fees.length ? { fee, freeFrom: money(Math.max(...thresholds), currency) } : { fee };
}

/** Minor units. Far above any real bill, and far enough below the safe integers that books can add many of them up. */
const BILL_MAX = 1_000_000_000_000n;

/** Refuses what has no price in the currency or no common way of delivery. `method` undefined: the first that is offered. */
export function drawUp(
  deps: Pick<Deps, 'vault'>,
  chosen: readonly Chosen[],
  currency: string,
  method?: DeliveryMethod | null,
  rules: BillRules = {},
): Result<DrawnUp> {
  const offers = offersOf(chosen, currency);
  const [usual] = offers;
  if (usual === undefined) return fail('delivery_missing');
  const picked = method && offers.includes(method) ? method : usual;
  const unpriced = chosen.find(({ variant }) => variant.prices[currency] === undefined);
  if (unpriced) return fail('currency_not_priced', { title: unpriced.product.title, currency });
  const shipping = picked === 'ship' ? parcelFee(chosen, currency) : undefined;
  const most = chosen.reduce(
    (sum, { variant, quantity }) => sum + BigInt(variant.prices[currency] ?? 0) * BigInt(quantity),
    BigInt(shipping?.fee.amount ?? 0),
  );
  if (most > BILL_MAX) return fail('amount_too_large', { title: chosen[0]?.product.title ?? '' });
  const drawn = priceOf({
    ...rules,
    currency,
    lines: chosen.map(({ product, variant, quantity }) => ({
      id: variant.id,
      variantId: variant.id,
      productId: product.id,
      shopId: product.shopId,
      title: product.title,
      choices: variant.choices,
      quantity,
      unitPrice: variant.prices[currency] ?? 0,
    })),
    shipping: { method: picked, fee: shipping?.fee.amount ?? 0, freeFrom: shipping?.freeFrom?.amount },
  });
  return ok({ quote: drawn, hash: deps.vault.digest('quote', quoteText(drawn)), method: picked, offers });
}

/** The goods of an order as they are now; lines whose product has gone are left out. */
export async function chosenOf(
  reads: Reads,
  lines: readonly { variantId: string; quantity: number }[],
): Promise<Chosen[]> {
  const chosen: Chosen[] = [];
  for (const line of lines) {
    const variant = await reads.catalog.variant(line.variantId);
    const product = variant && (await reads.catalog.product(variant.productId));
    if (variant && product) chosen.push({ product, variant, quantity: line.quantity });
  }
  return chosen;
}
