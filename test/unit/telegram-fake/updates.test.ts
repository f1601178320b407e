import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Api, Bot } from 'grammy';
import type { Update } from 'grammy/types';
import { describe, expect, onTestFinished, test } from 'vitest';
import { setStage, refusalOf } from './kit.ts';

/** A webhook that answers with the given statuses in turn, then 200. */
async function hook(statuses: number[] = []) {
  const got: { update: Update; secret: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const secret = request.headers['x-telegram-bot-api-secret-token'];
      got.push({ update: JSON.parse(Buffer.concat(chunks).toString()) as Update, secret: secret?.toString() });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/telegram` };
}

describe('polling', () => {
  test('a held poll gets an update the moment it happens', async () => {
    const { api, ana, fake } = await setStage();
    const held = api.getUpdates({ timeout: 30 });
    await fake.until(() => fake.isPolled, 'a held poll');
    ana.starts('item7');
    const [update] = await held;
    expect(update?.message).toMatchObject({
      text: '/start item7',
      chat: { id: ana.id, type: 'private' },
      from: ana.user,
    });
  });

  test('updates come again until a higher offset confirms them', async () => {
    const { api, ana, fake } = await setStage();
    ana.starts();
    ana.says('private', 'two');
    const first = await api.getUpdates();
    expect(await api.getUpdates()).toEqual(first);
    const [one, two] = first;
    expect(await api.getUpdates({ offset: (one?.update_id ?? 0) + 1 })).toEqual([two]);
    await api.getUpdates({ offset: (two?.update_id ?? 0) + 1 });
    expect(fake.pendingUpdates).toBe(0);
  });

  test('a second poller ends the first with 409', async () => {
    const { api, fake } = await setStage();
    const first = refusalOf(api.getUpdates({ timeout: 30 }));
    await fake.until(() => fake.isPolled, 'a held poll');
    const second = new Api(fake.token, { apiRoot: fake.apiRoot });
    expect(await second.getUpdates({ timeout: 0 })).toEqual([]);
    expect(await first).toContain('Conflict: terminated by other getUpdates request');
  });

  test('only the kinds that were asked for come, and an omitted list keeps the last one', async () => {
    const { api, ana, group, olga, poll } = await setStage();
    await api.getUpdates({ allowed_updates: ['message'] });
    ana.starts();
    ana.blocks();
    expect((await poll()).flatMap((update) => Object.keys(update))).toEqual(['update_id', 'message']);
    await api.getUpdates({ allowed_updates: ['my_chat_member', 'chat_member'] });
    olga.addsBot(group, 'every right');
    ana.leaves(group);
    const kinds = (await poll()).map((update) => Object.keys(update)[1]);
    expect(kinds).toEqual(['my_chat_member', 'chat_member']);
  });

  test('a whole grammY bot starts, answers and stops', async () => {
    const { fake, ana } = await setStage();
    const bot = new Bot(fake.token, { client: { apiRoot: fake.apiRoot } });
    bot.command('start', (context) => context.reply('Welcome'));
    const running = bot.start();
    ana.starts();
    const seen = await ana.waitsFor('private', 'Welcome');
    expect(seen.isFromBot).toBe(true);
    await bot.stop();
    await running;
    expect(fake.invalidRequests).toEqual([]);
  });

  test('a wrong token is 401 and an unknown method 404', async () => {
    const { fake } = await setStage();
    expect(await refusalOf(new Api('42:WRONG', { apiRoot: fake.apiRoot }).getMe())).toBe('Unauthorized');
    const answer = await fetch(`${fake.apiRoot}/bot${fake.token}/sendNothing`, { method: 'POST' });
    expect(answer.status).toBe(404);
    expect(fake.invalidRequests).toHaveLength(1);
  });
});

describe('webhook', () => {
  test('updates are pushed with the secret, and again until the answer is 2xx', async () => {
    const { api, ana, fake } = await setStage();
    const { got, url } = await hook([500, 502]);
    await api.setWebhook(url, { secret_token: 'quiet_word' });
    ana.starts();
    ana.says('private', 'second');
    await fake.taken();
    const texts = got.map(({ update }) => update.message?.text);
    expect(texts).toEqual(['/start', '/start', '/start', 'second']);
    expect(new Set(got.map(({ secret }) => secret))).toEqual(new Set(['quiet_word']));
    expect(await api.getWebhookInfo()).toMatchObject({ url, pending_update_count: 0 });
  });

  test('getUpdates is refused while a webhook is set, and works after deleteWebhook', async () => {
    const { api } = await setStage();
    const { url } = await hook();
    await api.setWebhook(url);
    expect(await refusalOf(api.getUpdates())).toContain("can't use getUpdates method while webhook is active");
    await api.deleteWebhook();
    expect(await api.getUpdates()).toEqual([]);
  });

  test('a public https address is reached where it listens on this machine', async () => {
    const { api, ana, fake } = await setStage();
    const { got, url } = await hook();
    fake.reachWebhookAt(new URL(url).origin);
    await api.setWebhook('https://market.example.org/telegram');
    ana.starts();
    await fake.taken();
    expect(got.map(({ update }) => update.message?.text)).toEqual(['/start']);
  });

  test('updates of one chat wait for each other, those of others do not', async () => {
    const { api, ana, bob, fake } = await setStage();
    const { got, url } = await hook([500]);
    await api.setWebhook(url);
    ana.starts('one');
    ana.says('private', 'two');
    bob.starts('other');
    await fake.taken();
    const texts = got.map(({ update }) => update.message?.text);
    expect(texts.indexOf('two')).toBeGreaterThan(texts.lastIndexOf('/start one'));
    expect(texts).toContain('/start other');
  });

  test('a webhook needs HTTPS', async () => {
    const { api } = await setStage();
    expect(await refusalOf(api.setWebhook('http://market.example/hook'))).toContain('HTTPS URL must be provided');
  });
});

describe('faults of delivery', () => {
  test('a duplicated update comes twice with one id', async () => {
    const { fake, ana, poll } = await setStage();
    fake.faults.duplicateUpdates(1);
    ana.starts();
    const ids = [...(await poll()), ...(await poll())].map((update) => update.update_id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(fake.pendingUpdates).toBe(0);
  });

  test('a confirmed update can be delivered once more', async () => {
    const { fake, ana, poll } = await setStage();
    ana.starts();
    const [update] = await poll();
    await poll();
    if (!update) throw new Error('nothing came');
    fake.faults.redeliver(update);
    expect(await poll()).toEqual([update]);
    expect(await poll()).toEqual([]);
  });

  test('reordered updates come newest first', async () => {
    const { fake, ana, poll } = await setStage();
    fake.faults.reorderUpdates(3);
    for (const word of ['one', 'two', 'three']) ana.says('private', word);
    expect((await poll()).map((update) => update.message?.text)).toEqual(['three', 'two', 'one']);
  });
});
