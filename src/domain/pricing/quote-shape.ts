/** The frozen bill, version 2: plain data, whole minor units of one currency. It is stored with the order and read by every refund. */
import type { LinePart } from '../coupon-kinds/kind.ts';
import type { PriceInput } from './input.ts';
import type { Reason } from './reasons.ts';

export const DELIVERY_METHODS = ['pickup', 'ship', 'none'] as const;
export type DeliveryMethod = (typeof DELIVERY_METHODS)[number];

export type Stage = 'item_promotion' | 'order_promotion' | 'coupon';

/** What a rule did. `amount`: off the items and the fee together, minor units, positive. */
export type Applied = {
  readonly stage: Stage;
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly label: string;
  readonly amount: number;
  /** Its parts by line of the bill, without the zeros; they and `shipping` add up to `amount`. */
  readonly lines: readonly LinePart[];
  readonly shipping: number;
  readonly funder: 'shop' | 'community' | 'platform';
  /** Of coupons. */
  readonly code?: string;
  readonly until?: number;
  readonly returnGraceMs?: number;
};

export type Rejected = {
  readonly stage: Stage | 'points';
  readonly id: string;
  readonly label: string;
  readonly reason: Reason;
  /** Minor units, or units of goods where the reason speaks of them. */
  readonly shortfall?: number;
  /** The id of the rule that stood in the way. */
  readonly by?: string;
};

export type QuoteLine = {
  readonly id: string;
  readonly productId: string;
  readonly variantId: string;
  readonly title: string;
  readonly choices: readonly string[];
  readonly quantity: number;
  readonly unitPrice: number;
  /** unitPrice * quantity. */
  readonly subtotal: number;
  /** Promotions, coupons, and points where they lower the price. */
  readonly discount: number;
  /** subtotal - discount: what is taxed. */
  readonly total: number;
  /** Its part of the tax; within `total` where prices contain the tax. */
  readonly tax: number;
  /** Points spent on it, and what they are worth. */
  readonly points: number;
  readonly pointsAmount: number;
  /** What was paid for it with money: total, tax that was added, less points that paid. */
  readonly cash: number;
  /** What of it earns points. */
  readonly earns: number;
  /** The id of the coupon or promotion that gave it. */
  readonly giftBy?: string;
};

export type QuoteTax = {
  readonly id: string;
  readonly label: string;
  readonly bps: number;
  /** What the rate was applied to, once. */
  readonly base: number;
  readonly amount: number;
};

export type QuotePoints = {
  readonly spent: number;
  readonly amount: number;
  readonly treatment: 'price_reduction' | 'tender';
  readonly asked: number;
  /** What kept it below what was asked for. */
  readonly limitedBy?: 'balance' | 'share' | 'step' | 'minimum_charge';
};
/** So many points are worth so many minor units. */
export type PointsValue = { readonly points: number; readonly amount: number };

export type QuoteEarning = {
  readonly points: number;
  readonly base: number;
  readonly rate: { readonly points: number; readonly per: number };
  readonly multiplierBps: number;
};

/**
 * total = Σ lines.total + delivery.net + tax that is added; payable = total - points that pay; due = payable - Σ tenders.
 * Σ lines.cash + delivery.cash = payable.
 */
export type Quote = {
  readonly version: 2;
  readonly currency: string;
  readonly at: number;
  readonly zone: string | null;
  readonly chat: string | null;
  readonly tier: string | null;
  readonly lines: readonly QuoteLine[];
  /** Σ lines.subtotal. */
  readonly items: number;
  readonly applied: readonly Applied[];
  readonly rejected: readonly Rejected[];
  readonly points: QuotePoints | null;
  /** In this currency: by this a clawback is valued. */
  readonly pointsValue: PointsValue | null;
  readonly delivery: {
    readonly method: DeliveryMethod;
    readonly fee: number;
    /** The items reached the threshold. */
    readonly waived: boolean;
    /** What is charged before tax: the fee, unless waived, less what promotions and coupons took. */
    readonly net: number;
    readonly tax: number;
    readonly cash: number;
  };
  readonly tax: { readonly mode: 'inclusive' | 'exclusive'; readonly rates: readonly QuoteTax[] };
  readonly total: number;
  readonly payable: number;
  readonly tenders: readonly { readonly id: string; readonly amount: number; readonly promotional: boolean }[];
  readonly due: number;
  /** It cannot be charged as it is, and nothing was changed silently. */
  readonly problem: { readonly code: 'BELOW_MIN_CHARGE'; readonly minimum: number; readonly shortfall: number } | null;
  readonly earned: QuoteEarning | null;
  readonly onBreach: 'keep' | 'recompute';
  /** What it was drawn up from, kept where a refund draws the rest up again. */
  readonly input?: PriceInput;
};
