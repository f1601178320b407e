import { randomBytes } from 'node:crypto';
import type { Book } from './book.ts';

/** What every part of the sandbox works with: its book, its clock and its fixed terms. */
export type Bank = {
  readonly book: Book;
  /** Integer milliseconds since 1970. */
  now(): number;
  readonly terms: Terms;
  /** Where a buyer opens a checkout: known once the server listens. */
  pageUrl(checkoutId: string, token: string): string;
  /** Something may be due now: wakes the worker. */
  nudge(): void;
};

export type Terms = {
  /** Fee of a succeeded payment in basis points, rounded down; not given back on a refund. */
  feeBps: number;
  /** How long a slow payment or refund stays pending. */
  slowMs: number;
  /** How long after the expiry of its checkout a late payment comes in. */
  lateMs: number;
  /** Kept for a dispute when the bank takes the money, in minor units of its currency; not given back. */
  disputeFee: number;
  /** How long a merchant may answer a dispute. */
  respondMs: number;
  /** How long a payout is on its way. */
  payoutMs: number;
  /** Deliver events twice and out of order, on purpose. */
  untidy: boolean;
};

export type IdPrefix = 'chk' | 'pay' | 'rfd' | 'dsp' | 'wrn' | 'pyo' | 'lin' | 'evt';

export function newId(prefix: IdPrefix): string {
  return `${prefix}_${randomBytes(15).toString('hex')}`;
}

export type RefundMode = 'instant' | 'pending_then_succeeded' | 'pending_then_failed' | 'succeeded_then_failed';

/** An account exists from its first use on. Call inside a transaction. */
export function openAccount(bank: Bank, account: string): RefundMode {
  bank.book.run('INSERT INTO accounts (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING', account, bank.now());
  const row = bank.book.one<{ refund_mode: RefundMode }>('SELECT refund_mode FROM accounts WHERE id = ?', account);
  if (!row) throw new Error(`sandbox: account ${account} is missing after it was opened`);
  return row.refund_mode;
}

export function setRefundMode(bank: Bank, account: string, mode: RefundMode): void {
  bank.book.transact(() => {
    openAccount(bank, account);
    bank.book.run('UPDATE accounts SET refund_mode = ? WHERE id = ?', mode, account);
  });
}

/** The sandbox's keys are made once and kept in its own database, so that a restart changes nothing for its users. */
export function secretsOf(book: Book): { apiKey: string; webhookSecret: string } {
  return book.transact(() => ({
    apiKey: setting(book, 'api_key', () => `sk_sandbox_${randomBytes(24).toString('base64url')}`),
    webhookSecret: setting(book, 'webhook_secret', () => `whsec_${randomBytes(32).toString('base64url')}`),
  }));
}

function setting(book: Book, name: string, make: () => string): string {
  const known = book.one<{ value: string }>('SELECT value FROM settings WHERE name = ?', name);
  if (known) return known.value;
  const value = make();
  book.run('INSERT INTO settings (name, value) VALUES (?, ?)', name, value);
  return value;
}
