import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { containsCardNumber, redactCardNumbers, splitAcross } from '../../../src/domain/card-number.ts';

function luhnDigit(body: string): string {
  const total = Array.from(body, Number)
    .toReversed()
    .map((digit, index) => (index % 2 === 0 ? digit * 2 : digit))
    .reduce((sum, digit) => sum + (digit > 9 ? digit - 9 : digit), 0);
  return String((10 - (total % 10)) % 10);
}

// Numbers that card networks and payment providers publish for tests.
const published = [
  '4242424242424242',
  '4000056655665556',
  '4222222222222',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '371449635398431',
  '6011111111111117',
  '3056930009020004',
  '36227206271667',
  '6555900000604105',
  '3566002020360505',
  '6200000000000005',
  '6759649826438453',
  '2200000000000053',
  '6062826786276634',
];

const digitsOf = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^\\d{${length}}$`));

const cards = fc
  .constantFrom('4', '51', '2223', '37', '6011', '62', '3530', '2200')
  .chain((prefix) =>
    digitsOf((prefix === '37' ? 14 : 15) - prefix.length).map((rest) => prefix + rest + luhnDigit(prefix + rest)),
  );

const zeros = ['0', '٠', '۰', '०', '๐', '０', '𝟎'];
const separators = [' ', '-', '.', '–', '🎉', ' 🍜 ', ' - ', '\u00a0', '_', '·', ' • '];
const invisible = ['', '\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\ufe0f\u20e3'];

function inScript(text: string, zero: string): string {
  const start = zero.codePointAt(0) ?? 0;
  return text.replace(/\d/g, (digit) => String.fromCodePoint(start + Number(digit)));
}

const shaped = fc
  .tuple(
    cards,
    fc.constantFrom(...zeros),
    fc.constantFrom(...separators),
    fc.constantFrom(...invisible),
    fc.constantFrom(1, 2, 3, 4, 19),
  )
  .map(([card, zero, separator, hidden, step]) => {
    const groups = card.match(new RegExp(`\\d{1,${step}}`, 'g')) ?? [];
    return inScript(groups.map((group) => Array.from(group).join(hidden)).join(separator), zero);
  });

describe('a card number', () => {
  test.each(published)('%s is seen', (card) => {
    expect(containsCardNumber(card)).toBe(true);
    expect(containsCardNumber(`my card ${card}, 12/27 123 thanks`)).toBe(true);
    expect(containsCardNumber(card.replace(/^(\d{4})(\d{6})(\d{4,5})$|(\d{4})(?=\d)/g, '$1$4 $2 $3'))).toBe(true);
  });

  test('is seen in any script, with any usual separator, in even groups, with what cannot be seen inside', () => {
    fc.assert(
      fc.property(shaped, (text) => {
        expect(containsCardNumber(text)).toBe(true);
        expect(containsCardNumber(`pay with ${text} ok?`)).toBe(true);
        expect(redactCardNumbers(`pay with ${text} ok?`)).toBe('pay with •••• ok?');
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    '3782 822463 10005',
    '4242 4242\n4242 4242',
    'VISA4242424242424242',
    'cc:4242424242424242.',
    '４２４２－４２４２－４２４２－４２４２',
    '4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣',
    '④②④②④②④②④②④②④②④②',
    '42🎉424•24242_424242',
    '(4242) (4242) (4242) (4242)',
    '4242/4242/4242/4242',
  ])('written as %j is seen', (text) => {
    expect(containsCardNumber(text)).toBe(true);
  });

  test('is the only thing taken out, each time it stands there', () => {
    expect(redactCardNumbers('a 4242 4242 4242 4242 b 378282246310005')).toBe('a •••• b ••••');
    expect(redactCardNumbers('no card, order 20-4417, 3 jars')).toBe('no card, order 20-4417, 3 jars');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), cards, (around, card) => {
        expect(containsCardNumber(redactCardNumbers(`${around} ${card} ${around}`))).toBe(false);
      }),
    );
  });
});

describe('a number split over two messages', () => {
  test('is seen wherever it is split', () => {
    fc.assert(
      fc.property(cards, fc.integer({ min: 1, max: 14 }), (card, at) => {
        expect(splitAcross(`here: ${card.slice(0, at)}`, `${card.slice(at)} ok`)).toBe(true);
      }),
    );
    expect(splitAcross('4242 4242', '4242 4242 thanks')).toBe(true);
    expect(splitAcross('4242 42 ', '42 4242 4242')).toBe(true);
  });

  test('is not what stands whole in one of them, nor what words part', () => {
    expect(splitAcross('hello', '4242 4242 4242 4242')).toBe(false);
    expect(splitAcross('4242 4242 4242 4242', 'hello')).toBe(false);
    expect(splitAcross('4242 4242 is the first half', '4242 4242')).toBe(false);
  });
});

describe('what is no card', () => {
  test.each([
    '1234567890123456',
    '4242424242424241',
    '4006381333931', // a barcode
    '9400110898825022579493', // USPS
    '1Z999AA10123456784',
    'RR123456785MY',
    '+60 12-345 6789',
    '+44 20 7946 0958, +44 20 7946 0959',
    '2026-11-21 22:50:17.123',
    'DE89 3704 0044 0532 0130 00',
    'ES91 2100 0418 4502 0005 1332',
    '12, 45, 30, 100, 4200, 5100',
    '4242\n4242\n4242\n4242', // a list of codes
    '403-1234567-1234567',
    '489-3947108-3966802',
    'ORD-44110200-62993',
    '0198f3c2-4242-7424-8424-242424242424',
    '356938035643809', // an IMEI passes Luhn as well
  ])('%j is left alone', (text) => {
    expect(containsCardNumber(text)).toBe(false);
  });

  test('order and tracking numbers are taken for a card at most once in a thousand', () => {
    const d = digitsOf;
    const letters = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[A-Z]{${length}}$`));
    const kinds = fc.oneof(
      fc.uuid(),
      d(6).map((n) => `#${n}`),
      fc
        .tuple(fc.integer({ min: 101, max: 1231 }), d(5))
        .map(([day, n]) => `ORD-2026${String(day).padStart(4, '0')}-${n}`),
      fc.tuple(d(3), d(7), d(7)).map((parts) => parts.join('-')), // Amazon
      fc.tuple(letters(2), d(9), letters(2)).map((parts) => parts.join('')), // postal unions
      fc.tuple(letters(1), d(10)).map(([letter, n]) => `1Z999A${letter}${n}`), // UPS
      d(10), // DHL
      d(12), // FedEx
      d(20).map((n) => `92${n}`), // USPS
      d(16).map((n) => `YT${n}`), // YunExpress
      d(14).map((n) => `LP${n}`), // Cainiao
      d(13).map((n) => `SF${n}`),
      d(15).map((n) => `JJD0${n}`),
      d(9).map((n) => `+60 ${n.slice(0, 2)}-${n.slice(2, 5)} ${n.slice(5)}`),
      fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }).map(String),
    );
    const sample = fc.sample(kinds, { numRuns: 20_000, seed: 7 });
    const taken = sample.filter(containsCardNumber);
    expect(taken.length / sample.length).toBeLessThanOrEqual(0.001);
  });
});
