import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText, isolate } from '../../../src/domain/text.ts';

const line = { maxGraphemes: 64, maxBytes: 256, multiline: false };
const block = { maxGraphemes: 2000, maxBytes: 8000, multiline: true };

function cleaned(raw: string, limits = line): string {
  const result = cleanText(raw, limits);
  return result.ok ? result.value : result.fault.code;
}

describe('cleanText', () => {
  test.each([
    ['spaces around and between', '  Kaya \u00a0 jam\t', 'Kaya jam'],
    ['a right-to-left override', 'cheap\u202egpj.exe', 'cheapgpj.exe'],
    ['isolates and marks', '\u2066a\u2069\u200e\u200f\u061cb', 'ab'],
    ['NUL and other controls', 'a\u0000\u0007\u009fb', 'ab'],
    ['lone surrogates', 'a\ud800b\udc00c', 'abc'],
    ['noncharacters', 'a\ufffeb\ufdd0', 'ab'],
    ['zero-width spaces', 'pay\u200bpal\ufeff\u2060', 'paypal'],
    ['joiners in Latin words', 'pay\u200cp\u200dal', 'paypal'],
    ['invisible letters', 'a\u3164\u115f\uffa0b', 'ab'],
    ['tags that smuggle text', 'hi\u{e0068}\u{e0069}\u{e007f}', 'hi'],
    ['variation selectors on nothing', ' \ufe0f\u{e0101}a\ufe0f\ufe0f', 'a\ufe0f'],
    ['decomposed letters', 'cafe\u0301', 'caf\u00e9'],
    ['line breaks of every kind', 'a\r\nb\u2028c\u0085d', 'a b c d'],
  ])('takes out or tidies %s', (_what, raw, expected) => {
    expect(cleaned(raw)).toBe(expected);
  });

  test.each([
    ['an emoji family', '👩🏽‍👩🏽‍👧'],
    ['a rainbow flag', '🏳️‍🌈'],
    ['the flag of England', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['a keycap', '1️⃣'],
    ['a Persian word with its non-joiner', 'می‌خواهم'],
    ['a Devanagari half form', 'क्‍ष'],
    ['Bengali ya-phalaa', 'র‍্যাব'],
    ['Arabic with vowel marks', 'مُحَمَّدٌ'],
    ['Chinese', '娘惹糕 三盒'],
    ['right-to-left text', 'כובע סרוג'],
  ])('leaves %s as it is', (_what, text) => {
    expect(cleaned(text)).toBe(text.normalize('NFC'));
  });

  test('keeps at most four marks on a base', () => {
    expect(cleaned(`Z${'\u0335'.repeat(1000)}`, { ...line, maxBytes: 4000 })).toBe(`Z${'\u0335'.repeat(4)}`);
    expect(cleaned('a\u0335\u200d\u0335\u200d\u0335\u0335\u0335\u0335')).toBe(`a${'\u0335'.repeat(4)}`);
  });

  test('keeps line breaks where they are wanted, and one blank line at most', () => {
    expect(cleaned('a\r\nb\n \n\t\n\n\nc\n', block)).toBe('a\nb\n\nc');
  });

  test.each(['', '   ', '\u200b\u200d\u2060', '\u3164', '\u2800\u2800', '\u0301\u0301', '\ufe0f', '\u202e', '\ud800'])(
    'refuses %j, of which nothing can be seen',
    (raw) => {
      expect(cleanText(raw, line)).toEqual({ ok: false, fault: { code: 'text_empty' } });
    },
  );

  test('counts graphemes as readers do, and bytes as stores do', () => {
    expect(cleaned('👩🏽‍👩🏽‍👧'.repeat(4), { ...line, maxGraphemes: 4 })).toHaveLength(4 * '👩🏽‍👩🏽‍👧'.length);
    const tooLong = { ok: false, fault: { code: 'text_too_long', params: { max: 64 } } };
    expect(cleanText('x'.repeat(64), line).ok).toBe(true);
    expect(cleanText('x'.repeat(65), line)).toEqual(tooLong);
    expect(cleanText('👩🏽‍👩🏽‍👧'.repeat(12), line)).toEqual(tooLong);
    expect(cleanText(' '.repeat(1_000_000), line)).toEqual(tooLong);
  });

  test('of any text gives what it promises, and cleaning again changes nothing', () => {
    const nasty = fc.constantFrom(
      ...Array.from(
        '\u200d\u200c\u0301\u0335\ufe0f\u{e0067}\u{e007f}\u{1f3f4}👩\n\r \u202e\u2800aاक्가\u1100\u1161\u3164',
      ),
      '\ud83d',
    );
    const texts = fc.array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 2 })), { maxLength: 40 });
    fc.assert(
      fc.property(texts, fc.boolean(), (parts, multiline) => {
        const limits = { ...block, multiline };
        const once = cleanText(parts.join(''), limits);
        if (!once.ok) return;
        expect(cleanText(once.value, limits)).toEqual(once);
        expect(once.value).toBe(once.value.normalize('NFC').trim());
        expect(once.value.isWellFormed()).toBe(true);
        expect(once.value).not.toMatch(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]|(?!\n)\p{Cc}|\p{M}{5}/u);
        if (!multiline) expect(once.value).not.toContain('\n');
      }),
      { numRuns: 1000 },
    );
  });
});

test('an isolate fences a text without changing it', () => {
  expect(isolate('שלום')).toBe('\u2068שלום\u2069');
});
