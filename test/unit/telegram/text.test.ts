import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compose } from '../../../adapters/telegram/render/screen.ts';
import { exact, fitted, label, plain, shortened, type Run } from '../../../src/view/runs.ts';
import { CAPTION_MAX, TEXT_MAX, toHtml } from '../../../adapters/telegram/render/text.ts';
import { alertText } from '../../../adapters/telegram/render/alert.ts';
import { parseHtml } from '../../support/telegram/html.ts';

const JOINER = /\u2060/g;
const nasty = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        ...['<b>', '</b>', '&amp;', '&', '"', "'", '<a href="https://evil.example">x</a>', '@admin', '/start', '#tag'],
        ...['https://evil.example', 'evil.example', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069', '\u0000', '\r\n'],
        ...['👨‍👩‍👧‍👦', '🇲🇾', 'عربي', 'नी', '\ud83d', '\n', ' ', '```', '*x*', '_', '[x](tg://user?id=1)'],
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join('')),
);
const dirs = fc.constantFrom('ltr' as const, 'rtl' as const);
const marks = fc.constantFrom(undefined, 'b' as const, 'blockquote' as const);

const isBalanced = (line: string) => {
  let open = 0;
  for (const char of line) {
    if (char === '\u2068') open += 1;
    if (char === '\u2069') open -= 1;
    if (open < 0) return false;
  }
  return open === 0;
};

describe('text that people typed', () => {
  test('comes out of the parser as it went in: no markup, no hidden direction, nothing that Telegram would link', () => {
    fc.assert(
      fc.property(nasty, dirs, marks, (text, dir, mark) => {
        const shown = plain(text, dir);
        const run: Run = mark === undefined ? { text: shown } : { text: shown, mark };
        const parsed = parseHtml(toHtml([run]));
        expect(parsed.text).toBe(shown);
        expect(parsed.entities.length).toBeLessThanOrEqual(1);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown.split('\n').every(isBalanced)).toBe(true);
        expect(shown).not.toMatch(/[\u202a-\u202e\u2066\u2067\0\r]/u);
        expect(shown).not.toMatch(/:\/\/|@\w|(?<![\p{L}\p{N}_])\/\w|#\w|[\p{L}\p{N}]\.\p{L}/u);
      }),
      { numRuns: 500 },
    );
  });

  test('reads as it was written: an amount keeps its point, a sentence its words', () => {
    expect(plain('RM 12.50 for 3 pcs, 1/2 price', 'ltr')).toBe('RM 12.50 for 3 pcs, 1/2 price');
    expect(plain('see evil.example', 'ltr').replace(JOINER, '')).toBe('see evil.example');
  });

  test('keeps its own direction, line by line', () => {
    expect(plain('مانجو', 'ltr')).toBe('\u2068مانجو\u2069');
    expect(plain('Mango\nbox', 'rtl')).toBe('\u2068Mango\u2069\n\u2068box\u2069');
    expect(plain('a\u2069b\u2068c', 'ltr')).toBe('ab\u2068c\u2069');
  });

  test('that is to be copied stays as it is, to the letter', () => {
    expect(exact('https://a.example/x?y=1&z=@2')).toBe('https://a.example/x?y=1&z=@2');
    expect(parseHtml(toHtml([{ text: exact('<k&y>'), mark: 'code' }]))).toEqual({
      text: '<k&y>',
      entities: [{ type: 'code', offset: 0, length: 5 }],
    });
  });
});

describe('what is too long', () => {
  test('ends with an ellipsis between two characters of a reader, within its limit', () => {
    const whole = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 120 }), (text, max) => {
        const shown = plain(text, 'ltr');
        const cut = shortened(shown, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        if (shown.length <= max) {
          expect(cut).toBe(shown);
          return;
        }
        expect(cut).toContain('…');
        expect(cut.split('\n').every(isBalanced)).toBe(true);
        const kept = cut.slice(0, cut.lastIndexOf('…'));
        const borders = Array.from(whole.segment(shown), ({ index }) => index);
        const isBorder = [...borders, shown.length].some((at) => shown.slice(0, at).trimEnd() === kept);
        expect(isBorder).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('fits a message or a caption whatever it is made of, and is still valid', () => {
    const runs = fc.array(
      fc.record({
        text: fc.tuple(nasty, fc.integer({ min: 1, max: 40 })).map(([text, times]) => plain(text.repeat(times), 'ltr')),
        mark: fc.constantFrom('b', 'code', 'pre', 'blockquote'),
        soft: fc.boolean(),
      }),
      { maxLength: 12 },
    ) as fc.Arbitrary<Run[]>;
    fc.assert(
      fc.property(runs, dirs, fc.boolean(), (all, dir, photo) => {
        const screen = compose(all, { photo: photo ? 'd1' : null, keyboard: [], dir });
        const { text } = parseHtml(screen.html);
        if (screen.photo === null) expect(text.length).toBeGreaterThan(0);
        expect(text.length).toBeLessThanOrEqual(screen.photo === null ? TEXT_MAX : CAPTION_MAX);
        expect(Buffer.byteLength(screen.html)).toBeLessThanOrEqual(32 * 1024);
      }),
      { numRuns: 150 },
    );
  });

  test('gives way in the long words of a person before any fact is lost', () => {
    const runs: Run[] = [{ text: 'x'.repeat(3000), soft: true }, { text: '\n\nPrice: RM 12.50' }];
    const { runs: kept, cut } = fitted(runs, CAPTION_MAX);
    expect(cut).toBe(false);
    expect(kept.at(-1)?.text).toBe('\n\nPrice: RM 12.50');
    expect(kept[0]?.text).toMatch(/^x{900,}…$/);
  });

  test('never shows half a code', () => {
    const codes: Run[] = Array.from({ length: 40 }, (_, n): Run => ({ text: `${n}-`.repeat(60), mark: 'code' }));
    const whole = new Set(codes.map(({ text }) => text));
    const { runs, cut } = fitted(codes, TEXT_MAX);
    expect(cut).toBe(true);
    expect(runs.filter(({ mark }) => mark === 'code').every(({ text }) => whole.has(text))).toBe(true);
    expect(runs.at(-1)).toEqual({ text: '…' });
  });
});

test('a label is one visible line', () => {
  expect(label('Buy\nnow')).toBe('Buy now');
  expect(label('\u200b')).toBe('…');
  expect(label('x'.repeat(200))).toHaveLength(64);
});

test('an alert has at most 200 characters', () => {
  expect(alertText('y'.repeat(300))).toHaveLength(200);
  expect(alertText('Sold out.')).toBe('Sold out.');
});
