/**
 * One movement of an account's balance at the channel. What it changed is `amount - fee`; a fee of a payment is told in one way only,
 * in the payment's own line or as a line of kind `fee`, never both. A statement names every movement once, under one `id` for ever.
 */
export type StatementLine = {
  readonly id: string;
  /** `dispute` takes, `dispute_reversed` gives back; `payout` leaves for the bank account, `payout_failed` comes back from there. */
  readonly kind:
    | 'payment'
    | 'fee'
    | 'refund'
    | 'refund_failed'
    | 'dispute'
    | 'dispute_reversed'
    | 'payout'
    | 'payout_failed'
    | 'adjustment';
  /** The channel's own name for the payment, refund, dispute or payout; of a fee, for what it was taken. */
  readonly objectId: string;
  /** Ours (Attempt.reference, Refund.id), where the channel knows it. */
  readonly reference: string | null;
  /** Gross and signed, minor units: what came is positive, what left is negative. */
  readonly amount: number;
  /** Kept by the channel beside the amount; never negative. */
  readonly fee: number;
  readonly currency: string;
  readonly occurredAt: number;
  /** When it may be paid out, or arrives at the bank; null where the channel does not say. */
  readonly availableAt: number | null;
  /** The payout that it left with; null while it is on no payout, or the channel does not say. */
  readonly payoutRef: string | null;
};
