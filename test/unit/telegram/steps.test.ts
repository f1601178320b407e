import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { questionOf } from '../../../adapters/telegram/forms/question.ts';
import { parseSell } from '../../../adapters/telegram/forms/sell.ts';
import { begin, freeze, type FormState, isComplete, thaw, valuesOf } from '../../../adapters/telegram/forms/state.ts';
import { type Input, refused, step } from '../../../adapters/telegram/forms/steps.ts';
import { readData } from '../../../adapters/telegram/render/data.ts';
import { locales } from '../../../src/i18n/texts.ts';
import { wordsFor } from '../../../src/i18n/words.ts';
import type { Field, Form } from '../../../src/view/view.ts';
import { parseHtml } from '../../support/telegram/html.ts';

const english = wordsFor('en', 'UTC');
const ID = 'AbCdEfGhIjKlMnOpQrSt_-';
const start = (fields: readonly Field[]): FormState => {
  const form: Form = { title: 'A form', submit: 'Send', fields };
  return begin({ id: ID, communityId: 'c1', chatId: null, do: { kind: 'set_profile' }, form });
};
const tap = (choice: string, field = 0): Input => ({ kind: 'tap', field, choice });
const labels = (state: FormState) =>
  questionOf(state, english)
    .keyboard.flat()
    .map(({ text }) => text);
function after(state: FormState, input: Input): FormState {
  const next = step(state, input, english);
  if (next.kind !== 'ask' && next.kind !== 'submit') throw new Error(next.kind);
  return next.state;
}

