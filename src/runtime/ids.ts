import { randomBytes, randomInt, randomUUIDv7 } from 'node:crypto';
import type { Ids } from '../ports/runtime.ts';

/** Without 0 O 1 I L U: nobody reads one of them for another, and no word comes out by accident. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const HUMAN_CODE_LENGTH = 8;
const TOKEN_BYTES = 16;

export const randomIds: Ids = {
  next: () => randomUUIDv7(),
  humanCode: () =>
    Array.from({ length: HUMAN_CODE_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join(''),
  token: () => randomBytes(TOKEN_BYTES).toString('base64url'),
};
