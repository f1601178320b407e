import { assert, constantFrom, integer, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponentOf } from '../../../src/domain/currency.ts';
import { money } from '../../../src/domain/money.ts';
import { CURRENCIES, fromStripe, isWritable, LIMITS, toStripe } from '../../../src/payments/stripe/amounts.ts';

describe('what Stripe is sent', () => {
  test.each([
    // ours, in minor units of ISO 4217 | Stripe's, from its page on currencies
    [1_000, 'USD', 1_000],
    [1, 'EUR', 1],
    [500, 'JPY', 500],
    [1_200, 'KRW', 1_200],
    [15_000, 'VND', 15_000],
    // Always two decimals there, always 00.
    [5, 'ISK', 500],
    [5, 'UGX', 500],
    // Two decimals in ISO 4217, none there.
    [50_000, 'MGA', 500],
    // The last of three is 0.
    [5_120, 'KWD', 5_120],
    [10, 'BHD', 10],
    // Whole only when they are paid out, not when they are charged.
    [1_045, 'HUF', 1_045],
    [80_045, 'TWD', 80_045],
    [12_345, 'IDR', 12_345],
  ])('%i of %s is %i', (amount, currency, theirs) => {
    expect(toStripe(money(amount, currency))).toBe(theirs);
    expect(fromStripe(theirs, currency.toLowerCase())).toEqual(money(amount, currency));
  });

  test.each([
    [5_124, 'KWD'],
    [1, 'OMR'],
    [50_001, 'MGA'],
    [100, 'XTR'],
    [100, 'BTC'],
  ])('%i of %s is refused, never rounded', (amount, currency) => {
    expect(isWritable(money(amount, currency))).toBe(false);
    expect(() => toStripe(money(amount, currency))).toThrow(RangeError);
  });
});

const aCurrency = constantFrom(...CURRENCIES);

test('every sum in every currency comes back as it went', () => {
  assert(
    property(tuple(aCurrency, integer({ min: 0, max: 99_999_999 })), ([currency, steps]) => {
      const ours = money(steps * (LIMITS.step[currency] ?? 1), currency);
      const theirs = toStripe(ours);
      expect(Number.isSafeInteger(theirs)).toBe(true);
      expect(fromStripe(theirs, currency.toLowerCase())).toEqual(ours);
    }),
    { numRuns: 2_000 },
  );
});

test('what Stripe says is held to its last unit or not at all', () => {
  assert(
    property(tuple(aCurrency, integer({ min: -99_999_999, max: 99_999_999 })), ([currency, theirs]) => {
      const ours = fromStripe(theirs, currency.toLowerCase());
      if (ours && isWritable(ours)) expect(toStripe(ours)).toBe(theirs);
      // A fraction of a króna or of a shilling is no amount of ours.
      else expect(ours === undefined || exponentOf(currency) === 3).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(fromStripe(501, 'isk')).toBeUndefined();
  expect(fromStripe(1.5, 'usd')).toBeUndefined();
  expect(fromStripe(100, 'xtr')).toBeUndefined();
});

test('the limits are whole, in order, and can themselves be charged', () => {
  for (const currency of CURRENCIES) {
    const [least, most, step] = [LIMITS.minimum[currency], LIMITS.maximum[currency], LIMITS.step[currency]];
    if (least === undefined || most === undefined || step === undefined) throw new Error(`${currency} has no limits`);
    for (const limit of [least, most, step]) expect(Number.isSafeInteger(limit)).toBe(true);
    expect(least).toBeGreaterThan(0);
    expect(least).toBeLessThan(most);
    expect(isWritable(money(least, currency))).toBe(true);
  }
  expect(LIMITS.minimum).toMatchObject({
    USD: 50,
    EUR: 50,
    GBP: 30,
    JPY: 50,
    MYR: 200,
    AED: 200,
    HUF: 17_500,
    ISK: 1,
    UGX: 1,
  });
  expect(LIMITS.maximum).toMatchObject({ USD: 99_999_999, JPY: 99_999_999, ISK: 999_999, IDR: 999_999_999_999 });
  expect(LIMITS.step).toMatchObject({ USD: 1, JPY: 1, KWD: 10, ISK: 1, UGX: 1, MGA: 100 });
});
