/** What goes into a refund and what comes out of it, as plain data. */
import * as z from 'zod';
import { readAs } from './input.ts';
import type { Quote } from './quote-shape.ts';
import { amount, count, id, instant, points } from './schema.ts';

const lineState = z.strictObject({ id, units: z.int().min(0), cash: amount, points });
const state = z.strictObject({
  /** Of each line of the quote that something came back of. */
  lines: z.array(lineState).readonly(),
  shipping: amount,
  /** All money that came back, delivery included. */
  cash: amount,
  tenders: z.array(z.strictObject({ id, amount })).readonly(),
  clawed: points,
  couponsReturned: z.array(id).readonly(),
});
/** What earlier refunds of the order gave back; the `after` of the last one. */
export type RefundState = z.infer<typeof state>;

const clawback = z.strictObject({
  policy: z.enum(['only_pending', 'within_balance', 'debt', 'deduct_from_refund']),
  /** This order's points that are not confirmed yet, and the confirmed ones that the buyer has. */
  pending: points,
  available: points,
});

const request = z.strictObject({
  lines: z
    .array(z.strictObject({ id, units: count }))
    .readonly()
    .optional(),
  /** Money instead of what the units cost; without units it is shared over what is left of the lines. */
  amount: amount.optional(),
  /** The delivery too. */
  shipping: z.boolean().optional(),
  /** When: it decides whether coupons that have ended still go back. */
  at: instant.optional(),
  clawback: clawback.optional(),
});
export type RefundRequest = z.infer<typeof request>;

/** Of the quote only what a refund reads is looked at. */
const quote = z.looseObject({
  version: z.literal(2),
  payable: amount,
  lines: z.array(z.looseObject({ id, quantity: count, cash: amount, points, pointsAmount: amount, earns: amount })),
  delivery: z.looseObject({ cash: amount }),
  tenders: z.array(z.looseObject({ id, amount })),
  applied: z.array(z.looseObject({ id, stage: z.string() })),
});

const refundInput = z.strictObject({ quote, before: state.optional(), request });

export type RefundInput = {
  readonly quote: Quote;
  readonly before?: RefundState | undefined;
  readonly request: RefundRequest;
};

export type Refunded = {
  /** All money that comes back now, before a deduction for points that are gone. */
  readonly cash: number;
  readonly lines: RefundState['lines'];
  readonly shipping: number;
  /** Where it goes: back to each stored value, and the rest to the payment channel. These and `deducted` add up to `cash`. */
  readonly tenders: RefundState['tenders'];
  readonly channel: number;
  /** What thresholds that are no longer reached keep back of it; 0 unless the order says `recompute`. */
  readonly withheld: number;
  readonly pointsRestored: number;
  readonly pointsClawed: number;
  readonly clawback: Clawback | null;
  readonly deducted: number;
  readonly couponsReturned: readonly string[];
  readonly after: RefundState;
};

/** Where the clawed points come from; their sum is `pointsClawed`. */
export type Clawback = {
  readonly fromPending: number;
  readonly fromAvailable: number;
  readonly debt: number;
  readonly writtenOff: number;
  /** Paid with money of this refund. */
  readonly deducted: number;
};

/** Throws RangeError with every place that is wrong. */
export const readRefundInput = (raw: unknown): RefundInput =>
  // A quote that these places are right of came out of `price`.
  readAs(refundInput, raw, 'The refund cannot be worked out') as unknown as RefundInput;
