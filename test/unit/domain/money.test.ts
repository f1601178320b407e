import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertCurrency, currencies, exponentOf, isCurrency } from '../../../src/domain/currency.ts';
import {
  add,
  allocate,
  compare,
  divide,
  fromDecimal,
  isZero,
  money,
  multiply,
  negate,
  percentOf,
  subtract,
  sum,
  toDecimal,
} from '../../../src/domain/money.ts';
import type { Rounding } from '../../../src/domain/money.ts';

const amounts = fc.maxSafeInteger();
const anyCurrency = fc.constantFrom(...currencies);
const weightLists = fc
  .array(fc.maxSafeNat(), { minLength: 1, maxLength: 12 })
  .filter((list) => list.some((w) => w > 0));
const roundings: readonly Rounding[] = ['half_up', 'half_even', 'floor', 'ceil'];

function amountsOf(parts: readonly { readonly amount: number }[]): number[] {
  return parts.map((part) => part.amount);
}

describe('currencies', () => {
  test.each([
    ['JPY', 0],
    ['USD', 2],
    ['KWD', 3],
    ['IQD', 3],
    ['CLF', 4],
    ['XTR', 0],
    ['BTC', 8],
    // Intl says 0 for these; ISO 4217 says 2.
    ['IDR', 2],
    ['HUF', 2],
    ['COP', 2],
    ['PKR', 2],
    ['LBP', 2],
    // One unit is five sub-units, and the rails still count in hundredths.
    ['MGA', 2],
    ['MRU', 2],
    ['TWD', 2],
    ['ISK', 0],
    ['UGX', 0],
  ])('%s has %i decimals', (currency, exponent) => {
    expect(exponentOf(currency)).toBe(exponent);
  });

  test('codes are compared exactly and names of object members are no currency', () => {
    for (const code of ['usd', 'USD ', '', 'constructor', '__proto__', 'default']) expect(isCurrency(code)).toBe(false);
    expect(() => assertCurrency('usd')).toThrow(/Unknown currency "usd": use an ISO 4217 code/);
  });

  test('the list is sorted, without repetition, and holds the newest codes', () => {
    expect(currencies).toEqual([...new Set(currencies)].toSorted());
    expect(currencies).toEqual(expect.arrayContaining(['XCG', 'ZWG', 'SLE', 'VED', 'MYR', 'CNY', 'BRL']));
  });
});

describe('money', () => {
  test.each([0.1, 2 ** 53, -(2 ** 53), Number.NaN, Number.POSITIVE_INFINITY])('refuses %d minor units', (amount) => {
    expect(() => money(amount, 'USD')).toThrow(RangeError);
  });

  test('zero has no sign', () => {
    expect(Object.is(negate(money(0, 'USD')).amount, 0)).toBe(true);
    expect(Object.is(multiply(money(-5, 'USD'), 0).amount, 0)).toBe(true);
    expect(isZero(money(-0, 'JPY'))).toBe(true);
    expect(toDecimal(money(-0, 'USD'))).toBe('0.00');
  });

  test('mixed currencies are refused by every operation, with both named', () => {
    const [usd, jpy] = [money(1, 'USD'), money(1, 'JPY')];
    for (const mix of [add, subtract, compare]) expect(() => mix(usd, jpy)).toThrow(/USD and JPY/);
    expect(() => sum('USD', [usd, jpy])).toThrow(/USD and JPY/);
  });

  test('overflow is refused instead of rounded', () => {
    const most = money(Number.MAX_SAFE_INTEGER, 'USD');
    expect(() => add(most, money(1, 'USD'))).toThrow(/not a safe integer/);
    expect(() => subtract(negate(most), money(1, 'USD'))).toThrow(/not a safe integer/);
    expect(() => multiply(most, 2)).toThrow(/not a safe integer/);
    expect(() => percentOf(most, 10_001, 'half_up')).toThrow(/leave the safe integers/);
    expect(() => multiply(money(100, 'USD'), 0.5)).toThrow(/use percentOf/);
  });

  test('addition and subtraction undo each other', () => {
    const halves = fc.integer({ min: -(2 ** 51), max: 2 ** 51 });
    fc.assert(
      fc.property(halves, halves, anyCurrency, (a, b, currency) => {
        const [x, y] = [money(a, currency), money(b, currency)];
        expect(subtract(add(x, y), y)).toEqual(x);
        expect(add(x, y)).toEqual(add(y, x));
        expect(compare(x, y)).toBe(0 - compare(y, x));
        expect(sum(currency, [x, y, negate(x)])).toEqual(y);
      }),
    );
  });

  test('the sum of nothing is zero of the named currency', () => {
    expect(sum('KWD', [])).toEqual({ amount: 0, currency: 'KWD' });
  });
});

