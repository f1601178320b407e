import { exponentOf } from './currency.ts';
import type { Currency } from './currency.ts';

export type { Currency };

/** `amount` counts minor units of `currency` (cents, yen, fils, satoshi) and is a safe integer. */
export type Money = { readonly amount: number; readonly currency: Currency };

/**
 * How a fraction of a minor unit becomes a whole one.
 * `half_up`: to the nearest, exact halves away from zero, so that a refund mirrors its charge.
 * `half_even`: to the nearest, exact halves to the even unit. `floor`: downwards. `ceil`: upwards.
 */
export type Rounding = 'half_up' | 'half_even' | 'floor' | 'ceil';

/** The only way to make Money by hand. Throws RangeError on a fraction, an unsafe integer or an unknown currency. */
export function money(amount: number, currency: Currency): Money {
  exponentOf(currency);
  if (!Number.isSafeInteger(amount)) {
    throw new RangeError(
      `${amount} ${currency} is not a safe integer: give whole minor units between -(2^53 - 1) and 2^53 - 1.`,
    );
  }
  return { amount: amount + 0, currency }; // + 0 turns the negative zero into zero
}

export function add(a: Money, b: Money): Money {
  return money(a.amount + b.amount, sameCurrency('add', a, b));
}

export function subtract(a: Money, b: Money): Money {
  return money(a.amount - b.amount, sameCurrency('subtract', a, b));
}

/** -1, 0 or 1 as `a` is less than, equal to or more than `b`. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  sameCurrency('compare', a, b);
  if (a.amount === b.amount) return 0;
  return a.amount < b.amount ? -1 : 1;
}

export function isZero(m: Money): boolean {
  return m.amount === 0;
}

export function negate(m: Money): Money {
  return money(-m.amount, m.currency);
}

/** `times` is a whole count, as in a quantity; a share of a sum is `percentOf` or `allocate`. */
export function multiply(m: Money, times: number): Money {
  if (!Number.isSafeInteger(times)) {
    throw new RangeError(`Cannot multiply money by ${times}: give a whole number, or use percentOf.`);
  }
  return money(m.amount * times, m.currency);
}

/** The sum of a list that may be empty, which is why the currency is named. */
export function sum(currency: Currency, list: readonly Money[]): Money {
  return list.reduce<Money>((total, m) => add(total, m), money(0, currency));
}

/** `bps` hundredths of a percent of `m`: 1000 is 10 %. Exact until the one named rounding. */
export function percentOf(m: Money, bps: number, rounding: Rounding): Money {
  if (!Number.isSafeInteger(bps) || bps < 0) {
    throw new RangeError(`${bps} is no rate in basis points: give a whole number of 0 or more (1000 = 10 %).`);
  }
  return money(mulDiv(m.amount, bps, 10_000, rounding), m.currency);
}

/**
 * `a * b / c` of whole numbers, `c` above 0, exact until the one named rounding. RangeError when the result leaves the safe
 * integers. In plain numbers where the product fits, which it nearly always does: a bill asks this hundreds of times.
 */
export function mulDiv(a: number, b: number, c: number, rounding: Rounding): number {
  const product = a * b;
  if (product >= 0 && product <= Number.MAX_SAFE_INTEGER && c > 0) {
    const rest = product % c;
    const quotient = (product - rest) / c;
    if (rest === 0 || rounding === 'floor') return quotient;
    if (rounding === 'ceil') return quotient + 1;
    // Not twice the rest: that may be no safe integer.
    if (rest === c - rest) return rounding === 'half_up' ? quotient + 1 : quotient + (quotient % 2);
    return rest > c - rest ? quotient + 1 : quotient;
  }
  const exact = divide(BigInt(a) * BigInt(b), BigInt(c), rounding);
  const result = Number(exact);
  if (!Number.isSafeInteger(result))
    throw new RangeError(`${exact} minor units leave the safe integers: split the sum into smaller ones.`);
  return result;
}

/**
 * Splits `m` in proportion to `weights` (whole, 0 or more, not all 0) by largest remainder: the parts add up
 * to `m` exactly, and none differs from its exact share by a whole unit. Leftover units go to the largest
 * remainders; ties to the larger weight, then to the lower index. A negative amount is split as its mirror.
 */
export function allocate(m: Money, weights: readonly number[]): Money[] {
  const sign = m.amount < 0 ? -1 : 1;
  return shareOut(Math.abs(m.amount), weights).map((part) => money(sign * part, m.currency));
}

