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
  | 'refund.failed';

export type SandboxEvent = {
  id: string;
  object: 'event';
  type: EventType;
  createdAt: number;
  account: string;
  livemode: false;
  data: { object: CheckoutObject | PaymentObject | RefundObject };
};

/** One line of the book. `amount` is signed: what it did to the account's balance. */
export type StatementLine = {
  id: string;
  kind: 'payment' | 'fee' | 'refund' | 'refund_failed';
  /** The payment (`payment`, `fee`) or refund (`refund`, `refund_failed`) it tells of. */
  object: string;
  /** The merchant's own reference: of the checkout, or of the refund. */
  reference: string;
  amount: number;
  currency: string;
  account: string;
  occurredAt: number;
};