describe('percentOf', () => {
  test.each([
    [275, 1000, 'half_up', 28], // the buyer's discount on 2.75: 2.47 is left
    [275, 1000, 'half_even', 28],
    [265, 1000, 'half_even', 26],
    [275, 1000, 'floor', 27],
    [271, 1000, 'ceil', 28],
    [1999, 2500, 'half_up', 500], // 19.99 less 25 % is 14.99
    [7000, 825, 'half_up', 578], // 70.00 at 8.25 % is 5.78
    [-275, 1000, 'half_up', -28],
    [-275, 1000, 'floor', -28],
    [-275, 1000, 'ceil', -27],
    [-265, 1000, 'half_even', -26],
    [1000, 0, 'ceil', 0],
    [1000, 15_000, 'floor', 1500],
  ] as const)('%i at %i basis points, %s, is %i', (amount, bps, rounding, expected) => {
    expect(percentOf(money(amount, 'USD'), bps, rounding).amount).toBe(expected);
  });

  test('a charge and its refund mirror each other when halves go away from zero', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 10_000 }), (amount, bps) => {
        const m = money(amount, 'USD');
        expect(percentOf(negate(m), bps, 'half_up')).toEqual(negate(percentOf(m, bps, 'half_up')));
        expect(percentOf(negate(m), bps, 'half_even')).toEqual(negate(percentOf(m, bps, 'half_even')));
        expect(percentOf(negate(m), bps, 'floor')).toEqual(negate(percentOf(m, bps, 'ceil')));
      }),
    );
  });

  test.each([-1, 1.5, Number.NaN])('%d is no rate in basis points', (bps) => {
    expect(() => percentOf(money(100, 'USD'), bps, 'floor')).toThrow(/basis points/);
  });

  test('every rounding stays within one unit of the exact quotient, on its own side', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 12n }), (numerator, denominator) => {
        const down = divide(numerator, denominator, 'floor');
        const up = divide(numerator, denominator, 'ceil');
        expect(down * denominator <= numerator && numerator <= up * denominator).toBe(true);
        expect(up - down).toBe(numerator % denominator === 0n ? 0n : 1n);
        for (const rounding of roundings) expect([down, up]).toContain(divide(numerator, denominator, rounding));
      }),
    );
    expect(() => divide(1n, 0n, 'floor')).toThrow(/must be above 0/);
  });
});

