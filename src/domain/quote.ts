/** The bill: the only place in Pasar that adds one up. Pure; the same input gives the same bill, to the minor unit. */
import { add, allocate, compare, type Currency, type Money, money, multiply, subtract, sum } from './money.ts';
import type { ShippingFee } from './product.ts';

export type QuoteLineInput = {
  readonly variantId: string;
  readonly productId: string;
  readonly title: string;
  readonly choices: readonly string[];
  readonly quantity: number;
  readonly unitPrice: Money;
};

/**
 * What lowers or raises the bill between the items and the amount due, in the order in which it acts. The stages from
 * `item_promotion` to `points` lower item lines; `tax` says what is added on top of prices that do not already contain it.
 */
export type QuoteStage = 'item_promotion' | 'order_promotion' | 'coupon' | 'points';
export type Reduction = {
  readonly stage: QuoteStage;
  readonly sourceId: string;
  readonly label: string;
  /** Positive: how much is taken off. Never more than what is left of the lines it acts on. */
  readonly amount: Money;
  /** Indexes of the lines it acts on; all lines when absent. */
  readonly lines?: readonly number[];
};
export type AddedTax = { readonly label: string; readonly rateBps: number; readonly amount: Money };

export type QuoteInput = {
  readonly currency: Currency;
  readonly lines: readonly QuoteLineInput[];
  readonly delivery: { readonly method: DeliveryMethod; readonly shipping?: ShippingFee };
  readonly reductions?: readonly Reduction[];
  readonly tax?: readonly AddedTax[];
};

export const DELIVERY_METHODS = ['pickup', 'ship', 'none'] as const;
export type DeliveryMethod = (typeof DELIVERY_METHODS)[number];

export type QuoteLine = QuoteLineInput & { readonly subtotal: Money; readonly discount: Money; readonly total: Money };

/** Frozen with the order. Σ lines.total + delivery + tax = total, exactly. */
export type Quote = {
  readonly version: 1;
  readonly currency: Currency;
  readonly lines: readonly QuoteLine[];
  readonly items: Money;
  readonly reductions: readonly Reduction[];
  readonly delivery: { readonly method: DeliveryMethod; readonly fee: Money; readonly waived: boolean };
  readonly tax: readonly AddedTax[];
  readonly total: Money;
};

export function quote(input: QuoteInput): Quote {
  const zero = money(0, input.currency);
  const subtotals = input.lines.map((line) => {
    if (!Number.isSafeInteger(line.quantity) || line.quantity < 1)
      throw new RangeError(`quantity ${line.quantity} of ${line.variantId}: use a whole number from 1`);
    return multiply(line.unitPrice, line.quantity);
  });
  const items = sum(input.currency, subtotals);
  const left = [...subtotals];
  const reductions = input.reductions ?? [];
  for (const reduction of reductions) reduce(left, reduction);
  const lines = input.lines.map((line, index): QuoteLine => {
    const subtotal = subtotals[index] ?? zero;
    const total = left[index] ?? zero;
    return { ...line, subtotal, discount: subtract(subtotal, total), total };
  });
  const net = sum(input.currency, left);
  const delivery = deliveryFee(input, net);
  const tax = input.tax ?? [];
  const total = add(
    add(net, delivery.fee),
    sum(
      input.currency,
      tax.map((one) => one.amount),
    ),
  );
  return { version: 1, currency: input.currency, lines, items, reductions, delivery, tax, total };
}

/** Takes the reduction off the lines in proportion to what each still costs, so that the parts sum to the whole. */
function reduce(left: Money[], reduction: Reduction): void {
  const targets = reduction.lines ?? left.map((_, index) => index);
  const balances = targets.map((index) => left[index]?.amount ?? 0);
  const room = balances.reduce((total, amount) => total + amount, 0);
  if (reduction.amount.amount < 0 || reduction.amount.amount > room) {
    throw new RangeError(
      `reduction ${reduction.sourceId} takes ${reduction.amount.amount} off ${room}: clamp it before the bill`,
    );
  }
  if (room === 0) return;
  const parts = allocate(reduction.amount, balances);
  targets.forEach((index, position) => {
    const before = left[index];
    const part = parts[position];
    if (before && part) left[index] = subtract(before, part);
  });
}

/** The seller's flat fee once per order; waived when the items, after reductions, reach `freeFrom`. */
function deliveryFee(input: QuoteInput, net: Money): Quote['delivery'] {
  const { method, shipping } = input.delivery;
  const none = money(0, input.currency);
  if (method !== 'ship' || !shipping) return { method, fee: none, waived: false };
  const waived = shipping.freeFrom !== undefined && compare(net, shipping.freeFrom) >= 0;
  return { method, fee: waived ? none : shipping.fee, waived };
}

/** Canonical text of a frozen quote: what its hash is taken over. Keys are written in one fixed order by `quote` itself. */
export const quoteText = (frozen: Quote): string => JSON.stringify(frozen);
