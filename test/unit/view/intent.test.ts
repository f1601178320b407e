import { anything, assert, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIntent } from '../../../src/view/intent.ts';

const refused = (field: string) => ({ ok: false, fault: { code: 'input_invalid', params: { field } } });

test('a press is its stored intent', () => {
  expect(parseIntent({ kind: 'buy', listingId: 'l1' })).toEqual({ ok: true, value: { kind: 'buy', listingId: 'l1' } });
  expect(parseIntent({ kind: 'show', message: { name: 'order', orderId: 'o1' } })).toMatchObject({ ok: true });
});

test("a form fills what its button left open, in the digits of the typist's script", () => {
  const stored = { kind: 'basket_add', productId: 'p1' } as const;
  expect(parseIntent(stored, { variantId: 'v1', quantity: '٣' })).toEqual({
    ok: true,
    value: { ...stored, variantId: 'v1', quantity: 3 },
  });
});

test('dotted names fill the form of a product, and what its kind does not ask for is empty', () => {
  const stored = { kind: 'post_product', shopId: 's1', productKind: 'digital' } as const;
  const values = { 'form.title': 'Song', 'form.price': '3.00', 'form.pickup': 'on', chatIds: 'c1' };
  expect(parseIntent(stored, values)).toMatchObject({
    ok: true,
    value: { chatIds: ['c1'], form: { title: 'Song', price: '3.00', pickup: true, stock: '', serviceNote: '' } },
  });
  expect(parseIntent({ kind: 'edit_product', productId: 'p1' }, {})).toMatchObject({ ok: true });
});

test('a partial refund takes units by line and leaves out lines without any', () => {
  const stored = { kind: 'refund', orderId: 'o1' } as const;
  expect(parseIntent(stored, { amount: '', 'lines.a': '2', 'lines.b': '', 'lines.c': '0', restock: true })).toEqual({
    ok: true,
    value: { ...stored, amount: '', lines: [{ lineId: 'a', quantity: 2 }], restock: true },
  });
  expect(parseIntent(stored, { 'lines.a': 'two' })).toMatchObject({ ok: false, fault: { code: 'quantity_invalid' } });
});

test('the form for a part of the money, sent empty, does not pay back all of it', () => {
  const stored = { kind: 'refund', orderId: 'o1', part: true } as const;
  expect(parseIntent(stored, { amount: ' ', 'lines.a': '0', restock: true })).toEqual(refused('amount'));
  expect(parseIntent(stored, { amount: '1.00' })).toEqual({
    ok: true,
    value: { kind: 'refund', orderId: 'o1', amount: '1.00', lines: [], restock: false },
  });
});

describe('refused', () => {
  const stored = { kind: 'buy', listingId: 'l1' } as const;

  test.each([
    ['a value for what the button says already', { listingId: 'l2' }],
    ['another kind', { kind: 'refund' }],
    ['a field that nobody asks for', { price: '0' }],
    ['a list', ['x']],
    ['a text', 'x'],
    ['nested data', { variantId: { id: 'x' } }],
    ['three dots', { 'a.b.c': 'x' }],
    ['no name', { '': 'x' }],
    ['an empty part of a name', { 'form.': 'x' }],
    ['a constructor', { constructor: 'x' }],
    ['a prototype by a dotted name', { 'form.__proto__': 'x' }],
    ['a prototype', JSON.parse('{"__proto__":"x"}') as unknown],
    ['more fields than any form has', Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`f${n}`, 'x']))],
  ])('%s', (_, values) => {
    expect(parseIntent(stored, values)).toMatchObject({ ok: false, fault: { code: 'input_invalid' } });
  });

  test('kinds and panels that nobody may ask for', () => {
    expect(parseIntent({ kind: 'constructor' as 'buy' })).toEqual(refused(''));
    expect(parseIntent({ kind: 'show', message: { name: 'notice', kind: 'sold', objectId: null } })).toMatchObject({
      ok: false,
    });
  });

  test('a text beyond its bound, with the bound', () => {
    const long = { text: 'x'.repeat(5000) };
    expect(parseIntent({ kind: 'say', chatId: 'c1' }, long)).toEqual({
      ok: false,
      fault: { code: 'text_too_long', params: { max: 4000, field: 'text' } },
    });
  });

  test.each(['3.5', '-1', '', '1e3', '99999999', 'NaN'])('the quantity %j', (quantity) => {
    expect(parseIntent(stored, { quantity })).toEqual({ ok: false, fault: { code: 'quantity_invalid' } });
  });

  test('a stored list cannot be reached into', () => {
    const full = { kind: 'refund', orderId: 'o1', amount: '', lines: [], restock: true } as const;
    expect(parseIntent(full, { 'lines.a': '1' })).toMatchObject({ ok: false });
  });
});

test('whatever is sent, nothing throws and no prototype changes', () => {
  const stored = { kind: 'edit_product', productId: 'p1' } as const;
  assert(
    property(anything({ withNullPrototype: true }), (values) => {
      const intent = parseIntent(stored, values);
      expect(Object.keys(Object.prototype)).toEqual([]);
      if (intent.ok) expect(intent.value).toMatchObject(stored);
    }),
  );
});
