/** Codes as people type them, and codes that nobody guesses. */

// Nothing that looks or sounds like something else: no 0 O 1 I L U.
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 13 of 30 signs: 63 bits. */
const LENGTH = 13;
const TYPED_MAX = 200;

const ignored = /[\s_\p{White_Space}\p{Pd}\u2212\p{Default_Ignorable_Code_Point}]/gu;

/**
 * What is compared and kept unique: NFKC, without spaces, hyphens, underscores and what has no width, in capitals, NFKC. Empty when nothing
 * is left or far too much was typed. Normalising twice changes nothing.
 */
export function normaliseCode(typed: string): string {
  if (typed.length > TYPED_MAX) return '';
  return typed.normalize('NFKC').replace(ignored, '').toUpperCase().normalize('NFKC').replace(ignored, '');
}

/** `below(n)`: a whole number from 0 to n - 1, each as likely. In groups, as it is read aloud: `K7PM-2QXD-9RTHW`. */
export function generateCode(below: (limit: number) => number): string {
  const signs = Array.from({ length: LENGTH }, () => ALPHABET[below(ALPHABET.length)] ?? '').join('');
  return `${signs.slice(0, 4)}-${signs.slice(4, 8)}-${signs.slice(8)}`;
}
