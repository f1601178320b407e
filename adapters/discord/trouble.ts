/** What Discord's answers mean for us. */
import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import type { Sent } from '../../src/ports/chat.ts';

/**
 * `gone`: the message, the channel or the interaction is no more. `closed`: this person takes no messages of ours. `barred`: we may
 * not do this here. `refused`: our request is wrong. `later`: nothing was done. `unknown`: it may have been done.
 */
export type Trouble =
  | { readonly kind: 'gone' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'barred'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'later'; readonly afterMs: number }
  | { readonly kind: 'unknown' };

/** Discord's published error codes. */
const GONE: ReadonlySet<number> = new Set([10003, 10008, 10015, 10062, 50027]);
const CLOSED: ReadonlySet<number> = new Set([50007, 50278]);
const BARRED: ReadonlySet<number> = new Set([50001, 50013, 160002]);
const SLOW_MS = 5_000;

/** Anything that is not Discord's or the network's doing is thrown on. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof RateLimitError) return { kind: 'later', afterMs: Math.max(50, error.retryAfter) };
  if (error instanceof DiscordAPIError) {
    const code = Number(error.code);
    if (GONE.has(code)) return { kind: 'gone' };
    if (CLOSED.has(code)) return { kind: 'closed' };
    if (BARRED.has(code) || error.status === 403) return { kind: 'barred', why: `${code} ${error.message}` };
    if (error.status === 404) return { kind: 'gone' };
    return { kind: 'refused', why: `${code} ${error.message}` };
  }
  // Five hundreds, when the library has tried them out.
  if (error instanceof HTTPError) return { kind: 'unknown' };
  if (error instanceof Error && isUnreached(error)) return { kind: 'later', afterMs: SLOW_MS };
  if (error instanceof Error && isNetwork(error)) return { kind: 'unknown' };
  throw error;
}

/** Nobody took our call. */
const isUnreached = (error: Error): boolean =>
  'code' in error && ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(String(error.code));

const isNetwork = (error: Error): boolean =>
  error.name === 'AbortError' || error.name === 'SocketError' || ('code' in error && typeof error.code === 'string');

/** As the outbox counts it. What was refused for its form is as good as gone: no repetition would change it. */
export function sentOf(trouble: Trouble): Sent {
  switch (trouble.kind) {
    case 'gone':
    case 'refused':
      return { outcome: 'gone' };
    case 'closed':
      return { outcome: 'closed' };
    case 'barred':
      return { outcome: 'later', afterMs: SLOW_MS * 12 };
    case 'later':
      return { outcome: 'later', afterMs: trouble.afterMs };
    case 'unknown':
      return { outcome: 'unknown' };
    default:
      return trouble satisfies never;
  }
}
