/** What became of one delivery, and what that makes of its row. */
import { ON_UNKNOWN, type OutboxMessage } from '../ports/outbox.ts';
import type { Sent } from '../ports/chat.ts';
import type { Tx } from '../ports/store.ts';
import type { ClaimedRow, OutboxRow } from '../ports/store/events.ts';

/** Written in the commit that ends the row's claim, and only when the claim still stands. */
export type Writes = (tx: Tx) => Promise<void>;

/**
 * `sent`: done, or nothing left to do (`reason` says why). `later`: not sent for certain, and nobody's fault. `failed`: not sent, or
 * sent and harmless to send again. `unknown`: perhaps sent, and never to be repeated by us. `dead`: no use in trying again.
 */
export type Verdict =
  | { readonly kind: 'sent'; readonly reason?: string; readonly writes?: Writes }
  | { readonly kind: 'later'; readonly afterMs: number }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'unknown'; readonly writes?: Writes }
  | { readonly kind: 'dead'; readonly reason: string; readonly writes?: Writes };

export const TRIES_MAX = 8;
/** After the first failure, the second, ...: the last of eight tries comes within the hour. */
const BACK_OFF_MS = [1_000, 5_000, 30_000, 120_000, 300_000, 900_000, 1_800_000] as const;
/** A platform that says "later" longer than this is not coming back for this message. */
const LATER_FOR_MS = 24 * 60 * 60 * 1000;
const LATER_MIN_MS = 50;
const LATER_MAX_MS = 60 * 60 * 1000;

export type Ending =
  | { readonly to: 'sent'; readonly error?: string }
  | { readonly to: 'pending'; readonly dueAt: number; readonly tries: number; readonly error?: string }
  | { readonly to: 'unknown' | 'dead'; readonly tries: number; readonly error: string };

/** Pure: where the row goes. `now` is the instant at which the delivery ended. */
export function endingOf(row: Pick<OutboxRow, 'tries' | 'createdAt'>, verdict: Verdict, now: number): Ending {
  switch (verdict.kind) {
    case 'sent':
      return verdict.reason === undefined ? { to: 'sent' } : { to: 'sent', error: verdict.reason };
    case 'later': {
      if (now - row.createdAt > LATER_FOR_MS) return { to: 'dead', tries: row.tries, error: 'put off for a day' };
      const afterMs = Math.min(Math.max(verdict.afterMs, LATER_MIN_MS), LATER_MAX_MS);
      return { to: 'pending', dueAt: now + afterMs, tries: row.tries };
    }
    case 'failed': {
      const tries = row.tries + 1;
      const afterMs = BACK_OFF_MS[tries - 1];
      if (tries >= TRIES_MAX || afterMs === undefined) return { to: 'dead', tries, error: verdict.error };
      return { to: 'pending', dueAt: now + afterMs, tries, error: verdict.error };
    }
    case 'unknown':
      return { to: 'unknown', tries: row.tries + 1, error: 'no answer came' };
    case 'dead':
      return { to: 'dead', tries: row.tries + 1, error: verdict.reason };
    default:
      return verdict satisfies never;
  }
}

/** Whether a second send does no harm: by the message's own nature, or because the platform knows it again by its key. */
export function mayRepeat(name: OutboxMessage['name'], keyed: boolean): boolean {
  return keyed || ON_UNKNOWN[name] === 'repeat';
}

/** A platform's answer to one send, where only `sent` and what is certainly not sent have no choice. */
export function afterSend(
  row: Pick<ClaimedRow, 'message'>,
  sent: Exclude<Sent, { outcome: 'sent' }>,
  keyed: boolean,
): Verdict {
  switch (sent.outcome) {
    case 'later':
      return { kind: 'later', afterMs: sent.afterMs };
    case 'gone':
    case 'closed':
      return { kind: 'dead', reason: sent.outcome };
    case 'unknown':
      return mayRepeat(row.message.name, keyed) ? { kind: 'failed', error: 'no answer came' } : { kind: 'unknown' };
    default:
      return sent satisfies never;
  }
}
