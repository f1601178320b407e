/** What is owed, each try to pay it, each movement of money that a channel proved, refunds, and the journal. */
import type { Account, Entry } from '../../domain/ledger.ts';
import type { AttemptState, PaymentException, PaymentState } from '../../domain/payment.ts';
import type { RefundState } from '../../domain/refund.ts';
import type { NextAction } from '../payment-channel.ts';

/** What is owed for one order; made with its first attempt, and from then on the order's total is fixed. `exceptions` are facts beside the state. */
export type Payment = {
  readonly id: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: PaymentState;
  readonly exceptions: readonly PaymentException[];
  readonly createdAt: number;
};

/** One try at one channel. `reference` is ours and unique at the channel's account; `channelRef` is the channel's own name for it. */
export type Attempt = {
  readonly id: string;
  readonly paymentId: string;
  readonly orderId: string;
  readonly channel: string;
  readonly merchantAccountId: string;
  readonly reference: string;
  readonly channelRef: string | null;
  readonly state: AttemptState;
  readonly amount: number;
  readonly currency: string;
  readonly nextAction: NextAction | null;
  /** Our word for the last refusal: a key of `decline.*`. */
  readonly declineCode: string | null;
  /** Cash: who pressed Money received first, where two are needed. */
  readonly firstConfirmerId: string | null;
  /** When the sweep asks the channel next; null when nothing is to be asked. */
  readonly nextCheckAt: number | null;
  readonly checks: number;
  readonly createdAt: number;
  readonly expiresAt: number | null;
};

/** `applied` pays the order; the others wait in suspense until delivered, refunded or resolved by a person. */
export const CAPTURE_USES = ['applied', 'late', 'duplicate', 'conflicted'] as const;
export type CaptureUse = (typeof CAPTURE_USES)[number];

/** Money that a channel proved, once per (merchant account, channel's own payment id). */
export type Capture = {
  readonly id: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly attemptId: string;
  readonly channel: string;
  readonly merchantAccountId: string;
  readonly channelRef: string;
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly use: CaptureUse;
  /** Σ refunds that are not failed, rejected or cancelled; never above `amount`. */
  readonly refunding: number;
  /** Σ what banks hold of it in disputes. */
  readonly withdrawn: number;
  readonly at: number;
};

export const REFUND_CAUSES = ['seller', 'admin', 'duplicate', 'late', 'cancelled_order'] as const;
export type RefundCause = (typeof REFUND_CAUSES)[number];

export type Refund = {
  readonly id: string;
  readonly captureId: string;
  readonly orderId: string;
  readonly channel: string;
  readonly merchantAccountId: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: RefundState;
  readonly cause: RefundCause;
  /** Null when a rule of ours asked for it. */
  readonly requestedBy: string | null;
  readonly restock: boolean;
  /** Units per order line; empty for a refund by amount. */
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  readonly channelRef: string | null;
  readonly nextCheckAt: number | null;
  readonly checks: number;
  readonly createdAt: number;
  /** When the channel was first called with its key; null before that, and for what a person pays. */
  readonly submittedAt: number | null;
};

/** Something that a person must decide: money that no rule of ours may place. */
export type Case = {
  readonly id: string;
  readonly communityId: string;
  readonly orderId: string | null;
  readonly kind: 'payment_conflict' | 'refund_failed' | 'poison_event' | 'unknown_outcome' | 'recon_break';
  readonly params: Readonly<Record<string, string | number>>;
  readonly openedAt: number;
  readonly resolvedAt: number | null;
};

export type Balance = {
  readonly book: string;
  readonly account: Account;
  readonly currency: string;
  readonly amount: number;
};

export interface PaymentReads {
  payment(id: string): Promise<Payment | undefined>;
  paymentOf(orderId: string): Promise<Payment | undefined>;
  attempt(id: string): Promise<Attempt | undefined>;
  attempts(orderId: string): Promise<readonly Attempt[]>;
  attemptByReference(channel: string, reference: string): Promise<Attempt | undefined>;
  /** Attempts whose `nextCheckAt` has come. */
  dueAttempts(now: number, limit: number): Promise<readonly Attempt[]>;
  captures(orderId: string): Promise<readonly Capture[]>;
  capture(id: string): Promise<Capture | undefined>;
  /** By the channel's own names for account and payment. */
  captureAt(channel: string, accountRef: string, channelRef: string): Promise<Capture | undefined>;
  refund(id: string): Promise<Refund | undefined>;
  refunds(orderId: string): Promise<readonly Refund[]>;
  dueRefunds(now: number, limit: number): Promise<readonly Refund[]>;
  balances(book: string): Promise<readonly Balance[]>;
  /** Those that nobody has resolved, oldest first. */
  cases(communityId: string, limit: number): Promise<readonly Case[]>;
  /** By id, whether it is resolved or not. */
  openCase(id: string): Promise<Case | undefined>;
}

export type AttemptChanges = Partial<
  Pick<
    Attempt,
    'channelRef' | 'nextAction' | 'declineCode' | 'firstConfirmerId' | 'nextCheckAt' | 'checks' | 'expiresAt'
  >
>;

export interface PaymentWrites extends PaymentReads {
  insertPayment(row: Payment): Promise<boolean>;
  movePayment(id: string, from: PaymentState, to: PaymentState): Promise<boolean>;
  addException(paymentId: string, exception: PaymentException): Promise<void>;
  /** False when the payment has a live attempt at this channel already (a unique index says so). */
  insertAttempt(row: Attempt): Promise<boolean>;
  /** Guarded by the state it was read in; `to` may equal it (changes only). */
  moveAttempt(id: string, from: AttemptState, to: AttemptState, changes?: AttemptChanges): Promise<boolean>;
  /** False when this money is known already: the effect has happened. */
  insertCapture(row: Capture): Promise<boolean>;
  setCaptureUse(id: string, from: CaptureUse, to: CaptureUse): Promise<boolean>;
  /** `refunding += amount` while that and what banks hold stay within the capture. Guarded; false when too much. */
  reserveRefund(captureId: string, amount: number): Promise<boolean>;
  releaseRefund(captureId: string, amount: number): Promise<void>;
  /** What banks hold of the capture changes by so much. */
  addWithdrawn(captureId: string, by: number): Promise<void>;
  insertRefund(row: Refund): Promise<boolean>;
  moveRefund(
    id: string,
    from: RefundState,
    to: RefundState,
    changes?: Partial<Pick<Refund, 'channelRef' | 'nextCheckAt' | 'checks'>>,
  ): Promise<boolean>;
  /** Once, before the first call of the channel: false when it was marked already. */
  markRefundSubmitted(id: string, at: number): Promise<boolean>;
  /** How a refund paid by hand can be proved: the payer's own words, sealed. */
  putRefundProof(refundId: string, proof: string): Promise<void>;
  /** Writes the journal transaction, its postings and the account balances; false when (source, kind) is posted already. */
  post(entry: Entry, id: string, at: number): Promise<boolean>;
  insertCase(row: Case): Promise<boolean>;
  /** Once; with what was decided, by whom (null: by a rule) and why, in their own words. */
  resolveCase(
    id: string,
    at: number,
    how: { readonly decision: string; readonly by: string | null; readonly reason: string },
  ): Promise<boolean>;
}
