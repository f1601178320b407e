import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { money } from '../../../src/domain/money.ts';
import { assertRate, convertAbout, crossRate, rateAge, rateBetween } from '../../../src/domain/rates.ts';
import type { Rate } from '../../../src/domain/rates.ts';

function eur(quote: string, rate: string, asOf = 1000, source = 'ECB'): Rate {
  return { base: 'EUR', quote, rate, source, asOf };
}

const table = [eur('USD', '1.0834', 900), eur('MYR', '4.8123'), eur('JPY', '163.21'), eur('KWD', '0.33381')];

describe('convertAbout', () => {
  test.each([
    [1200, eur('USD', '1.0834'), { amount: 1300, currency: 'USD' }],
    [1200, eur('JPY', '163.21'), { amount: 1959, currency: 'JPY' }],
    [1200, eur('KWD', '0.33381'), { amount: 4006, currency: 'KWD' }],
    [1200, eur('BTC', '0.00001'), { amount: 12_000, currency: 'BTC' }],
    [-1200, eur('USD', '1.0834'), { amount: -1300, currency: 'USD' }],
  ])('%i cents of a euro', (amount, rate, expected) => {
    expect(convertAbout(money(amount, 'EUR'), rate)).toEqual(expected);
  });

  test('rounds by name', () => {
    const rate = eur('USD', '0.5');
    expect(convertAbout(money(1, 'EUR'), rate).amount).toBe(1);
    expect(convertAbout(money(1, 'EUR'), rate, 'half_even').amount).toBe(0);
    expect(convertAbout(money(1, 'EUR'), rate, 'floor').amount).toBe(0);
  });

  test('has no float in it: a large sum is exact to the unit', () => {
    expect(convertAbout(money(Number.MAX_SAFE_INTEGER, 'EUR'), eur('USD', '0.1')).amount).toBe(900_719_925_474_099);
  });

  test('refuses another currency and an overflow', () => {
    expect(() => convertAbout(money(1, 'USD'), eur('MYR', '4.8'))).toThrow(/EUR\/MYR from ECB cannot convert USD/);
    expect(() => convertAbout(money(Number.MAX_SAFE_INTEGER, 'EUR'), eur('USD', '2'))).toThrow(RangeError);
  });
});

describe('a rate', () => {
  test.each(['0', '0.0', '-1', '1e3', '', '1.', '.5', ' 1', '01', 'NaN', '١', '1,5'])('of %j is refused', (rate) => {
    expect(() => assertRate(eur('USD', rate))).toThrow(/decimal string above 0/);
  });

  test('of an unknown currency or an instant that is no whole millisecond is refused', () => {
    expect(() => assertRate(eur('usd', '1'))).toThrow(RangeError);
    expect(() => assertRate(eur('USD', '1', 1.5))).toThrow(/whole milliseconds/);
    expect(() => assertRate(eur('USD', '1.0834'))).not.toThrow();
  });

  test('ages by thresholds that are given, and one from the future is trusted no more than one from the past', () => {
    const limits = { staleAfterMs: 10, expiredAfterMs: 100 };
    expect([1000, 1010, 1011, 1100, 1101].map((now) => rateAge(eur('USD', '1'), now, limits))).toEqual([
      'fresh',
      'fresh',
      'stale',
      'stale',
      'expired',
    ]);
    expect(rateAge(eur('USD', '1', 5000), 1000, limits)).toBe('expired');
  });
});

describe('crossRate', () => {
  test('divides one by the other, is as old as the older, and names the sources', () => {
    expect(crossRate(eur('USD', '1.0834', 900), eur('MYR', '4.8123', 1000, 'BNM'))).toEqual({
      base: 'USD',
      quote: 'MYR',
      rate: '4.441849732324165',
      source: 'ECB + BNM',
      asOf: 900,
    });
  });

  test('is refused between tables of different bases', () => {
    expect(() => crossRate(eur('USD', '1'), { ...eur('MYR', '4'), base: 'USD' })).toThrow(/one base currency/);
  });

  test('there and back is one, to twelve digits', () => {
    const rates = fc
      .tuple(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 0, max: 9 }))
      .map(([digits, scale]) => crossRate(eur('USD', `1${'0'.repeat(scale)}`), eur('MYR', String(digits))).rate);
    fc.assert(
      fc.property(rates, rates, (a, b) => {
        const there = crossRate(eur('USD', a), eur('MYR', b));
        const back = crossRate(eur('MYR', b), eur('USD', a));
        expect(Number(there.rate) * Number(back.rate)).toBeCloseTo(1, 12);
        expect(() => assertRate(there)).not.toThrow();
      }),
    );
  });
});

describe('rateBetween', () => {
  test('finds the way over the base, from it, to it and onto itself', () => {
    expect(rateBetween(table, 'USD', 'MYR')?.rate).toBe('4.441849732324165');
    expect(rateBetween(table, 'EUR', 'JPY')).toEqual(eur('JPY', '163.21'));
    expect(rateBetween(table, 'USD', 'EUR')).toMatchObject({ base: 'USD', quote: 'EUR', asOf: 900, source: 'ECB' });
    expect(rateBetween(table, 'EUR', 'EUR')?.rate).toBe('1');
    expect(rateBetween(table, 'USD', 'USD')?.rate).toBe('1');
  });

  test('finds nothing for a currency that the table lacks', () => {
    expect(rateBetween(table, 'USD', 'XTR')).toBeUndefined();
    expect(rateBetween(table, 'BTC', 'EUR')).toBeUndefined();
    expect(rateBetween([], 'EUR', 'EUR')).toBeUndefined();
  });
});
