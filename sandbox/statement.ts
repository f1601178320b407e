import { newId, type Bank } from './bank.ts';
import type { StatementLine } from './objects.ts';

type LineRow = Omit<StatementLine, 'occurredAt' | 'availableAt'> & { occurred_at: number; available_at: number };

/** Writes a line and moves the balance, in the transaction of the fact it tells of. Answers the line's id. */
export function post(bank: Bank, line: Omit<StatementLine, 'id' | 'occurredAt' | 'availableAt' | 'payout'>): string {
  const { book } = bank;
  const id = newId('lin');
  const { account, currency } = line;
  const last = book.one<{ balance_after: number }>(
    'SELECT balance_after FROM lines WHERE account = ? AND currency = ? ORDER BY seq DESC LIMIT 1',
    account,
    currency,
  );
  const balance = (last?.balance_after ?? 0) + line.amount;
  if (!Number.isSafeInteger(balance)) throw new Error(`sandbox: the balance of ${account} leaves the safe integers`);
  book.run(
    `INSERT INTO lines (id, account, kind, object, reference, amount, currency, balance_after, occurred_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    account,
    line.kind,
    line.object,
    line.reference,
    line.amount,
    currency,
    balance,
    bank.now(),
  );
  book.run(
    `INSERT INTO balances (account, currency, amount) VALUES (?, ?, ?)
     ON CONFLICT (account, currency) DO UPDATE SET amount = amount + excluded.amount`,
    account,
    currency,
    line.amount,
  );
  if (balanceOf(bank, account)[currency] !== balance) {
    throw new Error(`sandbox: the balance of ${account} in ${currency} is not the sum of its lines`);
  }
  return id;
}

export function balanceOf(bank: Bank, account: string): Record<string, number> {
  const rows = bank.book.all<{ currency: string; amount: number }>(
    'SELECT currency, amount FROM balances WHERE account = ? ORDER BY currency',
    account,
  );
  return Object.fromEntries(rows.map((row) => [row.currency, row.amount]));
}

/** `from` inclusive, `to` exclusive, in milliseconds; in order of happening. */
export function linesOf(
  bank: Bank,
  { account, from = 0, to = Number.MAX_SAFE_INTEGER }: { account: string; from?: number; to?: number },
): StatementLine[] {
  const rows = bank.book.all<LineRow>(
    `SELECT l.id, l.kind, l.object, l.reference, l.amount, l.currency, l.account, l.occurred_at, t.payout,
       COALESCE(p.arrives_at, l.occurred_at) AS available_at
     FROM lines l LEFT JOIN payout_lines t ON t.line = l.id LEFT JOIN payouts p ON l.kind = 'payout' AND p.id = l.object
     WHERE l.account = ? AND l.occurred_at >= ? AND l.occurred_at < ? ORDER BY l.seq`,
    account,
    from,
    to,
  );
  return rows.map(({ occurred_at: occurredAt, available_at: availableAt, ...line }) => {
    return { ...line, occurredAt, availableAt };
  });
}

/** RFC 4180. References begin with a letter or digit (checked at the door), so no cell can be read as a formula. */
export function statementCsv(lines: StatementLine[]): string {
  const own = ['id', 'kind', 'object', 'reference', 'amount', 'currency', 'account', 'occurredAt'] as const;
  const columns = [...own, 'availableAt', 'payout'] as const;
  const rows = lines.map((line) => columns.map((column) => String(line[column] ?? '')).join(','));
  return [columns.join(','), ...rows, ''].join('\r\n');
}

/** Recounts one account, or all, from lines, payments and refunds. Throws on the first figure that is off. */
export function auditBooks(bank: Bank, account?: string): void {
  const off = bank.book.one<{ what: string }>(
    `SELECT * FROM (
       SELECT b.account, 'balance of ' || b.account || ' in ' || b.currency AS what FROM balances b
         WHERE b.amount <> (SELECT SUM(l.amount) FROM lines l WHERE l.account = b.account AND l.currency = b.currency)
       UNION ALL
       SELECT p.account, 'lines of payment ' || p.id FROM payments p
         WHERE (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.object = p.id)
           <> CASE p.status WHEN 'succeeded' THEN p.amount - p.fee ELSE 0 END
       UNION ALL
       SELECT d.account, 'lines of dispute ' || d.id FROM disputes d
         WHERE (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.object = d.id) <> 0 - d.withdrawn - d.fee
       UNION ALL
       SELECT o.account, 'lines of payout ' || o.id FROM payouts o
         WHERE (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.object = o.id)
           <> CASE o.status WHEN 'failed' THEN 0 ELSE 0 - o.amount END
         OR (SELECT SUM(l.amount) FROM lines l JOIN payout_lines t ON t.line = l.id WHERE t.payout = o.id) <> 0
       UNION ALL
       SELECT r.account, 'lines of refund ' || r.id FROM refunds r
         WHERE (SELECT COALESCE(SUM(l.amount), 0) FROM lines l WHERE l.object = r.id)
           <> CASE r.status WHEN 'succeeded' THEN -r.amount ELSE 0 END
       UNION ALL
       SELECT p.account, 'refunded amount of payment ' || p.id FROM payments p
         WHERE p.refunded
           <> (SELECT COALESCE(SUM(r.amount), 0) FROM refunds r WHERE r.payment = p.id AND r.status <> 'failed')
     ) WHERE account = COALESCE(?, account) LIMIT 1`,
    account ?? null,
  );
  if (off) throw new Error(`sandbox: the book does not add up: ${off.what}`);
}
