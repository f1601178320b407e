import * as iso4217 from 'dinero.js/currencies';

/** A currency code in capitals: an ISO 4217 code, or one of ours (`XTR`, `BTC`). */
export type Currency = string;

// Units that are money on a chat platform or a payment channel but stand in no ISO list.
const ownExponents: readonly (readonly [Currency, number])[] = [
  ['XTR', 0], // Telegram Stars
  ['BTC', 8], // 1 minor unit = 1 satoshi
];

// The package records that one ariary and one ouguiya are five of their sub-units (base 5, exponent 1).
// ISO 4217 and every payment rail count them with two decimals, and so do we. Intl is no source of
// exponents: it disagrees with ISO 4217 on 17 codes.
function exponentFrom(entry: { readonly base: number | readonly number[]; readonly exponent: number }): number {
  return entry.base === 10 ? entry.exponent : 2;
}

const exponents: ReadonlyMap<Currency, number> = new Map<Currency, number>([
  ...Object.values(iso4217).map((entry) => [entry.code, exponentFrom(entry)] as const),
  ...ownExponents,
]);

/** Every currency the market knows, sorted by code. */
export const currencies: readonly Currency[] = [...exponents.keys()].toSorted();

/** Whether `code` is a known currency; codes are compared exactly, so `usd` is none. */
export function isCurrency(code: string): boolean {
  return exponents.has(code);
}

/** Money that exists on one platform alone: only a channel that names it can charge it. */
export const isPlatformMoney = (code: string): boolean => code === 'XTR';

/** Throws RangeError when the code is unknown: what people type is checked with `isCurrency` before. */
export function assertCurrency(code: string): void {
  exponentOf(code);
}

/** Decimals of the currency: 2 for USD, 0 for JPY and XTR, 3 for KWD, 8 for BTC. RangeError on an unknown code. */
export function exponentOf(currency: Currency): number {
  const exponent = exponents.get(currency);
  if (exponent === undefined) {
    throw new RangeError(`Unknown currency ${JSON.stringify(currency)}: use an ISO 4217 code in capitals, XTR or BTC.`);
  }
  return exponent;
}
