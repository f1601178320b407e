import { describe, expect, test } from 'vitest';
import { FAULTS, type FaultCode } from '../../../src/domain/faults.ts';
import { locales } from '../../../src/i18n/texts.ts';
import { wordsFor } from '../../../src/i18n/words.ts';
import type { MessageName } from '../../../src/ports/messages.ts';
import type { Words } from '../../../src/ports/words.ts';
import { draw } from '../../../src/view/draw.ts';
import { bugText, faultView } from '../../../src/view/fault.ts';
import { parseIntent } from '../../../src/view/intent.ts';
import type { Action, Field, Form, View } from '../../../src/view/view.ts';
import { placeholdersOf } from '../../support/locales.ts';
import { openOrder, orders, paidOrder, SAMPLES } from '../../support/view-samples.ts';

const names = Object.keys(SAMPLES) as MessageName[];
const english = wordsFor('en', 'Asia/Kuala_Lumpur');

/** Refuses a text whose placeholders and params differ. */
function strict(words: Words): Words {
  return {
    ...words,
    t: (key, params = {}) => {
      const asked = placeholdersOf(key);
      const given = Object.keys(params);
      const wrong = [
        ...asked.filter((name) => !given.includes(name)),
        ...given.filter((name) => name !== 'count' && !asked.includes(name)),
      ];
      if (wrong.length > 0) throw new Error(`${key}: ${wrong.join(', ')} is missing or of no use.`);
      return words.t(key, params);
    },
  };
}

function drawAll(name: MessageName, words: Words): View[] {
  return SAMPLES[name].map((data) => draw({ name }, data as never, words));
}

/** Every text of a view, its forms included. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  const silent = ['do', 'kind', 'name', 'digest', 'url', 'style', 'tone', 'answer'];
  // A string as value is what a form's field holds already; a fact's value is a list of inlines.
  const isShown = ([key, one]: [string, unknown]) =>
    !silent.includes(key) && !(key === 'value' && typeof one === 'string');
  return Object.entries(value)
    .filter(isShown)
    .flatMap(([, one]) => textsOf(one));
}

function actionsOf(view: View): Action[] {
  const inLists = view.body.flatMap((block) =>
    block.kind === 'list' ? block.items.flatMap((item) => item.actions ?? []) : [],
  );
  return [...view.actions.flat(), ...inLists];
}

describe.each(locales)('in %s', (locale) => {
  const words = strict(wordsFor(locale, 'Asia/Kuala_Lumpur'));

  test.each(names)('every sample of %s is drawn with no text empty, raw or unfilled', (name) => {
    for (const view of drawAll(name, words)) {
      const texts = textsOf(view);
      expect(texts.length).toBeGreaterThan(0);
      for (const text of texts) {
        expect(text).not.toBe('');
        expect(text).not.toMatch(/\{\{|\}\}|\bundefined\b|\[object/);
        expect(text).not.toMatch(/^[a-z_]+\.[a-z_.]+$/);
      }
    }
  });

  test('every refusal has a text', () => {
    const params = { grouped: '1234', decimal: '1.234', digits: 2, left: 1, max: 2, missing: '5.00', currency: 'MYR' };
    for (const code of Object.keys(FAULTS) as FaultCode[]) {
      const [text] = textsOf(faultView({ code, params }, words).body);
      expect(text).not.toMatch(/^fault\.|\{\{/);
      expect(text?.length).toBeGreaterThan(3);
    }
    expect(bugText('i-1', words)).toContain('i-1');
  });
});

test('the same data in the same words are the same view', () => {
  for (const name of names) expect(drawAll(name, english)).toEqual(drawAll(name, english));
});

/** What a careful person would type. */
function filled(form: Form): Record<string, unknown> {
  const typed = (field: Field): unknown => {
    if (field.kind === 'check') return field.value === 'true';
    if (field.kind === 'choice' && field.many) return field.options.map((option) => option.value);
    if (field.kind === 'choice') return field.options[0]?.value ?? '';
    return field.value ?? (field.kind === 'number' ? '1' : 'x');
  };
  return Object.fromEntries(form.fields.map((field): [string, unknown] => [field.name, typed(field)]));
}

