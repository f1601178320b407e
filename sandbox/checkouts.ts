import { randomBytes } from 'node:crypto';
import { newId, openAccount, type Bank } from './bank.ts';
import { emit } from './events.ts';
import type { CheckoutObject, DeclineCode, PaymentSummary } from './objects.ts';
import { Problem } from './problem.ts';

export type CheckoutLine = { title: string; quantity: number; amount: number };

export type CheckoutInput = {
  reference: string;
  amount: number;
  currency: string;
  lines: CheckoutLine[];
  description: string;
  returnUrl: string;
  cancelUrl: string;
  expiresAt: number;
  locale: string;
  metadata: Record<string, string>;
};

export type CheckoutRow = {
  id: string;
  account: string;
  reference: string;
  token: string;
  status: CheckoutObject['status'];
  amount: number;
  currency: string;
  description: string;
  lines: string;
  metadata: string;
  locale: string;
  return_url: string;
  cancel_url: string;
  expires_at: number;
  created_at: number;
};

export type PaymentRow = {
  id: string;
  checkout: string;
  account: string;
  status: 'scheduled' | PaymentSummary['status'];
  amount: number;
  currency: string;
  fee: number;
  decline_code: DeclineCode | null;
  due_at: number | null;
  due_outcome: 'succeeded' | 'failed' | null;
  created_at: number;
  resolved_at: number | null;
};

/** Call inside a transaction. Throws `expires_in_the_past`, `reference_in_use`. */
export function createCheckout(bank: Bank, account: string, input: CheckoutInput): CheckoutObject {
  const now = bank.now();
  if (input.expiresAt <= now) throw new Problem('expires_in_the_past', `expiresAt must be later than ${now}.`);
  openAccount(bank, account);
  const id = newId('chk');
  const made = bank.book.run(
    `INSERT INTO checkouts (id, account, reference, token, status, amount, currency, description, lines, metadata,
       locale, return_url, cancel_url, expires_at, created_at)
     VALUES (?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, reference) DO NOTHING`,
    id,
    account,
    input.reference,
    randomBytes(16).toString('base64url'),
    input.amount,
    input.currency,
    input.description,
    JSON.stringify(input.lines),
    JSON.stringify(input.metadata),
    input.locale,
    input.returnUrl,
    input.cancelUrl,
    input.expiresAt,
    now,
  );
  if (made === 0) {
    throw new Problem('reference_in_use', `This account already has a checkout with reference ${input.reference}.`);
  }
  return viewCheckout(bank, checkoutRow(bank, id));
}

/** Call inside a transaction: a checkout whose time is over is expired by being looked at. Throws `not_found`. */
export function findCheckout(bank: Bank, { id, account }: { id: string; account?: string }): CheckoutRow {
  const row = bank.book.one<CheckoutRow>('SELECT * FROM checkouts WHERE id = ?', id);
  if (!row || (account !== undefined && row.account !== account)) {
    throw new Problem('not_found', `No checkout ${id} in this account.`);
  }
  if (row.status !== 'open' || row.expires_at > bank.now()) return row;
  closeExpired(bank, row);
  return checkoutRow(bank, id);
}

/** Call inside a transaction. The newest 100, or the one with that reference. */
export function listCheckouts(bank: Bank, account: string, reference: string | undefined): CheckoutObject[] {
  const ids = bank.book.all<{ id: string }>(
    `SELECT id FROM checkouts WHERE account = ? AND reference = COALESCE(?, reference) ORDER BY seq DESC LIMIT 100`,
    account,
    reference ?? null,
  );
  return ids.map(({ id }) => viewCheckout(bank, findCheckout(bank, { id, account })));
}

/** Call inside a transaction. Expiring twice is expiring once. Throws `not_found`, `checkout_complete`. */
export function expireCheckout(bank: Bank, account: string, id: string): CheckoutObject {
  const row = findCheckout(bank, { id, account });
  if (row.status === 'complete') {
    throw new Problem('checkout_complete', `Checkout ${id} is already complete: read its payments.`);
  }
  if (row.status === 'open') closeExpired(bank, row);
  return viewCheckout(bank, checkoutRow(bank, id));
}

/** Call inside a transaction: expires up to 500 checkouts whose time is over, and says how many. */
export function expireDue(bank: Bank): number {
  const due = bank.book.all<CheckoutRow>(
    `SELECT * FROM checkouts WHERE status = 'open' AND expires_at <= ? ORDER BY expires_at, seq LIMIT 500`,
    bank.now(),
  );
  for (const row of due) closeExpired(bank, row);
  return due.length;
}

function closeExpired(bank: Bank, row: CheckoutRow): void {
  const moved = bank.book.run(`UPDATE checkouts SET status = 'expired' WHERE id = ? AND status = 'open'`, row.id);
  if (moved !== 1) throw new Error(`sandbox: checkout ${row.id} was not open when it expired`);
  // Expired early by the merchant: a buyer who wanted to pay late is late from now on.
  bank.book.run(
    `UPDATE payments SET due_at = MIN(due_at, ?) WHERE checkout = ? AND status = 'scheduled'`,
    bank.now() + bank.terms.lateMs,
    row.id,
  );
  emit(bank, 'checkout.expired', viewCheckout(bank, checkoutRow(bank, row.id)));
}

export function checkoutRow(bank: Bank, id: string): CheckoutRow {
  const row = bank.book.one<CheckoutRow>('SELECT * FROM checkouts WHERE id = ?', id);
  if (!row) throw new Error(`sandbox: checkout ${id} is gone`);
  return row;
}

export function viewCheckout(bank: Bank, row: CheckoutRow): CheckoutObject {
  const rows = bank.book.all<PaymentRow>(
    `SELECT * FROM payments WHERE checkout = ? AND status <> 'scheduled' ORDER BY seq`,
    row.id,
  );
  const payments = rows.map(summaryOf);
  const declines = rows.flatMap(({ status, decline_code: code, resolved_at: at }) =>
    status === 'failed' && code !== null && at !== null ? [{ code, at }] : [],
  );
  return {
    id: row.id,
    object: 'checkout',
    url: bank.pageUrl(row.id, row.token),
    status: row.status,
    paymentStatus: paymentStatusOf(row, payments),
    amount: row.amount,
    currency: row.currency,
    reference: row.reference,
    account: row.account,
    livemode: false,
    description: row.description,
    expiresAt: row.expires_at,
    metadata: JSON.parse(row.metadata) as Record<string, string>,
    payments,
    declines,
    createdAt: row.created_at,
  };
}

function paymentStatusOf(row: CheckoutRow, payments: PaymentSummary[]): CheckoutObject['paymentStatus'] {
  if (payments.some(({ status }) => status === 'succeeded')) return 'paid';
  if (payments.some(({ status }) => status === 'pending')) return 'pending';
  return row.status === 'complete' ? 'failed' : 'unpaid';
}

export function summaryOf(row: PaymentRow): PaymentSummary {
  if (row.status === 'scheduled') throw new Error(`sandbox: payment ${row.id} has not happened yet`);
  return {
    id: row.id,
    status: row.status,
    amount: row.amount,
    currency: row.currency,
    fee: row.fee,
    // A slow payment that will fail knows its reason already; nobody else may.
    ...(row.status === 'failed' && row.decline_code !== null ? { declineCode: row.decline_code } : {}),
    createdAt: row.created_at,
  };
}
