import { digitValue } from './digits.ts';

type Issuer = { readonly prefix: RegExp; readonly lengths: readonly number[] };
type Group = { digits: string; readonly start: number; end: number };
type Range = { readonly start: number; readonly end: number };

// Ranges that issuers really use, with the lengths they use, so that order and tracking numbers rarely fit.
const issuers: readonly Issuer[] = [
  { prefix: /^4/, lengths: [13, 16, 19] }, // Visa
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] }, // Mastercard
  { prefix: /^3[47]/, lengths: [15] }, // American Express
  { prefix: /^(?:30[0-5]|3095|3[689])/, lengths: [14, 16] }, // Diners Club
  { prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] }, // JCB
  { prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 17, 18, 19] }, // Discover
  { prefix: /^(?:62|81[0-7])/, lengths: [16, 17, 18, 19] }, // UnionPay
  { prefix: /^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, lengths: [12, 13, 14, 15, 16, 17, 18, 19] }, // Maestro
  { prefix: /^(?:5[68]|67)/, lengths: [16, 18, 19] }, // Maestro, other ranges: 12 digits are tracking numbers
  { prefix: /^220[0-4]/, lengths: [16, 17, 18, 19] }, // Mir
  { prefix: /^(?:60[68]|508|353|356|82)/, lengths: [16] }, // RuPay, Hipercard
  { prefix: /^(?:5067|509|6277|6362|6363)/, lengths: [16] }, // Elo
  { prefix: /^(?:5060|5061)/, lengths: [16, 18, 19] }, // Verve
  { prefix: /^(?:9792|8600|9860)/, lengths: [16] }, // Troy, Uzcard, Humo
];

const DIGITS_MIN = 12;
const DIGITS_MAX = 19;