/** What `allocate` does, of a bare whole number of 0 or more: the largest remainder, by the same tie rule. */
export function shareOut(whole: number, weights: readonly number[]): number[] {
  const total = totalWeight(weights);
  if (!Number.isSafeInteger(whole) || whole < 0)
    throw new RangeError(`${whole} cannot be shared out: give a whole number of 0 or more.`);
  if (total > MAX_SAFE || weights.some((weight) => whole * weight > Number.MAX_SAFE_INTEGER))
    return shareOutWide(whole, weights, total);
  const all = Number(total);
  const rests: number[] = [];
  let left = whole;
  const parts = weights.map((weight) => {
    const rest = (whole * weight) % all;
    const part = (whole * weight - rest) / all;
    rests.push(rest);
    left -= part;
    return part;
  });
  for (const index of left > 0 ? byClaim(rests, weights).slice(0, left) : []) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}

function shareOutWide(whole: number, weights: readonly number[], total: bigint): number[] {
  const products = weights.map((weight) => BigInt(whole) * BigInt(weight));
  const parts = products.map((product) => Number(product / total));
  const left = Number(BigInt(whole) - products.reduce((given, product) => given + product / total, 0n));
  const rests = products.map((product) => product % total);
  for (const index of byClaim(rests, weights).slice(0, left)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}

/** Indexes, those first who get a leftover unit: larger remainder, then larger weight, then lower index. */
function byClaim<N extends number | bigint>(rests: readonly N[], weights: readonly number[]): number[] {
  return [...rests.keys()].toSorted((a, b) => {
    const [mine = 0, theirs = 0] = [rests[a], rests[b]];
    if (mine !== theirs) return mine > theirs ? -1 : 1;
    return (weights[b] ?? 0) - (weights[a] ?? 0) || a - b;
  });
}

/** Plain decimal with exactly the currency's digits: `12.50`, `-0.05`, `1500` (JPY), `1.234` (KWD). */
export function toDecimal(m: Money): string {
  const exponent = exponentOf(m.currency);
  const sign = m.amount < 0 ? '-' : '';
  const digits = String(Math.abs(m.amount)).padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/**
 * Reads a plain decimal from a machine (a provider, a file); people's typing goes through `parseAmount`.
 * Fewer decimals than the currency has are fine, and so are further zeros; anything inexact is a RangeError.
 */
export function fromDecimal(text: string, currency: Currency): Money {
  const exponent = exponentOf(currency);
  const match = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/.exec(text);
  if (match === null || text.length > 64) {
    throw new RangeError(`${JSON.stringify(text.slice(0, 64))} is no plain decimal: write it like -12.50.`);
  }
  const [, sign = '', units = '', decimals = ''] = match;
  if (/[1-9]/.test(decimals.slice(exponent))) {
    throw new RangeError(`${text} is finer than ${currency} can hold: give at most ${exponent} decimals.`);
  }
  return money(toAmount(BigInt(sign + units + decimals.slice(0, exponent).padEnd(exponent, '0')), currency), currency);
}

/** `numerator / denominator` to a whole number by the named rounding; the denominator is above 0. */
export function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator <= 0n) {
    throw new RangeError(`Cannot divide by ${denominator}: the denominator must be above 0.`);
  }
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n) return quotient;
  const away = quotient + (numerator < 0n ? -1n : 1n);
  const twice = 2n * (remainder < 0n ? -remainder : remainder);
  switch (rounding) {
    case 'floor':
      return numerator < 0n ? away : quotient;
    case 'ceil':
      return numerator < 0n ? quotient : away;
    case 'half_up':
      return twice >= denominator ? away : quotient;
    case 'half_even':
      if (twice !== denominator) return twice > denominator ? away : quotient;
      return quotient % 2n === 0n ? quotient : away;
    default:
      return rounding satisfies never;
  }
}

/** A whole number of minor units out of exact arithmetic; RangeError when it left the safe integers. */
export function toAmount(amount: bigint, currency: Currency): number {
  const result = Number(amount);
  if (!Number.isSafeInteger(result)) {
    throw new RangeError(`${amount} ${currency} minor units leave the safe integers: split the sum into smaller ones.`);
  }
  return result;
}

function sameCurrency(verb: string, a: Money, b: Money): Currency {
  if (a.currency !== b.currency) {
    throw new RangeError(`Cannot ${verb} ${a.currency} and ${b.currency}: convert one of them at a named rate first.`);
  }
  return a.currency;
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

function totalWeight(weights: readonly number[]): bigint {
  let whole = 0;
  for (const weight of weights) {
    if (!Number.isSafeInteger(weight) || weight < 0) {
      throw new RangeError(`${weight} is no weight: give whole numbers of 0 or more.`);
    }
    whole += weight;
  }
  if (whole === 0) {
    throw new RangeError(`Cannot allocate over ${weights.length} weights that add up to 0: give at least one above 0.`);
  }
  return whole <= Number.MAX_SAFE_INTEGER
    ? BigInt(whole)
    : weights.reduce((total, weight) => total + BigInt(weight), 0n);
}
