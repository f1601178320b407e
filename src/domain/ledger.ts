/**
 * The double-entry journal. A book belongs to one merchant account (one shop at one payment channel), so two shops' money never
 * stands in one balance. Debit is positive. An entry balances to zero in its one currency and is never edited: a correction is
 * another entry. No account is a customer's balance, and none can be withdrawn inside Pasar.
 */
import type { Money } from './money.ts';

export const ACCOUNTS = [
  'channel', // what the payment channel owes this shop
  'channel_fee', // what the channel kept
  'sales', // what was earned with orders
  'suspense', // money that has no order yet: late, second, mismatched
  'refunds_in_flight', // promised back, not yet confirmed by the channel
  'rounding', // the only home of a rounding difference
  'disputed', // taken back by a cardholder's bank while a dispute is open
  'bank', // paid out to the shop's bank account
] as const;
export type Account = (typeof ACCOUNTS)[number];

export const ENTRY_KINDS = [
  'captured',
  'captured_to_suspense',
  'fee',
  'suspense_delivered',
  'refund_reserved',
  'refund_succeeded',
  'refund_failed',
  'refund_bounced',
  'dispute_withdrawn',
  'dispute_reinstated',
  'dispute_fee',
  'dispute_fee_returned',
  'account_fee',
  'payout',
  'payout_failed',
  'difference',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export type Posting = { readonly account: Account; readonly amount: number };

/** Unique by (sourceType, sourceId, kind): posting the same fact again has no effect. */
export type Entry = {
  readonly book: string;
  readonly sourceType: 'capture' | 'refund' | 'dispute' | 'statement';
  readonly sourceId: string;
  readonly kind: EntryKind;
  /** Null where the money is no order's: a payout, a fee of the account. */
  readonly orderId: string | null;
  readonly currency: string;
  readonly postings: readonly Posting[];
};

type Source = { readonly book: string; readonly sourceId: string; readonly orderId: string | null };

function entry(
  sourceType: Entry['sourceType'],
  kind: EntryKind,
  source: Source,
  moved: Money,
  debit: Account,
  credit: Account,
): Entry {
  if (moved.amount <= 0)
    throw new RangeError(`${kind} of ${source.sourceId} moves ${moved.amount}: an entry moves a positive amount`);
  const { book, sourceId, orderId } = source;
  const postings = [
    { account: debit, amount: moved.amount },
    { account: credit, amount: -moved.amount },
  ];
  return { book, sourceType, sourceId, kind, orderId, currency: moved.currency, postings };
}

/** Where a capture's money lies: earned by an order, or without a home yet. */
export type MoneyHome = 'sales' | 'suspense';

export const captured = (capture: Source, paid: Money): Entry =>
  entry('capture', 'captured', capture, paid, 'channel', 'sales');
export const capturedToSuspense = (capture: Source, paid: Money): Entry =>
  entry('capture', 'captured_to_suspense', capture, paid, 'channel', 'suspense');
export const feeKnown = (capture: Source, fee: Money): Entry =>
  entry('capture', 'fee', capture, fee, 'channel_fee', 'channel');
/** Late or mismatched money that found its order after all. */
export const suspenseDelivered = (capture: Source, paid: Money): Entry =>
  entry('capture', 'suspense_delivered', capture, paid, 'suspense', 'sales');
export const refundReserved = (refund: Source, back: Money, from: MoneyHome): Entry =>
  entry('refund', 'refund_reserved', refund, back, from, 'refunds_in_flight');
export const refundSucceeded = (refund: Source, back: Money): Entry =>
  entry('refund', 'refund_succeeded', refund, back, 'refunds_in_flight', 'channel');
export const refundFailed = (refund: Source, back: Money, to: MoneyHome): Entry =>
  entry('refund', 'refund_failed', refund, back, 'refunds_in_flight', to);
/** The channel had confirmed the refund, and the buyer's bank sent it back: the money is with the channel again. */
export const refundBounced = (refund: Source, back: Money, to: MoneyHome): Entry =>
  entry('refund', 'refund_bounced', refund, back, 'channel', to);

/** The payer's bank took the money, and may give it back. One source for each movement: a dispute may have several. */
export const disputeWithdrawn = (move: Source, taken: Money): Entry =>
  entry('dispute', 'dispute_withdrawn', move, taken, 'disputed', 'channel');
export const disputeReinstated = (move: Source, back: Money): Entry =>
  entry('dispute', 'dispute_reinstated', move, back, 'channel', 'disputed');
export const disputeFee = (move: Source, fee: Money): Entry =>
  entry('dispute', 'dispute_fee', move, fee, 'channel_fee', 'channel');
export const disputeFeeReturned = (move: Source, fee: Money): Entry =>
  entry('dispute', 'dispute_fee_returned', move, fee, 'channel', 'channel_fee');

/** Known from the channel's statement alone. One that is given back is negative. */
export const accountFee = (line: Source, fee: Money): Entry =>
  signed('account_fee', line, fee, 'channel_fee', 'channel');
export const payoutSeen = (line: Source, out: Money): Entry =>
  entry('statement', 'payout', line, out, 'bank', 'channel');
export const payoutFailed = (line: Source, back: Money): Entry =>
  entry('statement', 'payout_failed', line, back, 'channel', 'bank');
/** A person decided that the channel is right: what it has more than we knew (less: negative) waits in suspense for its reason. */
export const differenceBooked = (source: Source, more: Money): Entry =>
  signed('difference', source, more, 'channel', 'suspense');

function signed(kind: EntryKind, source: Source, moved: Money, debit: Account, credit: Account): Entry {
  const { amount, currency } = moved;
  if (amount >= 0) return entry('statement', kind, source, moved, debit, credit);
  return entry('statement', kind, source, { amount: 0 - amount, currency }, credit, debit);
}

/** Σ postings of an entry; anything but 0 is a bug. */
export const imbalance = (one: Pick<Entry, 'postings'>): number =>
  one.postings.reduce((total, posting) => total + posting.amount, 0);
