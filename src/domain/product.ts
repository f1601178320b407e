/** What a shop sells. A product has at least one variant; stock and prices belong to the variant. */
import type { Money } from './money.ts';

export const PRODUCT_KINDS = ['physical', 'digital', 'service'] as const;
export type ProductKind = (typeof PRODUCT_KINDS)[number];

export const PRODUCT_STATES = ['on_sale', 'paused', 'frozen', 'withdrawn'] as const;
export type ProductState = (typeof PRODUCT_STATES)[number];

/**
 * When stock is kept for an order.
 * `on_checkout`: kept for `minutes` from the moment the bill is made. `first_paid`: never kept; who pays first is served.
 * Group buys, which settle at a closing time, will add a third kind.
 */
export type HoldPolicy = { readonly kind: 'on_checkout'; readonly minutes: number } | { readonly kind: 'first_paid' };

export const HOLD_MINUTES_MAX = 24 * 60;
/** A first-paid order keeps no stock, but its bill and its pay link still end. */
const FIRST_PAID_ORDER_MINUTES = 60;
export const VARIANTS_MAX = 25;

/** How a digital product is handed over: one text for everybody, or single-use codes, each to at most one order. */
export type DigitalDelivery = 'text' | 'codes';

/** One option of a product ("Size": S, M, L). */
export type ProductOption = { readonly name: string; readonly values: readonly string[] };

/** Every combination of the options' values, in the order a person would read them; one empty choice when there are no options. */
export function combinations(options: readonly ProductOption[]): string[][] {
  return options.reduce<string[][]>(
    (soFar, option) => soFar.flatMap((choices) => option.values.map((value) => [...choices, value])),
    [[]],
  );
}

/** Units that can be sold now; `undefined` when stock is unlimited. */
export function available(variant: { onHand: number | null; held: number }): number | undefined {
  return variant.onHand === null ? undefined : variant.onHand - variant.held;
}

/** What the seller charges for sending, per currency of the price list; `freeFrom` waives it from that item total on. */
export type ShippingFee = { readonly fee: Money; readonly freeFrom?: Money };

/** The ways a physical product can reach its buyer. At least one of the two. */
export type DeliveryOffer = {
  readonly pickup: boolean;
  readonly pickupNote?: string;
  readonly shipping: readonly ShippingFee[];
};

export const orderMinutes = (policy: HoldPolicy): number =>
  policy.kind === 'on_checkout' ? policy.minutes : FIRST_PAID_ORDER_MINUTES;