describe('allocate', () => {
  test.each([
    [1000, [1000, 1000, 1000], [334, 333, 333]], // 10.00 over three 10.00 items keeps its cent
    [5, [3, 7], [1, 4]], // remainders tie: 1.5 and 3.5; the larger weight takes the unit
    [1, [1, 1], [1, 0]], // weights tie too: the lower index
    [2, [1, 2, 1], [1, 1, 0]], // 0.5, 1, 0.5
    [1, [0, 0, 5], [0, 0, 1]],
    [0, [1, 2], [0, 0]],
    [-1000, [1, 1, 1], [-334, -333, -333]],
    [Number.MAX_SAFE_INTEGER, [1, 1], [2 ** 52, 2 ** 52 - 1]],
  ])('%i over %j is %j', (amount, weights, parts) => {
    expect(amountsOf(allocate(money(amount, 'USD'), weights))).toEqual(parts);
  });

  test('the parts add up exactly and each is within one unit of its exact share', () => {
    fc.assert(
      fc.property(amounts, weightLists, (amount, weights) => {
        const parts = amountsOf(allocate(money(amount, 'USD'), weights));
        const total = weights.reduce((all, weight) => all + BigInt(weight), 0n);
        expect(parts.reduce((all, part) => all + BigInt(part), 0n)).toBe(BigInt(amount));
        for (const [index, part] of parts.entries()) {
          const exactTimesTotal = BigInt(amount) * BigInt(weights[index] ?? 0);
          const off = BigInt(part) * total - exactTimesTotal;
          expect((off < 0n ? -off : off) < total).toBe(true);
          if (weights[index] === 0) expect(part).toBe(0);
        }
      }),
    );
  });

  test('a discount no larger than the bill never exceeds a line', () => {
    const lines = fc
      .array(fc.nat(1_000_000), { minLength: 1, maxLength: 20 })
      .filter((list) => list.some((l) => l > 0));
    fc.assert(
      fc.property(lines, fc.double({ min: 0, max: 1, noNaN: true }), (weights, part) => {
        const bill = weights.reduce((all, weight) => all + weight, 0);
        const parts = amountsOf(allocate(money(Math.floor(bill * part), 'USD'), weights));
        for (const [index, discount] of parts.entries()) {
          expect(discount).toBeGreaterThanOrEqual(0);
          expect(discount).toBeLessThanOrEqual(weights[index] ?? 0);
        }
      }),
    );
  });

  test('a negative amount is split as its mirror', () => {
    fc.assert(
      fc.property(amounts, weightLists, (amount, weights) => {
        const parts = allocate(money(amount, 'USD'), weights);
        expect(allocate(negate(money(amount, 'USD')), weights)).toEqual(parts.map(negate));
      }),
    );
  });

  test('the order of the lines moves no unit but between equal ones', () => {
    const shuffled = weightLists.chain((weights) =>
      fc.tuple(fc.constant(weights), fc.shuffledSubarray(weights, { minLength: weights.length })),
    );
    const paired = (amount: number, weights: readonly number[]): string[] =>
      allocate(money(amount, 'USD'), weights)
        .map((part, index) => `${weights[index]}:${part.amount}`)
        .toSorted();
    fc.assert(
      fc.property(fc.maxSafeNat(), shuffled, (amount, [weights, other]) => {
        expect(paired(amount, other)).toEqual(paired(amount, weights));
      }),
    );
  });

  test('a larger weight never gets less, and equal weights differ by one unit at most, the earlier ones having more', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), weightLists, (amount, weights) => {
        const parts = allocate(money(amount, 'USD'), weights).map((part, index) => ({
          weight: weights[index] ?? 0,
          part: part.amount,
        }));
        for (const [index, a] of parts.entries()) {
          for (const b of parts.slice(index + 1)) {
            if (a.weight > b.weight) expect(a.part).toBeGreaterThanOrEqual(b.part);
            if (a.weight < b.weight) expect(a.part).toBeLessThanOrEqual(b.part);
            if (a.weight === b.weight) expect([0, 1]).toContain(a.part - b.part);
          }
        }
      }),
    );
  });

  test.each([[[]], [[0, 0]], [[-1, 2]], [[0.5]], [[2 ** 53]]])('refuses the weights %j', (weights) => {
    expect(() => allocate(money(100, 'USD'), weights)).toThrow(RangeError);
  });
});

describe('decimals', () => {
  test.each([
    [1250, 'USD', '12.50'],
    [-5, 'USD', '-0.05'],
    [1500, 'JPY', '1500'],
    [1234, 'KWD', '1.234'],
    [250, 'XTR', '250'],
    [1, 'BTC', '0.00000001'],
    [Number.MAX_SAFE_INTEGER, 'USD', '90071992547409.91'],
  ])('%i %s is written %s', (amount, currency, text) => {
    expect(toDecimal(money(amount, currency))).toBe(text);
    expect(fromDecimal(text, currency)).toEqual({ amount, currency });
  });

  test('what is written is read back in every currency', () => {
    fc.assert(
      fc.property(amounts, anyCurrency, (amount, currency) => {
        const m = money(amount, currency);
        expect(fromDecimal(toDecimal(m), currency)).toEqual(m);
      }),
    );
  });

  test('fewer decimals and superfluous zeros are read exactly', () => {
    expect(fromDecimal('12.5', 'USD').amount).toBe(1250);
    expect(fromDecimal('12', 'KWD').amount).toBe(12_000);
    expect(fromDecimal('1500.00', 'JPY').amount).toBe(1500);
  });

  test.each([
    '12.505',
    '1e3',
    '',
    ' 1',
    '1.',
    '.5',
    '+1',
    '1,5',
    '007',
    '--1',
    '١',
    'NaN',
    '90071992547409.92',
    '9'.repeat(99),
  ])('as dollars %j is refused', (text) => {
    expect(() => fromDecimal(text, 'USD')).toThrow(RangeError);
  });
});
