import { randomFillSync, randomInt } from 'node:crypto';
import type { Ids } from '../ports/runtime.ts';
import { systemClock } from './clock.ts';

/** Without 0 O 1 I L U: nobody reads one of them for another, and no word comes out by accident. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const HUMAN_CODE_LENGTH = 8;
const TOKEN_BYTES = 16;
const TOKENS_AT_ONCE = 256;

const COUNTER_MAX = 0xfff;
/** The last half of a UUID: two bits that say which kind it is, and 62 of chance. */
const CHANCE_BYTES = 8;
const CHANCES_AT_ONCE = 256;

/**
 * UUIDv7 with a counter in the 12 bits after the milliseconds (RFC 9562, 6.2, method 1): ids of one process sort in the order in which
 * they were made, also within a millisecond and after the clock was set back. Node's own leave those bits to chance, and a timeline
 * sorted by them tells its story in any order. `now` is in milliseconds since 1970; `chance` gives the last half, as in the text.
 */
export function monotonicUuids(now: () => number, chance: () => string): () => string {
  let time = -1;
  let head = '';
  let count = 0;
  const startMillisecond = (at: number) => {
    time = at;
    count = 0;
    const hex = at.toString(16).padStart(12, '0');
    head = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
  };
  return () => {
    const current = now();
    if (current > time) startMillisecond(current);
    else if (count < COUNTER_MAX) count += 1;
    else startMillisecond(time + 1);
    return `${head}${count.toString(16).padStart(3, '0')}-${chance()}`;
  };
}

/** Every row of the market has an id, so chance is drawn and written as text for many of them at once. */
function pooledChance(): () => string {
  const pool = Buffer.alloc(CHANCE_BYTES * CHANCES_AT_ONCE);
  let hex = '';
  let next = 0;
  return () => {
    if (next === hex.length) {
      randomFillSync(pool);
      for (let at = 0; at < pool.length; at += CHANCE_BYTES) pool[at] = ((pool[at] ?? 0) & 0x3f) | 0x80;
      hex = pool.toString('hex');
      next = 0;
    }
    const at = next;
    next += CHANCE_BYTES * 2;
    return `${hex.slice(at, at + 4)}-${hex.slice(at + 4, next)}`;
  };
}

export const randomIds: Ids = {
  next: monotonicUuids(() => systemClock.now(), pooledChance()),
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