const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.constantFrom('<b>', '', '\u202e', '@a', '1'));
const labelText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 });
const fields = fc
  .array(
    fc.record({
      kind: fc.constantFrom('text', 'lines', 'amount', 'number', 'choice', 'check', 'photo'),
      label: labelText,
      hint: labelText,
      required: fc.boolean(),
      value: fc.option(text, { nil: undefined }),
      many: fc.boolean(),
      count: fc.integer({ min: 1, max: 130 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((all) =>
    all.map(({ kind, label, hint, required, value, many, count }, index): Field => {
      const shared = { name: `f${index}`, label, hint, required, ...(value === undefined ? {} : { value }) };
      if (kind === 'choice') {
        const options = Array.from({ length: count }, (_, n) => ({ value: `v${n}`, label: `${label} ${n}` }));
        return { ...shared, kind, many, options };
      }
      if (kind === 'check' || kind === 'photo') return { ...shared, kind };
      return { ...shared, kind: kind as 'text', maxLength: 100 };
    }),
  );
/** A finger that presses any button that stands there, or any button at all. */
const moves = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('press' as const), nth: fc.nat(60) }),
    fc.record({ kind: fc.constant('text' as const), text }),
    fc.record({ kind: fc.constant('photo' as const), digest: fc.constant('d'.repeat(64)) }),
    fc.record({
      kind: fc.constant('tap' as const),
      field: fc.nat(22),
      choice: fc.constantFrom('b', 'x', 's', 'k', 'd', 'f', 'y', 'n', '3', 'p2'),
    }),
  ),
  { maxLength: 30 },
);

test('whatever is typed and pressed, there is one valid question, and nothing incomplete is sent', () => {
  fc.assert(
    fc.property(fields, moves, fc.constantFrom(...locales), (asked, all, locale) => {
      const words = wordsFor(locale, 'UTC');
      let state = start(asked);
      for (const move of all) {
        const screen = questionOf(state, words);
        const buttons = screen.keyboard.flat();
        expect(parseHtml(screen.html).text.length).toBeLessThanOrEqual(4096);
        expect(buttons.length).toBeLessThanOrEqual(100);
        expect(screen.keyboard.every((row) => row.length > 0 && row.length <= 8)).toBe(true);
        const taps = buttons.map((button) => ('callback_data' in button ? readData(button.callback_data) : undefined));
        expect(taps.every((one) => one?.step === 'question' && one.formId === state.id)).toBe(true);
        const pressed = move.kind === 'press' ? taps[move.nth % taps.length] : undefined;
        const input: Input | undefined =
          move.kind !== 'press'
            ? move
            : pressed?.step === 'question'
              ? { kind: 'tap', field: pressed.field, choice: pressed.choice }
              : undefined;
        if (!input) throw new Error('The question has no button.');
        const next = step(state, input, words);
        // Every button that is shown does something.
        if (move.kind === 'press') expect(next.kind).not.toBe('stale');
        if (next.kind === 'cancel') return;
        if (next.kind === 'stale') continue;
        if (next.kind === 'submit') {
          expect(isComplete(next.state)).toBe(true);
          expect(Object.keys(valuesOf(next.state))).toEqual(asked.map(({ name }) => name));
          return;
        }
        state = next.state;
        expect(state.at).toBeGreaterThanOrEqual(0);
        expect(state.at).toBeLessThanOrEqual(state.order.length);
        expect(thaw(freeze(state))).toEqual(state);
      }
    }),
    { numRuns: 150 },
  );
});

test('many choices have pages', () => {
  const options = Array.from({ length: 60 }, (_, n) => ({ value: `v${n}`, label: `Currency ${n}` }));
  const first = start([{ kind: 'choice', name: 'currency', label: 'Currency', required: true, options }]);
  expect(labels(first)).toContain('Currency 23');
  expect(labels(first)).not.toContain('Currency 24');
  const third = after(after(first, tap('p1')), tap('p2'));
  expect(labels(third)).toEqual(expect.arrayContaining(['Currency 48', 'Currency 59', '◀ Earlier']));
  expect(labels(third)).not.toContain('More ▶');
  expect(valuesOf(after(third, tap('59')))).toEqual({ currency: 'v59' });
  expect(step(first, tap('p3'), english).kind).toBe('stale');
});

test('what stood in a field is kept, changed or emptied', () => {
  const note: Field = { kind: 'text', name: 'note', label: 'Note', maxLength: 50, value: 'Gate 3' };
  const state = start([note]);
  expect(labels(state)).toEqual(['Keep it', 'Leave it empty', '✖ Cancel']);
  expect(valuesOf(after(state, tap('k')))).toEqual({ note: 'Gate 3' });
  expect(valuesOf(after(state, tap('s')))).toEqual({ note: '' });
  expect(valuesOf(after(state, { kind: 'text', text: ' Gate 4 ' }))).toEqual({ note: 'Gate 4' });
  expect(step(start([{ ...note, required: true }]), tap('s'), english).kind).toBe('stale');
});

test('a refusal that names no field is told where the form was sent from, and its next sending is another wish', () => {
  const name: Field = { kind: 'text', name: 'form.title', label: 'Title', maxLength: 50, required: true };
  const price: Field = { kind: 'amount', name: 'form.price', label: 'Price', maxLength: 50, value: '1' };
  const state = after(start([price, name]), { kind: 'text', text: 'Mango' });
  const busy = refused(state, { fault: { code: 'too_fast' }, id: 'next' }, english);
  expect([busy.id, busy.at, busy.order.length]).toEqual(['next', 2, 2]);
  const wrong = refused(state, { fault: { code: 'amount_empty', params: { field: 'price' } }, id: 'next' }, english);
  expect(questionOf(wrong, english).html).toContain('<b>Price</b>');
  const deep = refused(state, { fault: { code: 'input_invalid', params: { field: 'form.title' } }, id: 'n' }, english);
  expect(questionOf(deep, english).html).toContain('<b>Title</b>');
  expect(after(wrong, { kind: 'text', text: '2' }).at).toBe(2);
});

test('a form that an older version kept is not read', () => {
  expect(thaw(JSON.stringify({ v: 0, state: {} }))).toBeUndefined();
  expect(thaw(JSON.stringify({ v: 1, state: 7 }))).toBeUndefined();
});

test.each([
  ['Mango box | 12.50 | 20 | Ripe today', ['Mango box', '12.50', '20', 'Ripe today']],
  ['  Mango box|12.50', ['Mango box', '12.50', undefined, undefined]],
  ['芒果｜12.50｜20', ['芒果', '12.50', '20', undefined]],
  ['مانجو | ١٢٫٥٠ | ٢٠', ['مانجو', '١٢٫٥٠', '٢٠', undefined]],
  ['Mango | 1 | | a | b', ['Mango', '1', undefined, 'a | b']],
  ['| 5', [undefined, '5', undefined, undefined]],
  ['', [undefined, undefined, undefined, undefined]],
])('%j is a product in one line', (line, parts) => {
  const names = ['form.title', 'form.price', 'form.stock', 'form.description'];
  const parsed = parseSell(line);
  expect(names.map((name) => parsed[name])).toEqual(parts);
});
