/**
 * How Stripe counts money (https://docs.stripe.com/currencies), as data. Inside Pasar an amount has the decimals of ISO 4217; only here
 * does it become Stripe's. A currency that is not named here is not offered.
 */
import { exponentOf } from '../../domain/currency.ts';
import { type Money, money } from '../../domain/money.ts';

const words = (text: string): readonly string[] => text.split(' ');

const TWO_DECIMALS = words(
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC CVE CZK ' +
    'DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR JMD KES KGS KHR KYD KZT LAK LBP ' +
    'LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON ' +
    'RSD SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TOP TRY TTD TWD TZS UAH USD UYU UZS WST XCD XCG YER ZAR ZMW',
);
const NO_DECIMALS = words('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF');
/** The last of the three is always 0. */
const THREE_DECIMALS = words('BHD JOD KWD OMR TND');
/** They have no decimals any more; Stripe goes on writing two, which are always 00. */
const ALWAYS_00 = words('ISK UGX');

type Rule = {
  readonly exponent: number;
  /** Stripe's own units; what it charges is a multiple. */ readonly step: number;
};

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...TWO_DECIMALS.map((code) => [code, { exponent: 2, step: 1 }] as const),
  ...NO_DECIMALS.map((code) => [code, { exponent: 0, step: 1 }] as const),
  ...THREE_DECIMALS.map((code) => [code, { exponent: 3, step: 10 }] as const),
  ...ALWAYS_00.map((code) => [code, { exponent: 2, step: 100 }] as const),
]);

/** Stripe's own units. What is not named has the least that Stripe can count. */
const MINIMUM: Readonly<Record<string, number>> = {
  ...{ AED: 200, AUD: 50, BGN: 100, BRL: 50, CAD: 50, CHF: 50, CZK: 1500, DKK: 250, EUR: 50, GBP: 30, HKD: 400 },
  ...{ HUF: 17_500, INR: 50, JPY: 50, MXN: 1000, MYR: 200, NOK: 300, NZD: 50, PLN: 200, RON: 200, SEK: 300, SGD: 50 },
  ...{ THB: 1000, USD: 50 },
};
/** Stripe's own units: eight digits, and more where the money is small. */
const MAXIMUM = 99_999_999;
const LARGER: Readonly<Record<string, number>> = { IDR: 999_999_999_999 };

export const CURRENCIES: readonly string[] = [...RULES.keys()].toSorted();

/** Our minor units, by currency: what can be charged lies from `minimum` to `maximum` and is a multiple of `step`. */
export const LIMITS = {
  minimum: byCurrency((code, rule) => Math.ceil(ours(Math.max(MINIMUM[code] ?? 0, rule.step), code))),
  maximum: byCurrency((code) => Math.floor(ours(LARGER[code] ?? MAXIMUM, code))),
  step: byCurrency((code, rule) => Math.max(1, ours(rule.step, code))),
};

function byCurrency(of: (code: string, rule: Rule) => number): Readonly<Record<string, number>> {
  return Object.fromEntries([...RULES].map(([code, rule]) => [code, of(code, rule)]));
}

/** Where Stripe counts coarser than we do this is more than one of our units to one of theirs. */
function ours(theirs: number, code: string): number {
  return (theirs * 10 ** exponentOf(code)) / 10 ** exponentAt(code);
}

function exponentAt(code: string): number {
  return ruleOf(code).exponent;
}

function ruleOf(code: string): Rule {
  const rule = RULES.get(code);
  if (!rule) throw new RangeError(`Stripe does not charge ${code}.`);
  return rule;
}

/** Whether it can be written at all; what Stripe takes for a whole bill is in `LIMITS`. */
export const isWritable = ({ amount, currency }: Money): boolean =>
  RULES.has(currency) && amount % (LIMITS.step[currency] ?? 1) === 0;

/** Stripe's number. RangeError for what it cannot charge: the core has compared it with `LIMITS` before. */
export function toStripe(one: Money): number {
  if (!isWritable(one)) throw new RangeError(`${one.amount} ${one.currency} cannot be written for Stripe.`);
  const { amount, currency } = one;
  const finer = exponentAt(currency) - exponentOf(currency);
  const theirs = finer >= 0 ? amount * 10 ** finer : amount / 10 ** -finer;
  if (!Number.isSafeInteger(theirs)) throw new RangeError(`${amount} ${currency} is more than a number can hold.`);
  return theirs + 0;
}

/** Undefined for what we cannot hold to the last unit: it is never rounded. */
export function fromStripe(amount: number, currency: string): Money | undefined {
  const code = currency.toUpperCase();
  if (!RULES.has(code) || !Number.isSafeInteger(amount)) return undefined;
  const coarser = exponentAt(code) - exponentOf(code);
  const own = coarser >= 0 ? amount / 10 ** coarser : amount * 10 ** -coarser;
  return Number.isSafeInteger(own) ? money(own, code) : undefined;
}