test.each(names)('every button and form of %s is an intent', (name) => {
  for (const action of drawAll(name, english).flatMap(actionsOf)) {
    if (action.kind === 'link') continue;
    const values = action.kind === 'form' ? filled(action.form) : undefined;
    expect(parseIntent(action.do, values), JSON.stringify(action.do)).toMatchObject({ ok: true });
  }
});

const order = (data: typeof openOrder) => draw({ name: 'order' }, { order: data }, english);
const said = (view: View) => textsOf(view.body).join(' ');
const labels = (view: View) => actionsOf(view).map((action) => action.label);

test('the bill of an open order is paid by its first button, which tells the sum', () => {
  expect(order(openOrder).actions[0]).toEqual([
    {
      kind: 'link',
      label: 'Pay RM\u00a026.38',
      style: 'primary',
      url: openOrder.payUrl,
    },
  ]);
});

test('the bill tells the rate behind "about", its source and its day, and says so when it is old', () => {
  const about = { ...openOrder.about, stale: true } as NonNullable<typeof openOrder.about>;
  expect(said(order(openOrder))).toMatch(/about \$2\.65 · 1 MYR ≈ 0\.211937 USD \(ECB, Nov 20, 2026\)/);
  expect(said(order({ ...openOrder, about }))).toContain('This rate is old');
});

test('without an address there is nothing to pay yet, but a form to give it', () => {
  const view = order({ ...openOrder, delivery: { ...openOrder.delivery, address: null } });
  expect(view.actions.flat().some((action) => action.kind === 'link')).toBe(false);
  expect(labels(view)).toContain('Enter the address');
});

test.each([
  ['a refusal of the bank', { lastDecline: 'insufficient_funds' }, /not enough money.*No money was taken.*Try again/],
  ['a refusal in a word of the future', { lastDecline: 'new_word' }, /gave no reason.*No money was taken/],
  [
    'a payment in progress',
    { attempt: { channel: 'x', state: 'working', declineCode: null } },
    /We do not know yet.*do nothing/,
  ],
  [
    'an unclear outcome',
    { attempt: { channel: 'x', state: 'unknown', declineCode: null } },
    /We do not know yet.*do not pay again/,
  ],
  ['an expiry', { state: 'expired' }, /not paid in time.*No money was taken.*Press Buy/],
  ['a conflict', { exceptions: ['conflicted'] }, /does not match.*do not pay again/],
] as const)('%s tells result, money and remedy', (_, changes, expected) => {
  expect(said(order({ ...openOrder, ...changes }))).toMatch(expected);
});

test('late money tells whether it was delivered or goes back', () => {
  expect(said(order({ ...paidOrder, exceptions: ['paid_late'] }))).toMatch(
    /came after.*Your money has arrived.*confirmed/,
  );
  const refunds = orders.find((one) => one.state === 'expired' && one.refunds.length > 0)?.refunds ?? [];
  expect(said(order({ ...openOrder, state: 'expired', exceptions: ['paid_late'], refunds }))).toMatch(
    /came after.*goes back to you.*RM\u00a012\.50 goes back/,
  );
});

test('after payment the panel is the receipt, with its goods to copy and no way to pay again', () => {
  const view = order({ ...paidOrder, goods: [{ title: 'Keys', text: '', codes: ['AAAA'], note: '' }] });
  expect(view.title).toBe('Receipt K7PM-2QXD');
  expect(view.badge).toEqual({ text: 'Paid', tone: 'good' });
  expect(view.body).toContainEqual({ kind: 'copy', label: 'Code 1', text: 'AAAA' });
  expect(labels(view)).toContain('I have received it');
  expect(view.actions.flat().some((action) => action.kind === 'link')).toBe(false);
});

