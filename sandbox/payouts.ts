import { newId, type Bank } from './bank.ts';
import { emit } from './events.ts';
import type { PayoutObject } from './objects.ts';
import { Problem } from './problem.ts';
import { balanceOf, post } from './statement.ts';

type PayoutRow = {
  id: string;
  account: string;
  status: PayoutObject['status'];
  amount: number;
  currency: string;
  arrives_at: number;
  created_at: number;
};

/** Call inside a transaction: sends every positive balance of the account to its bank, with all lines that are still here. */
export function payOut(bank: Bank, account: string): PayoutObject[] {
  const positive = Object.entries(balanceOf(bank, account)).filter(([, amount]) => amount > 0);
  return positive.map(([currency, amount]) => {
    const id = newId('pyo');
    bank.book.run(
      `INSERT INTO payouts (id, account, status, amount, currency, arrives_at, created_at)
       VALUES (?, ?, 'in_transit', ?, ?, ?, ?)`,
      id,
      account,
      amount,
      currency,
      bank.now() + bank.terms.payoutMs,
      bank.now(),
    );
    post(bank, { account, kind: 'payout', object: id, reference: id, amount: -amount, currency });
    bank.book.run(
      `INSERT INTO payout_lines (line, payout) SELECT id, ? FROM lines
       WHERE account = ? AND currency = ? AND id NOT IN (SELECT line FROM payout_lines)`,
      id,
      account,
      currency,
    );
    return tell(bank, id, 'payout.created');
  });
}

/** Call inside a transaction: up to 500 payouts that have arrived, and how many they were. */
export function arriveDue(bank: Bank): number {
  const due = bank.book.all<PayoutRow>(
    `SELECT * FROM payouts WHERE status = 'in_transit' AND arrives_at <= ? ORDER BY seq LIMIT 500`,
    bank.now(),
  );
  for (const { id } of due) {
    bank.book.run(`UPDATE payouts SET status = 'paid' WHERE id = ?`, id);
    tell(bank, id, 'payout.paid');
  }
  return due.length;
}

/** Call inside a transaction: the bank sends the money back, also after it had arrived. Throws `not_found`. */
export function failPayout(bank: Bank, id: string): PayoutObject {
  const payout = row(bank, id);
  const moved = bank.book.run(`UPDATE payouts SET status = 'failed' WHERE id = ? AND status <> 'failed'`, id);
  if (moved === 0) return view(payout);
  const { account, amount, currency } = payout;
  post(bank, { account, kind: 'payout_failed', object: id, reference: id, amount, currency });
  return tell(bank, id, 'payout.failed');
}

function tell(bank: Bank, id: string, type: 'payout.created' | 'payout.paid' | 'payout.failed'): PayoutObject {
  const payout = view(row(bank, id));
  emit(bank, type, payout);
  return payout;
}

function row(bank: Bank, id: string): PayoutRow {
  const found = bank.book.one<PayoutRow>('SELECT * FROM payouts WHERE id = ?', id);
  if (!found) throw new Problem('not_found', `No payout ${id}.`);
  return found;
}

function view({ id, account, status, amount, currency, arrives_at, created_at }: PayoutRow): PayoutObject {
  const times = { arrivesAt: arrives_at, createdAt: created_at };
  return { id, object: 'payout', status, amount, currency, account, livemode: false, ...times };
}
