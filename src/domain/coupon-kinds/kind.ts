/** What a kind of coupon (or of a promotion on the whole order) is: its own fields, its turn, and what it does to a bill. */
import type { Reason } from '../pricing/reasons.ts';

/** The bill where a rule acts. Amounts are minor units. */
export type Ground = {
  readonly currency: string;
  readonly lines: readonly { readonly quantity: number; readonly unitPrice: number }[];
  /** What each line still costs. */
  readonly left: readonly number[];
  /** Indexes of the lines in the rule's scope; at least one. */
  readonly scoped: readonly number[];
  /** What the scoped lines cost when the stage began: thresholds are measured here, once, so that rules cannot disqualify each other. */
  readonly base: number;
  /** What the scoped lines still cost. */
  readonly room: number;
  /** The fee for sending; undefined when nothing is sent. */
  readonly fee: number | undefined;
};

export type Gift = {
  readonly productId: string;
  readonly variantId?: string | undefined;
  readonly title?: string | undefined;
  readonly quantity: number;
};

export type Effect =
  /** Shared over the scoped lines in proportion to what is left of each. */
  | { readonly does: 'take'; readonly amount: number }
  | { readonly does: 'take_from'; readonly parts: readonly LinePart[] }
  /** At most so much of the fee; all of it when undefined. */
  | { readonly does: 'ship'; readonly amount: number | undefined }
  | { readonly does: 'give'; readonly gift: Gift }
  | { readonly does: 'nothing'; readonly reason: Reason; readonly shortfall?: number };

export type LinePart = { readonly line: number; readonly amount: number };

export type Kind<S> = {
  /** Turn among rules of equal priority. */
  readonly rank: number;
  readonly effect: (spec: S, ground: Ground) => Effect;
};

export const nothing = (reason: Reason, shortfall?: number): Effect =>
  shortfall === undefined ? { does: 'nothing', reason } : { does: 'nothing', reason, shortfall };

/** Never more than there is. */
export const take = (amount: number, room: number): Effect => ({ does: 'take', amount: Math.min(amount, room) });
