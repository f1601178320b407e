import { createHash } from 'node:crypto';
import type { Bank } from './bank.ts';
import { Problem, problemReply } from './problem.ts';

export type Reply = { status: number; body: unknown; replayed?: boolean };

const KEPT_MS = 24 * 60 * 60 * 1_000;

type KeyRow = { hash: string; status: number; body: string };

export type KeyedCall = {
  account: string;
  key: string;
  /** What was asked: route and body. The order of a body's properties does not matter. */
  asked: unknown;
  /** Answer 500 although the work is done, and keep that answer (a test's fault). */
  answer500?: boolean;
  log: (error: unknown) => void;
};

/**
 * The work, its refusal or its crash, and the answer given: one transaction. The same key and body get the first
 * answer again, 500s included; the same key with another body throws `idempotency_mismatch`.
 */
export function once(bank: Bank, call: KeyedCall, work: () => unknown): Reply {
  const hash = createHash('sha256').update(canonical(call.asked)).digest('hex');
  const { book } = bank;
  return book.transact(() => {
    const known = book.one<KeyRow>(
      'SELECT hash, status, body FROM idempotency WHERE account = ? AND key = ?',
      call.account,
      call.key,
    );
    if (known && known.hash !== hash) {
      throw new Problem('idempotency_mismatch', 'This Idempotency-Key was used for another request: use a new key.');
    }
    if (known) return { status: known.status, body: JSON.parse(known.body) as unknown, replayed: true };
    const done = answer(bank, call, work);
    book.run(
      'INSERT INTO idempotency (account, key, hash, status, body, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      call.account,
      call.key,
      hash,
      done.status,
      JSON.stringify(done.body),
      bank.now(),
    );
    return done;
  });
}

function answer(bank: Bank, call: KeyedCall, work: () => unknown): Reply {
  try {
    const body = bank.book.attempt(work);
    if (!call.answer500) return { status: 200, body };
  } catch (error) {
    if (error instanceof Problem) return problemReply(error);
    call.log(error);
  }
  return problemReply(new Problem('internal_error', 'Something broke on our side: ask by your reference.'));
}

/** Keys are forgotten after a day. References stay: they are what still stops a second refund. */
export function forgetOldKeys(bank: Bank): void {
  bank.book.run('DELETE FROM idempotency WHERE created_at < ?', bank.now() - KEPT_MS);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
