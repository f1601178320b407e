import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { wordsFor } from '../../../src/i18n/words.ts';
import { draw } from '../../../src/view/draw.ts';
import { answerOf, withHandles, type HandleOptions } from '../../../src/view/handles.ts';
import { para, type View } from '../../../src/view/view.ts';
import { openOrder, SAMPLES } from '../../support/view-samples.ts';

const key = (text: string) => createHmac('sha256', 'key').update(text).digest();
const options: HandleOptions = { chatId: 'chat-1', personId: 'person-1', key };
const words = wordsFor('en', 'Asia/Kuala_Lumpur');
const bill = draw({ name: 'order' }, { order: openOrder }, words);

const handlesOf = (view: View, to: HandleOptions = options) => withHandles(view, to).drawn.map((row) => row.handle);

test('a handle is a letter and 22 characters that every platform carries', () => {
  const handles = handlesOf(bill);
  expect(handles.length).toBeGreaterThan(4);
  for (const handle of handles) {
    expect(handle).toMatch(/^[upf][A-Za-z0-9_-]{22}$/);
    expect(answerOf(handle)).toBe(handle[0]);
  }
  expect(answerOf('x'.repeat(23))).toBeUndefined();
  expect(answerOf('u')).toBeUndefined();
});

test('the same view has the same bytes, however its intents are written', () => {
  expect(withHandles(bill, options)).toEqual(withHandles(bill, options));
  const view = (intent: { kind: 'buy'; listingId: string; quantity: number }): View => ({
    body: [],
    actions: [[{ kind: 'press', label: 'Buy', do: intent, answer: 'p' }]],
    tone: 'plain',
  });
  expect(handlesOf(view({ kind: 'buy', listingId: 'l1', quantity: 1 }))).toEqual(
    handlesOf(view({ quantity: 1, listingId: 'l1', kind: 'buy' })),
  );
  expect(handlesOf(view({ kind: 'buy', listingId: 'l1', quantity: 1 }))).not.toEqual(
    handlesOf(view({ kind: 'buy', listingId: 'l1', quantity: 2 })),
  );
});

test('person, chat and key each make another handle', () => {
  const all = [
    options,
    { ...options, personId: 'person-2' },
    { ...options, personId: null },
    { ...options, chatId: null },
    { ...options, key: (text: string) => key(`${text}!`) },
  ].map((to) => handlesOf(bill, to)[0]);
  expect(new Set(all).size).toBe(all.length);
});

test('every press and form gets its row, links get none, and lists are not forgotten', () => {
  const [card] = SAMPLES.browse.slice(1);
  const { view, drawn } = withHandles(draw({ name: 'browse' }, card ?? { products: [] }, words), options);
  const list = view.body.find((block) => block.kind === 'list');
  const action = list?.items[0]?.actions?.[0];
  expect(action).toHaveProperty('handle');
  expect(drawn.map((row) => row.intent.kind)).toEqual(expect.arrayContaining(['basket_add', 'show']));
  expect(drawn.every((row) => row.personId === 'person-1' && row.chatId === 'chat-1')).toBe(true);
  expect(JSON.stringify(withHandles(bill, options).view.actions[0])).not.toContain('handle');
});

test('what is no button stays as it was', () => {
  const view: View = { title: 'Hello', body: [para('text')], actions: [], tone: 'good' };
  expect(withHandles(view, options)).toEqual({ view, drawn: [] });
});
