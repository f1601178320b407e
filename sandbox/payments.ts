import { newId, type Bank } from './bank.ts';
import { checkoutRow, findCheckout, summaryOf, viewCheckout, type CheckoutRow, type PaymentRow } from './checkouts.ts';
import { emit } from './events.ts';
import type { CheckoutObject, DeclineCode, PaymentObject } from './objects.ts';
import { Problem } from './problem.ts';
import { post } from './statement.ts';

/** What a buyer may do on the hosted page. */
export type PayChoice = {
  /** `late` pays by itself after the checkout has expired; `twice` makes two succeeded payments. */
  mode: 'now' | 'twice' | 'slow_success' | 'slow_fail' | 'late' | 'decline';
  /** Of a decline, or of a slow payment that fails. */
  reason?: DeclineCode;
  /** Of a slow payment: how long it stays pending. */
  afterMs?: number;
};

/** Call inside a transaction. Throws `not_found`, `checkout_complete`, `checkout_expired`. */
export function pay(bank: Bank, checkoutId: string, choice: PayChoice): CheckoutObject {
  const checkout = findCheckout(bank, { id: checkoutId });
  if (checkout.status === 'complete') throw new Problem('checkout_complete', `Checkout ${checkoutId} is complete.`);
  if (checkout.status === 'expired') throw new Problem('checkout_expired', `Checkout ${checkoutId} has expired.`);
  act(bank, checkout, choice);
  return viewCheckout(bank, checkoutRow(bank, checkoutId));
}

function act(bank: Bank, checkout: CheckoutRow, { mode, reason, afterMs }: PayChoice): void {
  switch (mode) {
    case 'now':
    case 'twice':
      for (let payment = 1; payment <= (mode === 'twice' ? 2 : 1); payment++) {
        succeed(bank, open(bank, checkout, { status: 'pending' }));
      }
      return complete(bank, checkout);
    case 'slow_success':
    case 'slow_fail': {
      const payment = open(bank, checkout, {
        status: 'pending',
        dueAt: bank.now() + (afterMs ?? bank.terms.slowMs),
        dueOutcome: mode === 'slow_success' ? 'succeeded' : 'failed',
        reason: mode === 'slow_fail' ? (reason ?? 'bank_unavailable') : undefined,
      });
      emit(bank, 'payment.pending', viewPayment(bank, payment));
      return complete(bank, checkout);
    }
    case 'late':
      // Two wishes to pay late are one wish.
      if (isScheduled(bank, checkout.id)) return;
      open(bank, checkout, {
        status: 'scheduled',
        dueAt: checkout.expires_at + bank.terms.lateMs,
        dueOutcome: 'succeeded',
      });
      return;
    case 'decline':
      fail(bank, open(bank, checkout, { status: 'pending', reason: reason ?? 'card_declined' }));
      return;
    default:
      mode satisfies never;
  }
}

export function isScheduled(bank: Bank, checkoutId: string): boolean {
  return bank.book.one(`SELECT 1 FROM payments WHERE checkout = ? AND status = 'scheduled'`, checkoutId) !== undefined;
}

/** Call inside a transaction: up to 500 slow and late payments whose time has come, and how many they were. */
export function resolveDuePayments(bank: Bank): number {
  const due = bank.book.all<PaymentRow>(
    `SELECT * FROM payments WHERE status IN ('scheduled', 'pending') AND due_at <= ? ORDER BY due_at, seq LIMIT 500`,
    bank.now(),
  );
  for (const row of due) {
    if (row.due_outcome === 'failed') fail(bank, row.id);
    else succeed(bank, row.id);
  }
  return due.length;
}

type Opening = {
  status: 'scheduled' | 'pending';
  dueAt?: number;
  dueOutcome?: 'succeeded' | 'failed';
  reason?: DeclineCode | undefined;
};

function open(bank: Bank, checkout: CheckoutRow, { status, dueAt, dueOutcome, reason }: Opening): string {
  const id = newId('pay');
  bank.book.run(
    `INSERT INTO payments (id, checkout, account, status, amount, currency, decline_code, due_at, due_outcome, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    checkout.id,
    checkout.account,
    status,
    checkout.amount,
    checkout.currency,
    reason ?? null,
    dueAt ?? null,
    dueOutcome ?? null,
    bank.now(),
  );
  return id;
}

function complete(bank: Bank, checkout: CheckoutRow): void {
  const moved = bank.book.run(`UPDATE checkouts SET status = 'complete' WHERE id = ? AND status = 'open'`, checkout.id);
  if (moved !== 1) throw new Error(`sandbox: checkout ${checkout.id} was not open when it was completed`);
  emit(bank, 'checkout.completed', viewCheckout(bank, checkoutRow(bank, checkout.id)));
}

function succeed(bank: Bank, id: string): void {
  const { amount } = paymentRow(bank, id);
  const fee = Number((BigInt(amount) * BigInt(bank.terms.feeBps)) / 10_000n);
  // A scheduled payment comes into being only now.
  const moved = bank.book.run(
    `UPDATE payments SET created_at = CASE status WHEN 'scheduled' THEN ? ELSE created_at END,
       status = 'succeeded', fee = ?, resolved_at = ? WHERE id = ? AND status IN ('scheduled', 'pending')`,
    bank.now(),
    fee,
    bank.now(),
    id,
  );
  if (moved !== 1) throw new Error(`sandbox: payment ${id} was resolved twice`);
  const payment = viewPayment(bank, id);
  const line = { account: payment.account, object: id, reference: payment.reference, currency: payment.currency };
  post(bank, { ...line, kind: 'payment', amount });
  if (fee > 0) post(bank, { ...line, kind: 'fee', amount: -fee });
  emit(bank, 'payment.succeeded', payment);
}

function fail(bank: Bank, id: string): void {
  const moved = bank.book.run(
    `UPDATE payments SET status = 'failed', resolved_at = ? WHERE id = ? AND status = 'pending'`,
    bank.now(),
    id,
  );
  if (moved !== 1) throw new Error(`sandbox: payment ${id} was resolved twice`);
  emit(bank, 'payment.failed', viewPayment(bank, id));
}

function paymentRow(bank: Bank, id: string): PaymentRow {
  const row = bank.book.one<PaymentRow>('SELECT * FROM payments WHERE id = ?', id);
  if (!row) throw new Error(`sandbox: payment ${id} is gone`);
  return row;
}

function viewPayment(bank: Bank, id: string): PaymentObject {
  const row = paymentRow(bank, id);
  const checkout = checkoutRow(bank, row.checkout);
  return {
    ...summaryOf(row),
    object: 'payment',
    checkout: checkout.id,
    reference: checkout.reference,
    account: row.account,
    livemode: false,
    metadata: JSON.parse(checkout.metadata) as Record<string, string>,
  };
}
