import { createHmac } from 'node:crypto';
import { Api } from 'grammy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawQuestion } from '../../../adapters/telegram/render/again.ts';
import { readData } from '../../../adapters/telegram/render/data.ts';
import { drawScreen, type Screen } from '../../../adapters/telegram/render/screen.ts';
import { locales } from '../../../src/i18n/texts.ts';
import { wordsFor } from '../../../src/i18n/words.ts';
import type { Message, MessageName } from '../../../src/ports/messages.ts';
import { draw } from '../../../src/view/draw.ts';
import type { Action, View } from '../../../src/view/view.ts';
import { parseHtml } from '../../support/telegram/html.ts';
import { startFakeTelegram, type FakeTelegram } from '../../support/telegram/fake.ts';
import { openOrder, SAMPLES } from '../../support/view-samples.ts';

const names = Object.keys(SAMPLES) as MessageName[];
const key = (text: string) => createHmac('sha256', 'key').update(text).digest();
const english = wordsFor('en', 'Asia/Kuala_Lumpur');
const home: Message = { name: 'home' };

const at = { message: home, words: english, chatId: null, personId: 'person-1', key };
const screenOf = (view: View, words = english) => drawScreen(view, { ...at, words }).screen;
const shown = (screen: Screen) => parseHtml(screen.html).text;
const view = (changes: Partial<View>): View => ({ body: [], actions: [], tone: 'plain', ...changes });
const press = (label: string, more: object = {}): Action => ({
  ...{ kind: 'press', label, do: { kind: 'show', message: { name: 'help' }, label }, answer: 'u' },
  ...more,
});

