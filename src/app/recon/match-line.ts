/**
 * What one line of a channel's statement is: the same thing here, found by the channel's own name for it, then by ours, then, when
 * nothing more can be on its way, as the only candidate of that amount in those days; or a difference with a name.
 */
import { dayBounds, dayOf, type LineResult, SLA_MS } from '../../domain/statement.ts';
import type { Tx } from '../../ports/store.ts';
import type { DisputeMove } from '../../ports/store/disputes.ts';
import type { Capture } from '../../ports/store/payments.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import type { StatementRow } from '../../ports/store/statements.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export type Match = {
  readonly result: LineResult;
  /** What answers the line, whether the two agree or not. */
  readonly found: { readonly type: 'capture' | 'refund' | 'dispute'; readonly id: string } | null;
  readonly orderId: string | null;
  /** What moved by our books; null where they know nothing of it. */
  readonly ours: number | null;
  readonly currency: string;
};

/**
 * Every line of the day is kept before: what one of them names is no other's. Undefined: what only a statement tells of (a payout,
 * a fee of the account). It is booked as it stands.
 */
export async function matchLine(
  tx: Tx,
  account: MerchantAccount,
  row: StatementRow,
  now: number,
): Promise<Match | 'wait' | undefined> {
  switch (row.kind) {
    case 'payment':
      return matchPayment(tx, account, row, now);
    case 'refund':
    case 'refund_failed':
      return matchRefund(tx, account, row);
    case 'dispute':
      return matchMove(tx, account, row, 'withdrawn');
    case 'dispute_reversed':
      return matchMove(tx, account, row, 'reinstated');
    case 'fee':
      return matchFee(tx, account, row);
    case 'payout':
    case 'payout_failed':
      return undefined;
    case 'adjustment':
      return missing(row);
    default:
      return row.kind satisfies never;
  }
}

const missing = (row: StatementRow): Match => ({
  ...{ result: 'missing_internal', found: null, orderId: null, ours: null },
  currency: row.currency,
});

type Ours = { readonly amount: number; readonly currency: string; readonly at: number };

function compare(row: StatementRow, ours: Ours): LineResult {
  if (row.currency !== ours.currency) return 'currency_mismatch';
  if (row.amount !== ours.amount) return 'amount_mismatch';
  return dayOf(row.occurredAt) === dayOf(ours.at) ? 'matched' : 'timing';
}

async function matchPayment(tx: Tx, account: MerchantAccount, row: StatementRow, now: number): Promise<Match | 'wait'> {
  const named = await tx.payments.captureAt(account.channel, account.accountRef, row.objectId);
  const likely = named ? undefined : await onlyLikely(tx, account, row);
  // The one that it looks like may have its own line in a statement that is still to come.
  if (likely && now < (dayBounds(dayOf(row.occurredAt))?.to ?? 0) + SLA_MS) return 'wait';
  const capture = named ?? likely;
  if (!capture) return { ...missing(row), orderId: await orderOf(tx, account, row) };
  const { id, orderId, amount, currency, at } = capture;
  const found = { type: 'capture', id } as const;
  const same = { found, orderId, ours: amount, currency };
  if (await tx.statements.rowMatchedTo('capture', id, 'payment')) return { ...same, result: 'duplicate' };
  return { ...same, result: compare(row, { amount, currency, at }) };
}

async function orderOf(tx: Tx, account: MerchantAccount, { reference }: StatementRow): Promise<string | null> {
  const attempt = reference === null ? undefined : await tx.payments.attemptByReference(account.channel, reference);
  return attempt?.merchantAccountId === account.id ? attempt.orderId : null;
}

/** The only one of that amount in those days that no line names. */
async function onlyLikely(tx: Tx, account: MerchantAccount, row: StatementRow): Promise<Capture | undefined> {
  // A payment with our name on it that is not here is missing, whatever else looks like it.
  if (row.reference !== null && (await tx.payments.attemptByReference(account.channel, row.reference)))
    return undefined;
  const span = { merchantAccountId: account.id, from: row.occurredAt - DAY_MS, to: row.occurredAt + DAY_MS };
  const [one, another] = await tx.statements.likelyCaptures(span, row);
  return one && !another ? tx.payments.capture(one.id) : undefined;
}

async function matchRefund(tx: Tx, account: MerchantAccount, row: StatementRow): Promise<Match> {
  const byName = row.reference === null ? undefined : await tx.payments.refund(row.reference);
  const refund =
    byName?.merchantAccountId === account.id ? byName : await tx.statements.refundAt(account.id, row.objectId);
  if (!refund) return missing(row);
  const { id, orderId, currency } = refund;
  const amount = row.kind === 'refund' ? 0 - refund.amount : refund.amount;
  const same = { found: { type: 'refund', id } as const, orderId, ours: amount, currency };
  if (await tx.statements.rowMatchedTo('refund', id, row.kind)) return { ...same, result: 'duplicate' };
  const entry = row.kind === 'refund' ? 'refund_succeeded' : 'refund_bounced';
  if (!(await tx.statements.hasEntry('refund', id, entry))) return { ...same, ours: 0, result: 'status_mismatch' };
  return { ...same, result: compare(row, { amount, currency, at: row.occurredAt }) };
}

async function matchMove(
  tx: Tx,
  account: MerchantAccount,
  row: StatementRow,
  kind: DisputeMove['kind'],
): Promise<Match> {
  const dispute = await tx.disputes.disputeAt(account.id, row.objectId);
  if (!dispute) return missing(row);
  const { orderId, currency } = dispute;
  const move = await tx.statements.unansweredMove(dispute.id, kind);
  if (!move) return { result: 'status_mismatch', found: null, orderId, ours: 0, currency };
  const amount = kind === 'reinstated' ? move.amount : 0 - move.amount;
  const found = { type: 'dispute', id: move.id } as const;
  return { found, orderId, ours: amount, currency, result: compare(row, { amount, currency, at: row.occurredAt }) };
}

/** A payment's fee is compared with all that the statement tells of it, once all of the day is read. */
async function matchFee(tx: Tx, account: MerchantAccount, row: StatementRow): Promise<Match | 'wait' | undefined> {
  const capture = await tx.payments.captureAt(account.channel, account.accountRef, row.objectId);
  if (capture) {
    const { id, orderId, currency } = capture;
    return { result: 'matched', found: { type: 'capture', id }, orderId, ours: row.amount, currency };
  }
  // Of a payment that nobody has placed yet: its fee goes where it goes.
  if (await tx.statements.hasUnplaced(account.id, row.objectId)) return 'wait';
  const dispute = await tx.disputes.disputeAt(account.id, row.objectId);
  return dispute && matchMove(tx, account, row, row.amount < 0 ? 'fee' : 'fee_returned');
}
