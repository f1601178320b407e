/** What the fields of a form may hold before anybody judges their meaning. */
import { z } from 'zod';

const ID_MAX = 64;
const LINE_MAX = 200;
const TEXT_MAX = 4000;
const CODES_MAX = 50_000;
export const LIST_MAX = 100;
const QUANTITY_MAX = 1_000_000;

export const id = z.string().min(1).max(ID_MAX);
/** One line as it was typed: the use case cleans it and judges its meaning. */
export const line = z.string().max(LINE_MAX);
export const text = z.string().max(TEXT_MAX);
export const amount = z.string().max(40);
export const codes = z.string().max(CODES_MAX);

/** A form's number field sends text, in the digits of the typist's script; a stored one is a number. */
export const quantity = z
  .union([z.number(), z.string().max(20).transform(wholeNumber)])
  .pipe(z.int().min(0).max(QUANTITY_MAX));

/** An unticked box sends nothing. */
export const ticked = z
  .union([z.boolean(), z.enum(['', 'on', 'true', 'false'])])
  .transform((value) => value === true || value === 'on' || value === 'true')
  .default(false);

/** A calendar day as it was typed. */
export const day = z.string().max(10);

export const several = z.union([id.transform((one) => [one]), z.array(id).max(LIST_MAX)]);

const decimalDigit = /^\p{Nd}$/u;

/** NaN for anything but digits, which the schema then refuses. */
function wholeNumber(typed: string): number {
  const digits = Array.from(typed.trim(), digitOf);
  return digits.length === 0 || digits.includes(undefined) ? Number.NaN : Number(digits.join(''));
}

/** Unicode keeps the decimal digits of a script in one run of ten. */
function digitOf(char: string): number | undefined {
  if (!decimalDigit.test(char)) return undefined;
  const own = char.codePointAt(0) ?? 0;
  let zero = own;
  while (decimalDigit.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return (own - zero) % 10;
}
