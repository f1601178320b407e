/** A person decides about a difference: the channel is right, and the books follow it; or it is explained, and nothing moves. */
import { refundMachine } from '../../domain/refund.ts';
import { accountFee, differenceBooked } from '../../domain/ledger.ts';
import { money } from '../../domain/money.ts';
import type { Tx } from '../../ports/store.ts';
import type { Attempt } from '../../ports/store/payments.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import type { Break, StatementRow } from '../../ports/store/statements.ts';
import { asHandedOver } from '../money/create-refund.ts';
import { applyRefundTruth } from '../money/apply-refund.ts';
import { applyTruth } from '../money/apply-truth.ts';
import type { When } from '../timeline.ts';
import { matchLine } from './match-line.ts';

export async function resolveBreak(tx: Tx, at: When, one: Break, decision: 'book' | 'dismiss'): Promise<void> {
  const account = await tx.people.merchantAccount(one.merchantAccountId);
  if (!account) throw new Error(`break ${one.id} has no account`);
  if (decision === 'book') await book(tx, at, account, one);
  await tx.statements.closeBreak(one.id, at.now);
}

async function book(tx: Tx, at: When, account: MerchantAccount, one: Break): Promise<void> {
  const row = one.rowId === null ? undefined : await tx.statements.statementRow(one.rowId);
  if (!row) return bookDifference(tx, at, { book: account.id, sourceId: one.id }, 0 - (one.ours ?? 0), one.currency);
  if (one.kind === 'fee_mismatch') return bookFee(tx, at, account, one);
  if (one.subject !== row.id)
    return bookDifference(tx, at, { book: account.id, sourceId: one.id }, gap(one), one.currency);
  if (row.kind === 'payment' && one.kind === 'missing_internal' && (await recordPayment(tx, at, account, row))) return;
  if (row.kind !== 'payment' && one.kind === 'status_mismatch' && (await applyStatus(tx, at, account, row))) return;
  await bookAsDifference(tx, at, account, { row, one });
}

const gap = ({ ours, theirs }: Break): number => (theirs ?? 0) - (ours ?? 0);

/** Every road of news about a payment ends there: the order is paid, or the money goes where late and second money goes. */
async function recordPayment(tx: Tx, at: When, account: MerchantAccount, row: StatementRow): Promise<boolean> {
  const attempt = await attemptOf(tx, account, row);
  if (!attempt) return false;
  const { objectId: channelRef, amount, currency, fee } = row;
  const payments = [{ channelRef, state: 'succeeded', amount, currency, fee }] as const;
  await applyTruth(tx, at, attempt, { state: 'succeeded', payments }, 'notice');
  return rematch(tx, at, account, row);
}

async function attemptOf(tx: Tx, account: MerchantAccount, { reference }: StatementRow): Promise<Attempt | undefined> {
  const attempt = reference === null ? undefined : await tx.payments.attemptByReference(account.channel, reference);
  return attempt?.merchantAccountId === account.id ? attempt : undefined;
}

/** The channel paid a refund out, or had it sent back, and we had not heard. */
async function applyStatus(tx: Tx, at: When, account: MerchantAccount, row: StatementRow): Promise<boolean> {
  const found = foundBy(await matchLine(tx, account, row, at.now));
  const refund = found?.type === 'refund' ? await tx.payments.refund(found.id) : undefined;
  const to = row.kind === 'refund' ? 'succeeded' : 'failed';
  if (!refund || Math.abs(row.amount) !== refund.amount) return false;
  await asHandedOver(tx, refund);
  const state = (await tx.payments.refund(refund.id))?.state ?? refund.state;
  if (!refundMachine.can(state, to)) return false;
  await applyRefundTruth(tx, at, refund.id, { state: to, channelRef: row.objectId });
  return rematch(tx, at, account, row);
}

const foundBy = (match: Awaited<ReturnType<typeof matchLine>>) => (match === 'wait' ? undefined : match?.found);

/** Answers whether the line is matched now. */
async function rematch(tx: Tx, at: When, account: MerchantAccount, row: StatementRow): Promise<boolean> {
  const match = await matchLine(tx, account, row, at.now);
  if (match === 'wait' || !match?.found || (match.result !== 'matched' && match.result !== 'timing')) return false;
  return tx.statements.setResult(row.id, match.result, match.found);
}

/**
 * What answers the line, and differs from it, is kept as it is; the difference stands beside it. A line that nothing answers is
 * booked whole.
 */
async function bookAsDifference(
  tx: Tx,
  at: When,
  account: MerchantAccount,
  { row, one }: { row: StatementRow; one: Break },
): Promise<void> {
  const moved = row.amount - row.fee;
  const source = { book: account.id, sourceId: row.id };
  const match =
    one.kind === 'amount_mismatch' || one.kind === 'currency_mismatch'
      ? await matchLine(tx, account, row, at.now)
      : undefined;
  if (match === 'wait' || !match?.found) {
    await tx.statements.setResult(row.id, 'matched', { type: 'statement', id: row.id });
    return bookDifference(tx, at, source, moved, row.currency);
  }
  await tx.statements.setResult(row.id, 'matched', match.found);
  if (one.kind === 'amount_mismatch')
    return bookDifference(tx, at, source, row.amount - (match.ours ?? 0), row.currency);
  // Two currencies are two entries: ours never came, theirs did.
  await bookDifference(tx, at, { ...source, sourceId: one.id }, 0 - (match.ours ?? 0), match.currency);
  await bookDifference(tx, at, source, row.amount, row.currency);
}

type Source = { readonly book: string; readonly sourceId: string };

async function bookDifference(tx: Tx, at: When, source: Source, more: number, currency: string): Promise<void> {
  if (more === 0) return;
  const entry = differenceBooked({ ...source, orderId: null }, money(more, currency));
  await tx.payments.post(entry, at.deps.ids.next(), at.now);
}

async function bookFee(tx: Tx, at: When, account: MerchantAccount, one: Break): Promise<void> {
  const more = 0 - gap(one);
  if (more === 0) return;
  const entry = accountFee({ book: account.id, sourceId: one.id, orderId: null }, money(more, one.currency));
  await tx.payments.post(entry, at.deps.ids.next(), at.now);
}
