/**
 * The shapes the API answers with and the webhooks carry. Amounts are integers of minor units, instants integer
 * milliseconds since 1970.
 */
export type CheckoutObject = {
  id: string;
  object: 'checkout';
  /** The hosted page. It carries a secret token: only the buyer should get it. */
  url: string;
  /** `complete` once the buyer has paid or a slow payment is under way. A late payment leaves it `expired`. */
  status: 'open' | 'complete' | 'expired';
  /** What counts: `paid` when any payment succeeded, whatever the status says. */
  paymentStatus: 'unpaid' | 'pending' | 'paid' | 'failed';
  amount: number;
  currency: string;
  reference: string;
  account: string;
  livemode: false;
  description: string;
  expiresAt: number;
  metadata: Record<string, string>;
  payments: PaymentSummary[];
  declines: { code: DeclineCode; at: number }[];
  createdAt: number;
};

export type PaymentSummary = {
  id: string;
  status: 'pending' | 'succeeded' | 'failed';
  amount: number;
  currency: string;
  /** 0 until it succeeded. */
  fee: number;
  declineCode?: DeclineCode;
  createdAt: number;
};

export type PaymentObject = PaymentSummary & {
  object: 'payment';
  checkout: string;
  /** Of its checkout. */
  reference: string;
  account: string;
  livemode: false;
  metadata: Record<string, string>;
};

export type RefundObject = {
  id: string;
  object: 'refund';
  status: 'pending' | 'succeeded' | 'failed';
  amount: number;
  currency: string;
  payment: string;
  checkout: string;
  reference: string;
  account: string;
  livemode: false;
  createdAt: number;
};

/** The payer's bank takes a payment up. The whole of it stands in every event. */
export type DisputeObject = {
  id: string;
  object: 'dispute';
  /** `inquiry`: the bank asks, and takes nothing. */
  status: 'inquiry' | 'needs_response' | 'under_review' | 'won' | 'lost' | 'accepted';
  amount: number;
  currency: string;
  reason: DisputeReason;
  /** Null once there is nothing to answer. */
  respondBy: number | null;
  /** What the bank holds now: 0 before it took the money, and after it gave it back. */
  withdrawn: number;
  fee: number;
  payment: string;
  checkout: string;
  /** Of the checkout. */
  reference: string;
  account: string;
  livemode: false;
  metadata: Record<string, string>;
  createdAt: number;
};

export const DISPUTE_REASONS = ['fraudulent', 'not_received', 'not_as_described', 'duplicate'] as const;
export type DisputeReason = (typeof DISPUTE_REASONS)[number];

/** The bank suspects fraud, and has not taken the money back. */
export type WarningObject = {
  id: string;
  object: 'warning';
  reason: 'suspected_fraud';
  payment: string;
  checkout: string;
  reference: string;
  account: string;
  livemode: false;
  metadata: Record<string, string>;
  createdAt: number;
};

export type PayoutObject = {
  id: string;
  object: 'payout';
  status: 'in_transit' | 'paid' | 'failed';
  amount: number;
  currency: string;
  account: string;
  livemode: false;
  arrivesAt: number;
  createdAt: number;
};

export const DECLINE_CODES = [
  'insufficient_funds',
  'card_declined',
  'expired_card',
  'suspected_fraud',
  'bank_unavailable',
] as const;

export type DeclineCode = (typeof DECLINE_CODES)[number];

export type EventType =
  | 'checkout.completed'
  | 'checkout.expired'
  | 'payment.pending'
  | 'payment.succeeded'
  | 'payment.failed'
  | 'refund.pending'
  | 'refund.succeeded'
  | 'refund.failed'
  | 'dispute.opened'
  | 'dispute.updated'
  | 'dispute.closed'
  | 'warning.opened'
  | 'payout.created'
  | 'payout.paid'
  | 'payout.failed';

export type SandboxEvent = {
  id: string;
  object: 'event';
  type: EventType;
  createdAt: number;
  account: string;
  livemode: false;
  data: { object: CheckoutObject | PaymentObject | RefundObject | DisputeObject | WarningObject | PayoutObject };
};

/** One line of the book. `amount` is signed: what it did to the account's balance. */
export type StatementLine = {
  id: string;
  kind: LineKind;
  /** The payment, refund, dispute or payout that it tells of; a fee's is what it was taken for. */
  object: string;
  /** The merchant's own reference: of the checkout, or of the refund; a payout's is its own id. */
  reference: string;
  amount: number;
  currency: string;
  account: string;
  occurredAt: number;
  /** When it can be paid out; of a payout, when it arrives. */
  availableAt: number;
  /** The payout that took it along; null while it is still here. */
  payout: string | null;
};

type LineKind =
  | 'payment'
  | 'fee'
  | 'refund'
  | 'refund_failed'
  | 'dispute'
  | 'dispute_reversed'
  | 'payout'
  | 'payout_failed'
  | 'adjustment';
