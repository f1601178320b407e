// Every renderer with whatever people type: the request that comes of it is one that Telegram takes.
import { createHmac } from 'node:crypto';
import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { questionOf } from '../../../adapters/telegram/forms/question.ts';
import { begin } from '../../../adapters/telegram/forms/state.ts';
import { further } from '../../../adapters/telegram/private-side.ts';
import { drawScreen, type Screen } from '../../../adapters/telegram/render/screen.ts';
import { wordsFor } from '../../../src/i18n/words.ts';
import type { Message, MessageName } from '../../../src/ports/messages.ts';
import { draw } from '../../../src/view/draw.ts';
import { faultView } from '../../../src/view/fault.ts';
import { METHODS } from '../../support/telegram/methods.ts';
import { wordsOf } from '../../support/telegram/send.ts';
import { SAMPLES } from '../../support/view-samples.ts';

const key = (text: string) => createHmac('sha256', 'key').update(text).digest();
const home: Message = { name: 'home' };
const languages = ['en', 'ar', 'zh-CN'].map((locale) => wordsFor(locale, 'Asia/Kuala_Lumpur'));

/** What people typed somewhere: everything else of the data is ours. */
const TYPED: ReadonlySet<string> = new Set([
  ...['title', 'description', 'name', 'text', 'question', 'answer', 'asker', 'owner', 'buyer', 'pickupNote', 'note'],
  ...['alt', 'recipient', 'lines', 'phone', 'tracking', 'serviceNote', 'digitalText', 'community', 'label', 'code'],
]);
const LISTS: ReadonlySet<string> = new Set(['codes', 'reasons', 'choices', 'values']);

function retold(value: unknown, said: () => string): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => retold(one, said));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]: [string, unknown]) => {
    if (typeof one === 'string' && TYPED.has(name)) return [name, said()];
    if (Array.isArray(one) && LISTS.has(name)) return [name, one.map(said)];
    return [name, retold(one, said)];
  });
  return Object.fromEntries(entries);
}

const piece = oneof(
  string({ unit: 'grapheme', maxLength: 40 }),
  string({ unit: 'binary', maxLength: 40 }),
  constantFrom(
    ...['<b>', '</b>', '&', '&lt;', '<', '@admin', '/start', 'https://evil.example', '\u202e', '\u2066', '\u2069'],
    ...[
      '\u200b',
      '\u200d',
      '\u2060',
      '\ufeff',
      '👨‍👩‍👧‍👦',
      '🇲🇾',
      'عربي',
      '中文',
      'e\u0301\u0302\u0303',
      '\ud83d',
      '\udc4d',
      '\0',
      '\n',
    ],
  ),
  constantFrom('x', 'long ', '字', '🥭', '<', '&').map((one) => one.repeat(3_000)),
);
const texts = array(
  array(piece, { maxLength: 4 }).map((parts) => parts.join('')),
  { minLength: 1, maxLength: 6 },
);

/** Why Telegram would refuse this screen as a message or as a caption; empty when it takes it. */
function objections({ html, photo, keyboard }: Screen): string[] {
  const markup = { inline_keyboard: keyboard };
  const fields = { chat_id: 1, parse_mode: 'HTML', reply_markup: markup };
  const request =
    photo === null
      ? METHODS.sendMessage.safeParse({ ...fields, text: html })
      : METHODS.sendPhoto.safeParse({ ...fields, photo, caption: html });
  const found = request.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  if (!html.isWellFormed() || !JSON.stringify(keyboard).isWellFormed()) found.push('strings must be encoded in UTF-8');
  try {
    wordsOf(html, { parse_mode: 'HTML' }, undefined, photo !== null);
  } catch (error) {
    found.push(String(error));
  }
  return found;
}

const given = (words: readonly string[]) => {
  let turn = 0;
  return () => words[turn++ % words.length] ?? '';
};

describe('whatever people type', () => {
  test.each(Object.keys(SAMPLES) as MessageName[])('the message "%s" stays within every limit', (name) => {
    assert(
      property(texts, constantFrom(...languages), (said, words) => {
        for (const sample of SAMPLES[name].slice(0, 6)) {
          const data = retold(sample, given(said));
          const options = { message: home, words, chatId: null, personId: 'person-1', key };
          const { screen } = drawScreen(draw({ name }, data as never, words), options);
          expect(objections(screen)).toEqual([]);
          expect(objections(further({ words }, screen, 'https://t.me/pasar_test_bot?start=x'))).toEqual([]);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('a question of a form stays within every limit', () => {
    assert(
      property(texts, constantFrom(...languages), (said, words) => {
        const say = given(said);
        const view = draw({ name: 'new_product' }, retold(SAMPLES.new_product[0], say) as never, words);
        const action = view.actions.flat().find((one) => one.kind === 'form');
        if (action?.kind !== 'form') throw new Error('A new product is asked for by a form.');
        const answers = Object.fromEntries(action.form.fields.map((field) => [field.name, say()]));
        const start = { id: 'i'.repeat(32), communityId: 'c', chatId: null, do: action.do, form: action.form };
        const state = begin({ ...start, answers });
        for (let at = 0; at <= state.order.length; at++) {
          const screen = questionOf({ ...state, at, complaint: say() }, words);
          expect(objections(screen)).toEqual([]);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('a refusal stays within every limit', () => {
    assert(
      property(texts, constantFrom(...languages), ([said = ''], words) => {
        const view = faultView({ code: 'shop_frozen', params: { shop: said } }, words);
        const options = { message: home, words, chatId: null, personId: 'person-1', key };
        expect(objections(drawScreen(view, options).screen)).toEqual([]);
      }),
    );
  });
});

test('a keyboard is never larger than Telegram takes, and keeps the buttons of the message', () => {
  const words = wordsFor('zh-CN', 'UTC');
  const press = (label: string) =>
    ({ kind: 'press', label, do: { kind: 'show', message: home, label }, answer: 'u' }) as const;
  const items = Array.from({ length: 80 }, (_, n) => ({
    text: [`${n}`],
    actions: [press(`${n}${'购买'.repeat(40)}`)],
  }));
  const options = { message: home, words, chatId: null, personId: 'person-1', key };
  const view = { body: [{ kind: 'list', items } as const], actions: [[press('菜单')]], tone: 'plain' } as const;
  const { screen } = drawScreen(view, options);
  expect(objections(screen)).toEqual([]);
  expect(screen.keyboard.flat().at(-1)?.text).toBe('菜单');
  expect(screen.keyboard.flat().length).toBeLessThan(60);
});