describe('every message in every language', () => {
  let telegram: FakeTelegram;
  let api: Api;
  let chat: number;
  beforeAll(async () => {
    telegram = await startFakeTelegram();
    api = new Api(telegram.token, { apiRoot: telegram.apiRoot });
    const ana = telegram.person({ firstName: 'Ana' });
    ana.starts();
    chat = ana.id;
  });
  afterAll(() => telegram.close());

  test.each(locales)('is a message that Telegram takes (%s)', async (locale) => {
    const words = wordsFor(locale, 'Asia/Kuala_Lumpur');
    for (const name of names) {
      for (const data of SAMPLES[name]) {
        const { screen, drawn } = drawScreen(draw({ name }, data as never, words), { ...at, words });
        const { text } = parseHtml(screen.html);
        expect(text.length).toBeLessThanOrEqual(screen.photo === null ? 4096 : 1024);
        expect(text).not.toMatch(/undefined|\[object|\{\{/);
        const buttons = screen.keyboard.flat();
        expect(buttons.length).toBeLessThanOrEqual(100);
        expect(screen.keyboard.every((row) => row.length > 0 && row.length <= 8)).toBe(true);
        const known = new Set(drawn.map(({ handle }) => handle));
        for (const button of buttons) {
          if (!('callback_data' in button)) continue;
          expect(Buffer.byteLength(button.callback_data)).toBeLessThanOrEqual(64);
          const tap = readData(button.callback_data);
          expect(tap, button.callback_data).toBeDefined();
          if (tap && 'handle' in tap) expect(known.has(tap.handle)).toBe(true);
          if (tap && 'source' in tap) expect(known.has(tap.source)).toBe(true);
        }
        const reply_markup = { inline_keyboard: screen.keyboard };
        await api.sendMessage(chat, screen.html, { parse_mode: 'HTML', reply_markup });
      }
    }
    expect(telegram.invalidRequests.map(({ problems }) => problems)).toEqual([]);
  });
});

describe('a screen', () => {
  test('shows title, badge, facts and the bill line by line', () => {
    const screen = screenOf(
      view({
        title: 'Order K7PM',
        badge: { text: 'Paid', tone: 'good' },
        body: [
          { kind: 'facts', facts: [{ label: 'Shop', value: ['Siti <Bakes>'] }] },
          {
            kind: 'quote',
            rows: [
              { label: 'Mango box', detail: '2 × RM 12.50', amount: 'RM 25.00' },
              { label: 'Total', amount: 'RM 25.00', strong: true },
            ],
          },
          { kind: 'words', text: 'Call me & come' },
          { kind: 'copy', label: 'Code', text: 'A-1' },
        ],
      }),
    );
    expect(screen.html).toBe(
      [
        '<b>Order K7PM</b> · ✅ Paid',
        'Shop: Siti &lt;Bakes&gt;',
        'Mango box · 2 × RM 12.50: RM 25.00\n<b>Total: RM 25.00</b>',
        '<blockquote>Call me &amp; come</blockquote>',
        'Code: <code>A-1</code>',
      ].join('\n\n'),
    );
  });

  test('says in Arabic of every line that it runs from right to left, and fences what does not', () => {
    const rows = [{ label: 'Mango box', amount: 'RM 25.00' }];
    const screen = screenOf(view({ title: 'Order', body: [{ kind: 'quote', rows }] }), wordsFor('ar', 'UTC'));
    const lines = shown(screen)
      .split('\n')
      .filter((line) => line !== '');
    expect(lines.every((line) => line.startsWith('\u200f'))).toBe(true);
    expect(lines[1]).toBe('\u200f\u2068Mango box\u2069: \u2068RM 25.00\u2069');
  });

  test('shows how far something has come', () => {
    const screen = screenOf(view({ body: [{ kind: 'progress', label: 'Sold', done: 3, of: 10 }] }));
    expect(screen.html).toBe('Sold\n▰▰▰▱▱▱▱▱▱▱ 3 / 10');
    const odd = screenOf(view({ body: [{ kind: 'progress', label: 'Sold', done: 12, of: 0 }] }));
    expect(odd.html).toContain('▱▱▱▱▱▱▱▱▱▱');
  });

  test('numbers the items that have buttons, and the buttons with them', () => {
    const items = ['S', 'M'].map((text) => ({ text: [text], detail: '3 left', actions: [press(`Buy ${text}`)] }));
    const screen = screenOf(view({ body: [{ kind: 'list', items }] }));
    expect(screen.html).toBe('1. S\n3 left\n2. M\n3 left');
    expect(screen.keyboard.flat().map(({ text }) => text)).toEqual(['1. Buy S', '2. Buy M']);
  });

  test('keeps a picture while its caption fits, by shortening long words, and else the whole text', () => {
    const image = { digest: 'd1', alt: 'Mangoes' };
    const facts = { kind: 'facts', facts: [{ label: 'Price', value: ['RM 12.50'] }] } as const;
    const long = screenOf(view({ image, body: [{ kind: 'paragraph', text: ['w '.repeat(900)] }, facts] }));
    expect([long.photo, shown(long).length <= 1024, shown(long).endsWith('Price: RM 12.50')]).toEqual([
      'd1',
      true,
      true,
    ]);
    const many = Array.from({ length: 200 }, (_, n) => ({ label: `Fact ${n}`, value: ['value'] }));
    const full = screenOf(view({ image, body: [{ kind: 'facts', facts: many }] }));
    expect([full.photo, full.cut, shown(full).includes('Fact 199')]).toEqual([null, false, true]);
  });

  test('keeps what is copied one by one together, and leaves no gap for what is empty', () => {
    const codes = ['A-1', 'A-2'].map((text) => ({ kind: 'copy', label: 'Code', text }) as const);
    const screen = screenOf(view({ body: [{ kind: 'facts', facts: [] }, { kind: 'list', items: [] }, ...codes] }));
    expect(screen.html).toBe('Code: <code>A-1</code>\nCode: <code>A-2</code>');
  });

  test('is never empty', () => {
    expect(shown(screenOf(view({ title: '\u200b', body: [] })))).toBe('…');
  });
});

describe('a keyboard', () => {
  test('colours what pays, what leads on and what cannot be undone, and puts sleeping buttons to sleep', () => {
    const screen = screenOf(
      view({
        actions: [
          [{ kind: 'link', label: 'Pay', style: 'primary', url: 'https://market.example/pay/1' }],
          [press('Go', { style: 'primary' })],
          [press('Stop', { style: 'danger' })],
          [press('Buy', { style: 'primary', disabled: true })],
        ],
      }),
    );
    expect(screen.keyboard.flat()).toEqual([
      { text: 'Pay', style: 'success', url: 'https://market.example/pay/1' },
      { text: 'Go', style: 'primary', callback_data: expect.stringMatching(/^u[\w-]{22}$/) as string },
      { text: 'Stop', style: 'danger', callback_data: expect.stringMatching(/^u[\w-]{22}$/) as string },
      { text: 'Buy', disabled: {} },
    ]);
  });

  test('spells out a link that Telegram would refuse as a button, and leaves out one that is no page', () => {
    const link = (url: string): Action => ({ kind: 'link', label: 'Pay', url });
    const own = screenOf(view({ title: 'Bill', actions: [[link('http://localhost:3000/pay/1')]] }));
    expect([own.keyboard, own.html]).toEqual([[], '<b>Bill</b>\n\nPay: <code>http://localhost:3000/pay/1</code>']);
    const evil = screenOf(view({ title: 'Bill', actions: [[link('javascript:alert(1)')]] }));
    expect([evil.keyboard, evil.html]).toEqual([[], '<b>Bill</b>']);
  });

  test('folds what a phone cannot show side by side', () => {
    const row = ['Mark as sent to the buyer', 'Refund a part of it', 'Menu', 'Help'].map((text) => press(text));
    const edits = ['A', 'B', 'C', 'D', 'E', 'F'].map((text) => ({ text: [text], actions: [press('Edit', { text })] }));
    const list = screenOf(view({ body: [{ kind: 'list', items: edits }] }));
    expect(list.keyboard.map(({ length }) => length)).toEqual([4, 2]);
    const { keyboard } = screenOf(view({ title: 'Sale', actions: [row] }));
    expect(keyboard.map((one) => one.map(({ text }) => text))).toEqual([
      ['Mark as sent to the buyer'],
      ['Refund a part of it'],
      ['Menu', 'Help'],
    ]);
  });

  test('leaves room for one of 100 buttons, keeps those of the message, and tells that some found no place', () => {
    const items = Array.from({ length: 90 }, (_, n) => ({
      text: [`Item ${n}`],
      actions: [press(`Buy ${n}`), press(`Add ${n}`)],
    }));
    const screen = screenOf(view({ body: [{ kind: 'list', items }], actions: [[press('Menu')]] }));
    expect(screen.keyboard.flat()).toHaveLength(99);
    expect(screen.keyboard.flat().at(-1)?.text).toBe('Menu');
    expect(shown(screen)).toContain('82 more buttons found no place here.');
  });
});

describe('what a button carries', () => {
  test.each(['', 'x', 'u', `x${'a'.repeat(22)}`, 'q:', 'q:a:b:c', 'q:id:1:;', `c:${'u'.repeat(23)}`, '{"a":1}', 'a:b'])(
    'nothing of ours is read in %j',
    (data) => {
      expect(readData(data)).toBeUndefined();
    },
  );

  test('an irreversible step asks first: yes is the button itself, no shows the message again', () => {
    const drawing = draw({ name: 'order' }, { order: openOrder }, english);
    const message: Message = { name: 'order', orderId: 'order-1' };
    const { screen } = drawScreen(drawing, { ...at, message });
    const button = screen.keyboard.flat().find(({ text }) => text === 'Cancel the order');
    const tap = button && 'callback_data' in button ? readData(button.callback_data) : undefined;
    if (tap?.step !== 'confirm') throw new Error('The button does not ask.');
    const action = drawing.actions.flat().find(({ label }) => label === 'Cancel the order');
    if (action?.kind !== 'press') throw new Error('There is no such button.');
    const question = drawQuestion({ message, view: drawing, action, do: action.do }, tap, { words: english });
    expect(shown(question)).toContain('Cancel order K7PM-2QXD? What was reserved goes back on sale.');
    expect(question.keyboard.flat()).toEqual([
      { text: 'Cancel the order', style: 'danger', callback_data: tap.handle },
      { text: 'No, leave it', callback_data: `a:${tap.source}` },
    ]);
    expect(readData(`a:${tap.source}`)).toEqual({ step: 'again', source: tap.source });
    expect(readData(tap.handle)).toEqual({ step: 'press', handle: tap.handle });
  });
});