test('what was sent by post is called sent in the lists too', () => {
  const [one] = SAMPLES.my_orders.flatMap(({ orders: listed }) => listed);
  if (!one) throw new Error('There is no order in the samples.');
  const listed = (changes: Partial<typeof one>) =>
    said(draw({ name: 'my_orders' }, { orders: [{ ...one, state: 'fulfilled', ...changes }] }, english));
  expect(listed({ delivery: { method: 'ship' } })).toContain('Sent ·');
  expect(listed({ delivery: { method: 'pickup' } })).toContain('Handed over ·');
});

test('who chose cash reads until which day it may be paid, and not that there is no way to pay', () => {
  const waiting = orders.find((one) => one.attempt?.state === 'waiting_for_cash');
  if (!waiting) throw new Error('Nobody pays cash in the samples.');
  const text = said(order({ ...waiting, payUrl: null, channels: [], can: { ...waiting.can, pay: true } }));
  expect(text).not.toContain('No way to pay');
  expect(text).toMatch(/reserved for you until \w{3} \d+, \d{4}/);
});

test('goods that stand in the receipt are not asked after as if they travelled', () => {
  const here = {
    ...paidOrder,
    state: 'fulfilled',
    goods: [{ title: 'Keys', text: '', codes: ['AAAA'], note: '' }],
  } as const;
  expect(said(order({ ...here, delivery: { ...here.delivery, method: 'none' } }))).toContain('Everything is here');
  expect(said(order({ ...here, goods: [] }))).toContain('Has it arrived?');
});

test('cancelling a paid order names the money that goes back, to the buyer and to the seller', () => {
  const cancellable = { ...paidOrder, can: { ...paidOrder.can, cancel: true } };
  const [sample] = SAMPLES.sale;
  if (!sample) throw new Error('There is no sale in the samples.');
  const views = [order(cancellable), draw({ name: 'sale' }, { ...sample, order: cancellable }, english)];
  for (const view of views) {
    const press = actionsOf(view).find((action) => action.kind === 'press' && action.do.kind === 'cancel_order');
    expect(press?.kind === 'press' && press.confirm).toContain(english.fmt.money(paidOrder.refundable));
  }
});

test('a bill that is over says no longer what it would be about', () => {
  expect(said(order(openOrder))).toContain('about');
  for (const state of ['expired', 'cancelled'] as const)
    expect(textsOf(order({ ...openOrder, state })).join(' ')).not.toContain('about $');
});

test('a card tells what is left, and its buttons sleep when nothing can be bought', () => {
  const [open, , , , , , , soldOut] = drawAll('card', english);
  const claimed = drawAll('card', english).at(-1);
  expect(open && labels(open)).not.toContain('Claim your purchase');
  expect(claimed && labels(claimed)).toContain('Claim your purchase');
  expect(open && said(open)).toContain('3 left');
  expect(soldOut?.badge?.text).toBe('Sold out');
  expect(soldOut?.actions[0]?.every((action) => action.kind === 'press' && action.disabled === true)).toBe(true);
});

test('irreversible steps ask first', () => {
  const all = names.flatMap((name) => drawAll(name, english)).flatMap(actionsOf);
  const kinds = ['cancel_order', 'refund', 'confirm_cash', 'withdraw_product', 'freeze_shop', 'received', 'hand_over'];
  const presses = all.filter((action) => action.kind === 'press' && kinds.includes(action.do.kind));
  expect(presses.length).toBeGreaterThan(10);
  for (const press of presses) {
    const undoes = press.kind === 'press' && press.do['frozen'] === false;
    if (!undoes) expect(press).toHaveProperty('confirm');
  }
});

test('the menu offers each role what it can do', () => {
  const [owner, member] = drawAll('home', english);
  expect(owner && labels(owner)).toEqual(expect.arrayContaining(['Run the market', 'Shop: Siti Bakes']));
  expect(member && labels(member)).toContain('Open a shop');
  expect(member && labels(member)).not.toContain('Run the market');
});
