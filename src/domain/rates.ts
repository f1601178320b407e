import { assertCurrency, exponentOf } from './currency.ts';
import type { Currency } from './currency.ts';
import { divide, money, toAmount } from './money.ts';
import type { Money, Rounding } from './money.ts';

/**
 * One major unit of `base` is about `rate` major units of `quote`. `rate` is a decimal string above 0 and never a
 * float; `source` names who says so; `asOf` is the instant it was true, in ms since 1970.
 */
export type Rate = {
  readonly base: Currency;
  readonly quote: Currency;
  readonly rate: string;
  readonly source: string;
  readonly asOf: number;
};

/** `stale` is shown with its age; `expired` is refused. */
export type RateAge = 'fresh' | 'stale' | 'expired';

export type RateAgeLimits = { readonly staleAfterMs: number; readonly expiredAfterMs: number };

/** Significant digits that a derived rate keeps at least, more than any source publishes. */
const CROSS_DIGITS = 15;

type Fraction = { readonly numerator: bigint; readonly scale: number };

/** Throws RangeError unless currencies, decimal string and instant are what the type promises. */
export function assertRate(rate: Rate): void {
  assertCurrency(rate.base);
  assertCurrency(rate.quote);
  fractionOf(rate);
  if (!Number.isSafeInteger(rate.asOf)) {
    throw new RangeError(`${nameOf(rate)} is as of ${rate.asOf}: give whole milliseconds since 1970.`);
  }
}

/**
 * What `m` is about in the rate's quote currency: for display, never for a charge. RangeError when `m` is not in the
 * rate's base currency or the result leaves the safe integers.
 */
export function convertAbout(m: Money, rate: Rate, rounding: Rounding = 'half_up'): Money {
  if (m.currency !== rate.base) {
    throw new RangeError(`${nameOf(rate)} cannot convert ${m.currency}: give a rate whose base is ${m.currency}.`);
  }
  const { numerator, scale } = fractionOf(rate);
  const exact = BigInt(m.amount) * numerator * tenTo(exponentOf(rate.quote));
  const about = divide(exact, tenTo(scale + exponentOf(rate.base)), rounding);
  return money(toAmount(about, rate.quote), rate.quote);
}

/**
 * From two rates of one base (EUR/USD and EUR/MYR) the rate between their quotes (USD/MYR), half-even at 15
 * significant digits or more. It is as old as the older of the two and names both sources.
 */
export function crossRate(from: Rate, to: Rate): Rate {
  if (from.base !== to.base) {
    throw new RangeError(`Cannot cross ${nameOf(from)} with ${nameOf(to)}: give two rates of one base currency.`);
  }
  const a = fractionOf(from);
  const b = fractionOf(to);
  const dividend = b.numerator * tenTo(a.scale);
  const divisor = a.numerator * tenTo(b.scale);
  const scale = Math.max(0, CROSS_DIGITS + String(divisor).length - String(dividend).length);
  return {
    base: from.quote,
    quote: to.quote,
    rate: decimalOf({ numerator: divide(dividend * tenTo(scale), divisor, 'half_even'), scale }),
    source: from.source === to.source ? from.source : `${from.source} + ${to.source}`,
    asOf: Math.min(from.asOf, to.asOf),
  };
}

/** The rate between two currencies out of a table with one base; undefined when the table lacks one of them. */
export function rateBetween(table: readonly Rate[], from: Currency, to: Currency): Rate | undefined {
  const sample = table[0];
  if (sample === undefined) return undefined;
  // The base is worth one of itself; it is as old as the rate it is crossed with.
  const legOf = (currency: Currency, other: Currency): Rate | undefined =>
    table.find((rate) => rate.quote === currency) ??
    (currency === sample.base
      ? { ...(table.find((rate) => rate.quote === other) ?? sample), quote: currency, rate: '1' }
      : undefined);
  const fromLeg = legOf(from, to);
  const toLeg = legOf(to, from);
  return fromLeg === undefined || toLeg === undefined ? undefined : crossRate(fromLeg, toLeg);
}

/** A rate dated in the future tells of a wrong clock or table and is distrusted by the same measure. */
export function rateAge(rate: Rate, now: number, limits: RateAgeLimits): RateAge {
  const distanceMs = Math.abs(now - rate.asOf);
  if (distanceMs <= limits.staleAfterMs) return 'fresh';
  return distanceMs <= limits.expiredAfterMs ? 'stale' : 'expired';
}

function fractionOf(rate: Rate): Fraction {
  const match = /^(0|[1-9]\d{0,19})(?:\.(\d{1,40}))?$/.exec(rate.rate);
  const decimals = match?.[2] ?? '';
  const numerator = match === null ? 0n : BigInt(`${match[1] ?? ''}${decimals}`);
  if (numerator === 0n) {
    throw new RangeError(`${nameOf(rate)} is ${JSON.stringify(rate.rate)}: give a decimal string above 0 like 4.0312.`);
  }
  return { numerator, scale: decimals.length };
}

function decimalOf({ numerator, scale }: Fraction): string {
  const digits = String(numerator).padStart(scale + 1, '0');
  const decimals = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '');
  const units = scale === 0 ? digits : digits.slice(0, -scale);
  return decimals === '' ? units : `${units}.${decimals}`;
}

function tenTo(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

function nameOf(rate: Rate): string {
  return `The rate ${rate.base}/${rate.quote} from ${rate.source}`;
}
