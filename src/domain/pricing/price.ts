/**
 * A bill from plain data: A item promotions, B order promotions, C coupons, D points, E delivery, F tax, G stored value. Pure; the same
 * input gives the same bill to the minor unit, in whatever order rules and coupons are given.
 */
import { earningOf } from '../points/earning.ts';
import { shareOut } from '../money.ts';
import { applyCoupons } from './coupons.ts';
import { type Coupon, type ItemPromotion, type OrderPromotion, type PriceInput, readPriceInput } from './input.ts';
import { applyItemPromotions } from './item-promotions.ts';
import { applyOrderPromotions } from './order-promotions.ts';
import type { Quote, QuoteLine } from './quote-shape.ts';
import { settle, type Settled } from './settle.ts';
import { openState, type State, sumOf } from './state.ts';

/** The door for scripts: anything that is no bill is refused with a RangeError that names every wrong place. */
export const price = (raw: unknown): Quote => priceOf(readPriceInput(raw));

/** For input that is known to be right. */
export const priceOf = (input: PriceInput): Quote => finish(withPromotions(input), input.coupons ?? []);

/** Stages A and B, which every choice of coupons has in common. */
export function withPromotions(input: PriceInput, spentBefore?: State['spentBefore']): State {
  const state = openState(input, spentBefore);
  const items: ItemPromotion[] = [];
  const orders: OrderPromotion[] = [];
  for (const promotion of input.promotions ?? [])
    if (promotion.stage === 'item') items.push(promotion);
    else orders.push(promotion);
  applyItemPromotions(state, items);
  applyOrderPromotions(state, orders);
  return state;
}

/** Stages C to G. The state is used up. */
export function finish(state: State, coupons: readonly Coupon[]): Quote {
  const settled = settle(state, applyCoupons(state, coupons));
  return quoteOf(state, settled);
}

function quoteOf(state: State, settled: Settled): Quote {
  const { input } = state;
  const earns = earningBases(state, settled);
  const lines = [...input.lines.map((_, index) => lineOf(state, settled, earns, index)), ...giftLines(state)];
  const { plan } = settled;
  const delivery = input.shipping;
  return {
    version: 2,
    currency: input.currency,
    at: input.at ?? 0,
    zone: input.zone ?? null,
    chat: input.chat ?? null,
    tier: input.buyer?.tier ?? null,
    lines,
    items: sumOf(state.subtotals),
    applied: state.applied,
    rejected: state.rejected,
    points: plan ? pointsOf(plan) : null,
    pointsValue: input.points?.rule.value[input.currency] ?? null,
    delivery: {
      method: delivery ? (delivery.method ?? 'ship') : 'none',
      fee: delivery?.fee ?? 0,
      waived: settled.waived,
      net: settled.deliveryNet,
      tax: settled.deliveryTax,
      cash: settled.deliveryCash,
    },
    tax: { mode: input.tax?.mode ?? 'inclusive', rates: settled.rates },
    total: settled.total,
    payable: settled.payable,
    tenders: settled.tenders,
    due: settled.due,
    problem: settled.problem,
    earned: earningOf(input, sumOf(earns)),
    onBreach: input.onBreach ?? 'keep',
    ...(input.onBreach === 'recompute' ? { input } : {}),
  };
}

function pointsOf(plan: NonNullable<Settled['plan']>): NonNullable<Quote['points']> {
  const { spent, amount, treatment, asked, limitedBy } = plan;
  return { spent, amount, treatment, asked, ...(limitedBy === undefined ? {} : { limitedBy }) };
}

function lineOf({ input, subtotals }: State, settled: Settled, earns: readonly number[], index: number): QuoteLine {
  const line = input.lines[index];
  if (!line) throw new Error(`there is no line ${index}`);
  const { id, quantity, unitPrice, productId = id, variantId = id, title = '', choices = [] } = line;
  const subtotal = subtotals[index] ?? 0;
  const total = settled.nets[index] ?? 0;
  return {
    ...{ id, productId, variantId, title, choices, quantity, unitPrice, subtotal, discount: subtotal - total, total },
    tax: settled.taxes[index] ?? 0,
    points: settled.points[index] ?? 0,
    pointsAmount: settled.pointsAmounts[index] ?? 0,
    cash: settled.cash[index] ?? 0,
    earns: earns[index] ?? 0,
  };
}

/** A gift costs nothing, and nothing comes back for it. */
function giftLines({ gifts }: State): QuoteLine[] {
  const none = {
    unitPrice: 0,
    subtotal: 0,
    discount: 0,
    total: 0,
    tax: 0,
    points: 0,
    pointsAmount: 0,
    cash: 0,
    earns: 0,
  };
  return gifts.map(({ gift, by }) => {
    const { productId, variantId = productId, title = '', quantity } = gift;
    return { id: `gift:${by}`, productId, variantId, title, choices: [], quantity, ...none, giftBy: by };
  });
}

/** What of each line earns points: what was paid for it before tax, neither with points nor with value that was given. */
function earningBases({ input, left }: State, settled: Settled): number[] {
  if (!input.earning) return left.map(() => 0);
  const given = settled.tenders.reduce((sum, one) => (one.promotional ? sum + one.amount : sum), 0);
  const shares = given > 0 ? shareOut(given, [...settled.cash, settled.deliveryCash]) : [];
  return left.map((amount, index) => {
    const line = input.lines[index];
    if (line?.giftCard === true || line?.earns === false) return 0;
    return Math.max(0, amount - (settled.pointsAmounts[index] ?? 0) - (shares[index] ?? 0));
  });
}