// What people put between the groups of one number: space, dash, dot, emoji. Other punctuation only when it stands
// alone, because with a space behind it separates the items of a list.
const withinNumber = /^(?:[\s\p{Pd}\p{So}\p{Sk}._*|~·•・‧'"()[\]]{1,8}|[,;:/\\])$/u;
const unusualInLists = /^[\p{So}\p{Sk}_*|~·•・‧]+$/u;
const linked = /^[-._/]$/;
const EVEN_STEP_MAX = 4;
// A parcel's number begins with its carrier's letters: YT, LP, SF, JJD.
const carrierLetters = /(?<![\p{L}\d])(?!CC|DC|MC|PAN)[A-Z]{2,3}$/u;
const CARRIER_DIGITS_MIN = 8;

const drawsNothing = /^[\p{M}\p{Cf}]$/u; // zero-width characters, emoji variation and keycap marks
const manyDigits = /(?:\p{N}[^\p{N}]*){6}/u; // compatibility digits such as ⑫ hold two

const REMOVED = '••••';

/** Whether the text holds a payment card number, in digits of any script and with separators of any usual kind. */
export function containsCardNumber(text: string): boolean {
  return cardRanges(text).length > 0;
}

/** The text with every card number replaced by `••••`. */
export function redactCardNumbers(text: string): string {
  let redacted = '';
  let from = 0;
  for (const range of cardRanges(text)) {
    redacted += text.slice(from, range.start) + REMOVED;
    from = range.end;
  }
  return redacted + text.slice(from);
}

/** Whether a card number begins at the end of one message and goes on at the start of the next of that person. */
export function splitAcross(previous: string, next: string): boolean {
  const before = previous.trimEnd();
  const after = next.trimStart();
  return ['', ' '].some((glue) =>
    cardRanges(before + glue + after).some(
      (range) => range.start < before.length && range.end > before.length + glue.length,
    ),
  );
}

function cardRanges(text: string): Range[] {
  if (!manyDigits.test(text)) return [];
  const groups = groupsOf(withoutBankAccounts(text));
  const ranges: Range[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    if (isParcel(text, groups[first])) continue;
    const last = lastOfCard(text, groups, first);
    const [start, end] = [groups[first]?.start, groups[last ?? -1]?.end];
    if (last === undefined || start === undefined || end === undefined) continue;
    ranges.push({ start, end });
    first = last;
  }
  return ranges;
}

function isParcel(text: string, group: Group | undefined): boolean {
  if (group === undefined || group.digits.length < CARRIER_DIGITS_MIN) return false;
  return carrierLetters.test(text.slice(Math.max(0, group.start - 4), group.start));
}

/** Index of the group that ends a card number which starts at `first`; the longest wins. */
function lastOfCard(text: string, groups: readonly Group[], first: number): number | undefined {
  let digits = '';
  let found: number | undefined;
  let breaks = 0;
  const isTail = linked.test(text.slice(groups[first - 1]?.end ?? 0, groups[first]?.start ?? 0)) && first > 0;
  const sizes: number[] = [];
  const gaps: string[] = [];
  for (let index = first; index < groups.length && digits.length < DIGITS_MAX; index += 1) {
    const group = groups[index];
    const before = groups[index - 1];
    if (group === undefined) break;
    if (index > first && before !== undefined) {
      const gap = text.slice(before.end, group.start).replace(/[\p{M}\p{Cf}]/gu, '');
      breaks += gap.includes('\n') ? 1 : 0;
      // One line break is a wrapped number, several are a list.
      if (breaks > 1 || !withinNumber.test(gap)) break;
      gaps.push(gap);
    }
    digits += group.digits;
    sizes.push(group.digits.length);
    if (isShaped(sizes, gaps) && !(isTail && isOddlyGrouped(sizes)) && isCard(digits)) found = index;
  }
  return found;
}

/**
 * Groups as they are printed on cards, or typed in equal or small even steps. Any steps only between separators that
 * no list, date or order number has: `403-1234567-1234567` is an order.
 */
function isShaped(sizes: readonly number[], gaps: readonly string[]): boolean {
  const size = sizes[0] ?? 0;
  const last = sizes.at(-1) ?? 0;
  const equal = sizes.slice(0, -1).every((other) => other === size);
  const even = equal && (last === size || (last < size && size <= EVEN_STEP_MAX));
  const printed = size === 4 && sizes[1] === 6 && sizes.length === 3;
  return even || printed || gaps.every((gap) => unusualInLists.test(gap));
}

/** Groups of which a card is rarely made; behind a dash they are the rest of an order number. */
function isOddlyGrouped(sizes: readonly number[]): boolean {
  return sizes.length > 1 && sizes[0] !== 4;
}

function isCard(digits: string): boolean {
  if (digits.length < DIGITS_MIN || digits.length > DIGITS_MAX || !passesLuhn(digits)) return false;
  // Barcodes (EAN-13) from 40 to 49 are more common than cards of 13 digits, of which none are issued any more.
  if (digits.length === 13 && passesEan(digits)) return false;
  return issuers.some((issuer) => issuer.lengths.includes(digits.length) && issuer.prefix.test(digits));
}

function passesLuhn(digits: string): boolean {
  let total = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const value = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? value * 2 : value;
    total += doubled > 9 ? doubled - 9 : doubled;
  }
  return total % 10 === 0;
}

function passesEan(digits: string): boolean {
  const total = Array.from(digits, Number).reduce((sum, digit, index) => sum + digit * (index % 2 === 0 ? 1 : 3), 0);
  return total % 10 === 0;
}

/** Runs of digits, with what draws nothing inside them; full-width, circled and other digits count as 0-9. */
function groupsOf(text: string): Group[] {
  const groups: Group[] = [];
  let open: Group | undefined;
  let at = 0;
  for (const char of text) {
    const end = at + char.length;
    const digits = digitsOf(char);
    if (digits === '') {
      if (!drawsNothing.test(char)) open = undefined;
      else if (open !== undefined) open.end = end;
    } else if (open === undefined) {
      open = { digits, start: at, end };
      groups.push(open);
    } else {
      open.digits += digits;
      open.end = end;
    }
    at = end;
  }
  return groups;
}

function digitsOf(char: string): string {
  if (char >= '0' && char <= '9') return char;
  if (char < '\u00b2') return '';
  const values = Array.from(char.normalize('NFKC'), (part) => digitValue(part));
  return values.includes(undefined) ? '' : values.join('');
}

/** Bank accounts (IBAN, right check digits) are asked for in a market and contain runs that look like cards. */
function withoutBankAccounts(text: string): string {
  return text.replace(/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g, (account) => {
    const compact = account.replaceAll(' ', '');
    const turned = compact.slice(4) + compact.slice(0, 4);
    const number = turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
    return BigInt(number) % 97n === 1n ? 'x'.repeat(account.length) : account;
  });
}
