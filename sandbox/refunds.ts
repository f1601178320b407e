import { newId, openAccount, type Bank, type RefundMode } from './bank.ts';
import { emit } from './events.ts';
import type { RefundObject } from './objects.ts';
import { Problem } from './problem.ts';
import { post } from './statement.ts';

export type RefundInput = { payment: string; amount: number; currency: string; reference: string };

type RefundRow = {
  id: string;
  payment: string;
  checkout: string;
  account: string;
  reference: string;
  status: RefundObject['status'];
  amount: number;
  currency: string;
  due_outcome: 'succeeded' | 'failed' | null;
  created_at: number;
};

const SELECT = 'SELECT r.*, p.checkout FROM refunds r JOIN payments p ON p.id = r.payment';

/**
 * Call inside a transaction. The same reference with the same content is the same refund.
 * Throws `not_found`, `reference_in_use`, `currency_mismatch`, `payment_not_refundable`, `refund_exceeds_payment`.
 */
export function createRefund(bank: Bank, account: string, input: RefundInput): RefundObject {
  const known = bank.book.one<RefundRow>(`${SELECT} WHERE r.account = ? AND r.reference = ?`, account, input.reference);
  if (known) return sameRefund(known, input);
  reserve(bank, account, input);
  const mode = openAccount(bank, account);
  const { dueAt, outcome } = planOf(bank, mode);
  const id = newId('rfd');
  bank.book.run(
    `INSERT INTO refunds (id, payment, account, reference, status, amount, currency, due_at, due_outcome, created_at)
     VALUES (?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?)`,
    id,
    input.payment,
    account,
    input.reference,
    input.amount,
    input.currency,
    dueAt,
    outcome,
    bank.now(),
  );
  if (mode === 'instant' || mode === 'succeeded_then_failed') succeed(bank, id);
  else emit(bank, 'refund.pending', view(row(bank, id)));
  return view(row(bank, id));
}

/**
 * Call inside a transaction: up to 500 refunds whose answer has come, among them those the buyer's bank sends back,
 * and how many they were.
 */
export function resolveDueRefunds(bank: Bank): number {
  const due = bank.book.all<RefundRow>(`${SELECT} WHERE r.due_at <= ? ORDER BY r.due_at, r.seq LIMIT 500`, bank.now());
  for (const refund of due) {
    bank.book.run('UPDATE refunds SET due_at = NULL WHERE id = ?', refund.id);
    if (refund.due_outcome === 'failed') fail(bank, refund);
    else succeed(bank, refund.id);
  }
  return due.length;
}

/** Throws `not_found`. */
export function retrieveRefund(bank: Bank, account: string, id: string): RefundObject {
  const refund = bank.book.one<RefundRow>(`${SELECT} WHERE r.id = ? AND r.account = ?`, id, account);
  if (!refund) throw new Problem('not_found', `No refund ${id} in this account.`);
  return view(refund);
}

/** The newest 100, or the one with that reference. */
export function listRefunds(bank: Bank, account: string, reference: string | undefined): RefundObject[] {
  return bank.book
    .all<RefundRow>(
      `${SELECT} WHERE r.account = ? AND r.reference = COALESCE(?, r.reference) ORDER BY r.seq DESC LIMIT 100`,
      account,
      reference ?? null,
    )
    .map(view);
}

function sameRefund(known: RefundRow, input: RefundInput): RefundObject {
  const same = known.payment === input.payment && known.amount === input.amount && known.currency === input.currency;
  if (same) return view(known);
  throw new Problem('reference_in_use', `Refund reference ${input.reference} was used for another refund.`);
}

/** Takes the amount out of what can still be refunded: the guarded update is what holds the cap. */
function reserve(bank: Bank, account: string, { payment, amount, currency }: RefundInput): void {
  const target = bank.book.one<{ status: string; currency: string }>(
    `SELECT status, currency FROM payments WHERE id = ? AND account = ? AND status <> 'scheduled'`,
    payment,
    account,
  );
  if (!target) throw new Problem('not_found', `No payment ${payment} in this account.`);
  if (target.currency !== currency) {
    throw new Problem('currency_mismatch', `Payment ${payment} was made in ${target.currency}, not ${currency}.`);
  }
  if (target.status !== 'succeeded') {
    throw new Problem('payment_not_refundable', `Payment ${payment} is ${target.status}: there is nothing to refund.`);
  }
  const taken = bank.book.run(
    `UPDATE payments SET refunded = refunded + ? WHERE id = ? AND status = 'succeeded' AND refunded <= amount - ?
       - (SELECT COALESCE(SUM(d.withdrawn), 0) FROM disputes d WHERE d.payment = payments.id)`,
    amount,
    payment,
    amount,
  );
  if (taken === 0) {
    throw new Problem('refund_exceeds_payment', `The refunds of payment ${payment} would exceed what was paid.`);
  }
}

function planOf(bank: Bank, mode: RefundMode): { dueAt: number | null; outcome: 'succeeded' | 'failed' | null } {
  const dueAt = bank.now() + bank.terms.slowMs;
  switch (mode) {
    case 'instant':
      return { dueAt: null, outcome: null };
    case 'pending_then_succeeded':
      return { dueAt, outcome: 'succeeded' };
    case 'pending_then_failed':
    case 'succeeded_then_failed':
      return { dueAt, outcome: 'failed' };
    default:
      return mode satisfies never;
  }
}

function succeed(bank: Bank, id: string): void {
  const moved = bank.book.run(`UPDATE refunds SET status = 'succeeded' WHERE id = ? AND status = 'pending'`, id);
  if (moved !== 1) throw new Error(`sandbox: refund ${id} succeeded twice`);
  const refund = row(bank, id);
  postRefund(bank, refund, 'refund', -refund.amount);
  emit(bank, 'refund.succeeded', view(refund));
}

function fail(bank: Bank, refund: RefundRow): void {
  bank.book.run(`UPDATE refunds SET status = 'failed' WHERE id = ?`, refund.id);
  bank.book.run('UPDATE payments SET refunded = refunded - ? WHERE id = ?', refund.amount, refund.payment);
  // Money that had left comes back; a refund that never succeeded has moved none.
  if (refund.status === 'succeeded') postRefund(bank, refund, 'refund_failed', refund.amount);
  emit(bank, 'refund.failed', view(row(bank, refund.id)));
}

function postRefund(bank: Bank, refund: RefundRow, kind: 'refund' | 'refund_failed', amount: number): void {
  const { account, id, reference, currency } = refund;
  post(bank, { account, kind, object: id, reference, amount, currency });
}

function row(bank: Bank, id: string): RefundRow {
  const found = bank.book.one<RefundRow>(`${SELECT} WHERE r.id = ?`, id);
  if (!found) throw new Error(`sandbox: refund ${id} is gone`);
  return found;
}

function view(refund: RefundRow): RefundObject {
  return {
    id: refund.id,
    object: 'refund',
    status: refund.status,
    amount: refund.amount,
    currency: refund.currency,
    payment: refund.payment,
    checkout: refund.checkout,
    reference: refund.reference,
    account: refund.account,
    livemode: false,
    createdAt: refund.created_at,
  };
}
