import { randomFillSync, randomInt, randomUUIDv7 } from 'node:crypto';
import type { Ids } from '../ports/runtime.ts';

/** Without 0 O 1 I L U: nobody reads one of them for another, and no word comes out by accident. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const HUMAN_CODE_LENGTH = 8;
const TOKEN_BYTES = 16;
const TOKENS_AT_ONCE = 256;

const COUNTER_MAX = 0xfff;
/** Where the count of milliseconds ends in the text of a UUIDv7, and where its last chance bits begin. */
const TIME_END = 13;
const CHANCE_START = 18;

/**
 * UUIDv7 with a counter in the 12 bits after the milliseconds (RFC 9562, 6.2, method 1): ids of one process sort in the order in which
 * they were made, also within a millisecond and after the clock was set back. Node's own leave those bits to chance, and a timeline
 * sorted by them tells its story in any order. `make` gives a UUIDv7.
 */
export function monotonicUuids(make: () => string): () => string {
  let time = '';
  let count = 0;
  return () => {
    const made = make();
    const current = made.slice(0, TIME_END);
    if (current > time) {
      time = current;
      count = 0;
    } else if (count < COUNTER_MAX) count += 1;
    else {
      time = nextMillisecond(time);
      count = 0;
    }
    return `${time}-7${count.toString(16).padStart(3, '0')}${made.slice(CHANCE_START)}`;
  };
}

function nextMillisecond(time: string): string {
  const hex = (Number.parseInt(time.replace('-', ''), 16) + 1).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

export const randomIds: Ids = {
  next: monotonicUuids(() => randomUUIDv7()),
  humanCode: () =>
    Array.from({ length: HUMAN_CODE_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join(''),
  token: pooledTokens(),
};

/** Chance is drawn for many tokens at once: asking the system costs more than the rest of a token. */
function pooledTokens(): () => string {
  const pool = Buffer.alloc(TOKEN_BYTES * TOKENS_AT_ONCE);
  let next = pool.length;
  return () => {
    if (next === pool.length) {
      randomFillSync(pool);
      next = 0;
    }
    const token = pool.toString('base64url', next, next + TOKEN_BYTES);
    pool.fill(0, next, next + TOKEN_BYTES);
    next += TOKEN_BYTES;
    return token;
  };
}
