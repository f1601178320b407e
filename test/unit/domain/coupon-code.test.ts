import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateCode, normaliseCode } from '../../../src/domain/coupon-code.ts';

describe('a code', () => {
  test.each([
    [' we-lcome_10 ', 'WELCOME10'],
    ['ＷＥＬＣＯＭＥ１０', 'WELCOME10'],
    ['wel\u200bcome\u2011\ufeff10\u00ad', 'WELCOME10'],
    ['stra\u00dfe', 'STRASSE'],
    ['cafe\u0301', 'CAF\u00c9'],
    ['ﬁve', 'FIVE'],
    ['满减 10', '满减10'],
    ['- _', ''],
    ['x'.repeat(201), ''],
  ])('%j is %j', (typed, code) => {
    expect(normaliseCode(typed)).toBe(code);
  });

  test('is the same when it is normalised again', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 60 }), (typed) => {
        const once = normaliseCode(typed);
        expect(normaliseCode(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  test('that is made up has 63 bits of chance and nothing that looks like something else', () => {
    let drawn = 0;
    const code = generateCode((limit) => drawn++ % limit);
    expect(code).toBe('2345-6789-ABCDE');
    expect(Math.log2(30) * normaliseCode(code).length).toBeGreaterThan(60);
    const all = Array.from({ length: 30 }, (_, at) => generateCode(() => at)).join('');
    expect(all).not.toMatch(/[01OILU]/);
  });
});
