import { InputFile } from 'grammy';
import { describe, expect, test } from 'vitest';
import { parseHtml } from '../../support/telegram/html.ts';
import { picture, refusalOf, setStage } from './kit.ts';

const button = (one: object) => ({ reply_markup: { inline_keyboard: [[one]] } });
const many = (rows: number, columns: number) => ({
  reply_markup: {
    inline_keyboard: Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => ({ text: 'x', callback_data: 'x' })),
    ),
  },
});

describe('invalid requests', () => {
  test.each<[string, string, object, string]>([
    ['no text', 'sendMessage', { text: ' ' }, 'message text is empty'],
    ['a missing field', 'sendMessage', {}, 'expected string'],
    ['text of 4097 characters', 'sendMessage', { text: 'x'.repeat(4097) }, 'message is too long'],
    ['an unknown field', 'sendMessage', { text: 'x', keyboard: [] }, 'Unrecognized key'],
    ['a field of an older version', 'sendMessage', { text: 'x', reply_to_message_id: 4 }, 'does not model this field'],
    [
      'an unclosed tag',
      'sendMessage',
      { text: '<b>x', parse_mode: 'HTML' },
      "can't parse entities: Can't find end tag",
    ],
    ['an unknown tag', 'sendMessage', { text: '<p>x</p>', parse_mode: 'HTML' }, 'Unsupported start tag "p"'],
    [
      '65 bytes of data',
      'sendMessage',
      { text: 'x', ...button({ text: 'x', callback_data: 'é'.repeat(33) }) },
      'BUTTON_DATA_INVALID',
    ],
    ['a button of no kind', 'sendMessage', { text: 'x', ...button({ text: 'x' }) }, 'Text buttons are unallowed'],
    [
      'a button of two kinds',
      'sendMessage',
      { text: 'x', ...button({ text: 'x', callback_data: 'x', url: 'https://a.example' }) },
      'exactly one kind',
    ],
    [
      'a link to nowhere',
      'sendMessage',
      { text: 'x', ...button({ text: 'x', url: 'http://localhost/x' }) },
      'Wrong HTTP URL',
    ],
    ['a pay button', 'sendMessage', { text: 'x', ...button({ text: 'x', pay: true }) }, 'BUTTON_TYPE_INVALID'],
    ['nine buttons in a row', 'sendMessage', { text: 'x', ...many(1, 9) }, 'BUTTON_ROW_TOO_LONG'],
    ['101 buttons', 'sendMessage', { text: 'x', ...many(101, 1) }, 'reply markup is too long'],
    [
      'a caption of 1025 characters',
      'editMessageCaption',
      { message_id: 3, caption: 'x'.repeat(1025) },
      'caption is too long',
    ],
    ['no message named', 'editMessageText', { text: 'x' }, 'message identifier is not specified'],
    [
      'an alert of 201 characters',
      'answerCallbackQuery',
      { callback_query_id: '1', text: 'x'.repeat(201) },
      'MESSAGE_TOO_LONG',
    ],
    [
      'a refusal without words',
      'answerPreCheckoutQuery',
      { pre_checkout_query_id: '1', ok: false },
      'needs error_message',
    ],
    [
      'a command in capitals',
      'setMyCommands',
      { commands: [{ command: 'Shop', description: 'x' }] },
      'BOT_COMMAND_INVALID',
    ],
    ['a secret with spaces', 'setWebhook', { url: 'https://a.example', secret_token: 'a b' }, 'unallowed characters'],
    ['an unknown kind of update', 'getUpdates', { allowed_updates: ['messages'] }, 'Invalid option'],
  ])('%s is refused and written down', async (_what, method, fields, words) => {
    const { api, ana, fake } = await setStage();
    ana.starts();
    await api.sendPhoto(ana.id, new InputFile(await picture()));
    await api.sendMessage(ana.id, 'a message with number 3');
    const inChat = /^(send|edit)/.test(method) ? { chat_id: ana.id } : {};
    const photo = method === 'editMessageCaption' ? { message_id: 2 } : {};
    const answer = await fetch(`${fake.apiRoot}/bot${fake.token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...inChat, ...fields, ...photo }),
    });
    const body = (await answer.json()) as { ok: boolean; description: string };
    expect(answer.status).toBe(400);
    expect(body.ok).toBe(false);
    expect(body.description).toContain(words);
    expect(fake.invalidRequests.map((one) => one.method)).toEqual([method]);
    expect(fake.invalidRequests[0]?.problems.join()).toContain(words);
  });

  test('a text of 4096 characters counts after its markup', async () => {
    const { api, ana, fake } = await setStage();
    ana.starts();
    await api.sendMessage(ana.id, `<b>${'&lt;'.repeat(4096)}</b>`, { parse_mode: 'HTML' });
    expect(fake.invalidRequests).toEqual([]);
  });

  test('a chat is named by its number', async () => {
    const { api, ana, fake } = await setStage();
    ana.starts();
    expect(await refusalOf(api.sendMessage(String(ana.id), 'x'))).toContain('chat_id is an integer or @username');
    await api.sendMessage(ana.id, 'x');
    expect(fake.invalidRequests).toHaveLength(1);
  });

  test('a file that is no picture, or a very narrow one, is no photo', async () => {
    const { api, ana } = await setStage();
    ana.starts();
    expect(await refusalOf(api.sendPhoto(ana.id, new InputFile(Buffer.from('hello'))))).toContain(
      'IMAGE_PROCESS_FAILED',
    );
    expect(await refusalOf(api.sendPhoto(ana.id, new InputFile(await picture(420, 20))))).toContain(
      'PHOTO_INVALID_DIMENSIONS',
    );
    expect(await refusalOf(api.sendPhoto(ana.id, 'AgACunknown'))).toContain('wrong file identifier');
  });
});

describe('HTML', () => {
  test.each([
    ['a &lt; b &amp; c &quot; &#39; &#x1F600;', 'a < b & c " \' 😀', []],
    ['<b>x<i>y</i></b>', 'xy', ['bold 0+2', 'italic 1+1']],
    ['<pre><code class="language-js">a</code></pre>', 'a', ['pre 0+1']],
    ['<blockquote expandable>q</blockquote>', 'q', ['expandable_blockquote 0+1']],
    ['<tg-time unix="1647531900" format="wDT">then</tg-time>', 'then', ['date_time 0+4']],
    ['<span class="tg-spoiler">s</span>', 's', ['spoiler 0+1']],
    ['<b></b>plain & simple', 'plain & simple', []],
  ])('%s is read', (source, text, kinds) => {
    const parsed = parseHtml(source);
    expect(parsed.text).toBe(text);
    expect(parsed.entities.map((one) => `${one.type} ${one.offset}+${one.length}`)).toEqual(kinds);
  });

  test.each([
    ['a < b', 'Unsupported start tag'],
    ['<b>x</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['<b x', 'Unclosed start tag'],
    ['<b>x</b', 'Unclosed end tag'],
    ['<span>x</span>', 'must have class "tg-spoiler"'],
    ['<a onclick="x">x</a>', 'Unknown attribute "onclick"'],
  ])('%s is refused', (source, words) => {
    expect(() => parseHtml(source)).toThrow(words);
  });
});
