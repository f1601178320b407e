import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAmount } from '../../../src/domain/amount-input.ts';
import { currencies, exponentOf } from '../../../src/domain/currency.ts';
import { digitValue, withAsciiDigits } from '../../../src/domain/digits.ts';
import { money, toDecimal } from '../../../src/domain/money.ts';

// The zero of western, Arabic, Persian, Devanagari, Bengali, Thai, Khmer, full-width, mathematical and Adlam digits.
const zeros = ['0', '٠', '۰', '०', '০', '๐', '០', '０', '𝟎', '𝟬', '𞥐'];

function inScript(text: string, zero: string): string {
  const start = zero.codePointAt(0) ?? 0;
  return text.replace(/\d/g, (digit) => String.fromCodePoint(start + Number(digit)));
}

function faultOf(text: string, currency: string): unknown {
  const parsed = parseAmount(text, currency);
  return parsed.ok ? parsed.money : parsed.fault;
}

describe('digits', () => {
  test('of every script have their value', () => {
    for (const zero of zeros) expect(withAsciiDigits(inScript('0123456789', zero))).toBe('0123456789');
  });

  test('are nothing but decimal digits', () => {
    for (const char of ['一', '½', '²', '①', 'x', '']) expect(digitValue(char)).toBeUndefined();
  });
});

describe('an amount', () => {
  test('written plainly is read back in every currency, in any script, with any separator', () => {
    const separators = ['.', ',', '٫', '،', '．', '，'];
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.constantFrom(...currencies),
        fc.constantFrom(...zeros),
        fc.constantFrom(...separators),
        (amount, currency, zero, separator) => {
          const text = inScript(toDecimal(money(amount, currency)), zero).replace('.', separator);
          expect(parseAmount(text, currency)).toEqual({ ok: true, money: { amount, currency } });
        },
      ),
    );
  });

  test.each([
    ['12', 'USD', 1200],
    ['12.5', 'USD', 1250],
    ['12,50', 'EUR', 1250],
    ['  7 ', 'JPY', 7],
    ['0', 'USD', 0],
    ['000.10', 'USD', 10],
    ['MYR 12.50', 'MYR', 1250],
    ['12.50myr', 'MYR', 1250],
    ['1.234', 'KWD', 1234],
    ['1,234', 'KWD', 1234],
    ['0.0010', 'BTC', 100_000],
    ['\u200f١٢٫٥٠\u200f', 'SAR', 1250],
    ['90071992547409.91', 'USD', Number.MAX_SAFE_INTEGER],
  ])('%j in %s is %i minor units', (text, currency, amount) => {
    expect(parseAmount(text, currency)).toEqual({ ok: true, money: { amount, currency } });
  });

  test.each([
    ['1.234', 'USD', '1234.00', '1.234'],
    ['1,234', 'JPY', '1234', '1.234'],
    ['٤٬٥', 'USD', undefined, undefined],
    ['12，500', 'CNY', '12500.00', '12.500'],
    ['0.500', 'USD', '500.00', '0.500'],
    ['0.001', 'BTC', '1.00000000', '0.00100000'],
  ])('%j in %s is never guessed', (text, currency, grouped, decimal) => {
    expect(faultOf(text, currency)).toEqual(
      grouped === undefined
        ? { code: 'amount_not_a_number' }
        : { code: 'amount_ambiguous', params: { grouped, decimal } },
    );
  });

  test('with a separator before three digits is ambiguous in every currency that has not three decimals', () => {
    fc.assert(
      fc.property(fc.nat(99_999), fc.nat(999), fc.constantFrom(...currencies), (units, rest, currency) => {
        const parsed = parseAmount(`${units},${String(rest).padStart(3, '0')}`, currency);
        if (exponentOf(currency) === 3) expect(parsed.ok).toBe(true);
        else expect(parsed).toMatchObject({ ok: false, fault: { code: 'amount_ambiguous' } });
      }),
    );
  });

  test.each([
    ['', 'USD', { code: 'amount_empty' }],
    [' \u200f ', 'USD', { code: 'amount_empty' }],
    ['USD', 'USD', { code: 'amount_empty' }],
    ['-5', 'USD', { code: 'amount_negative' }],
    ['−5', 'USD', { code: 'amount_negative' }],
    ['5-', 'USD', { code: 'amount_negative' }],
    ['12.3456', 'USD', { code: 'amount_too_precise', params: { digits: 2 } }],
    ['12.5000', 'USD', { code: 'amount_too_precise', params: { digits: 2 } }],
    ['15.0', 'JPY', { code: 'amount_too_precise', params: { digits: 0 } }],
    ['90071992547409.92', 'USD', { code: 'amount_too_large' }],
    ['9'.repeat(5000), 'USD', { code: 'amount_too_large' }],
  ])('%j in %s is refused and says why', (text, currency, fault) => {
    expect(faultOf(text, currency)).toEqual(fault);
  });

  test.each([
    '1e5',
    'NaN',
    'Infinity',
    '0x10',
    '1,234.56',
    '1 234',
    '1\u00a0234',
    "1'234",
    '.5',
    '5.',
    '+5',
    '$5',
    '5 EUR',
    '--5',
    '½',
    '五',
    '1..5',
    '12abc',
    '-',
  ])('%j is no number of dollars', (text) => {
    expect(faultOf(text, 'USD')).toEqual({ code: 'amount_not_a_number' });
  });

  test('of any text is read or refused, never thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...currencies), (text, currency) => {
        const parsed = parseAmount(text, currency);
        if (parsed.ok) expect(parsed.money.amount).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
