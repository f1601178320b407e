// A market whose bot Telegram does not answer, or does not know.
import { expect, test } from 'vitest';
import { joiner, openFake, openStall, read, startBotMarket, tap, withButton } from '../support/telegram-market.ts';
import { freePort, startMarket } from '../support/market.ts';

/** Everything that the start asks for, and what would go out afterwards. */
const EVERYTHING = {
  method: ['getMe', 'deleteWebhook', 'setWebhook', 'getUpdates', 'setMyCommands', 'sendMessage', 'editMessageText'],
  times: Infinity,
} as const;
/** Visitors of the web come to this machine. */
const HERE = { PUBLIC_URL: '' };
const LINE = 'Mango box | 12.50 | 20 | Ripe today';

test('a market opens while Telegram cannot be reached, sells on the web, and comes to Telegram by itself', async () => {
  const fake = await openFake();
  const bot = await startBotMarket({ env: HERE }, fake);
  const { group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await bot.market.stop();

  const back = fake.faults.drop('before', EVERYTHING);
  // What people do meanwhile waits at Telegram.
  buyer.taps(read(buyer, group, /^Mango box/), 'Buy');
  const next = await startBotMarket({ like: bot.market, env: HERE }, fake);
  expect(fake.isPolled).toBe(false);
  const visitor = await next.market.visitor('Wen');
  expect((await visitor.messages()).length).toBeGreaterThan(0);

  back();
  await fake.until(() => fake.isPolled, 'the market to listen', 20_000);
  await next.settle();
  expect(read(buyer, 'private', 'Waiting for payment')).toBeDefined();
  await tap(next, buyer, withButton(buyer, 'private', /^Pay cash/), /^Pay cash/);
  expect(read(buyer, group, /^Mango box/).text).toContain('19 left');
  await next.market.verify();
});

test('a market starts where nothing listens at all', async () => {
  const env = { DEMO: 'public', TELEGRAM_BOT_TOKEN: '42:TEST' };
  const market = await startMarket({ env: { ...env, TELEGRAM_API_ROOT: `http://127.0.0.1:${await freePort()}` } });
  const visitor = await market.visitor('Wen');
  expect((await visitor.messages()).length).toBeGreaterThan(0);
});

test('an update that is brought before we know who we are is left with Telegram', async () => {
  const fake = await openFake();
  const secret = 'a-secret-of-the-webhook';
  const port = await freePort();
  fake.faults.drop('before', EVERYTHING);
  const env = { PORT: String(port), TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: secret };
  await startBotMarket({ env }, fake);
  const url = `http://127.0.0.1:${port}/telegram/webhook`;
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret };
  expect((await fetch(url, { method: 'POST', headers, body: '{"update_id":1}' })).status).toBe(503);
});

test('a token that Telegram does not know stops the start, and says what to do', async () => {
  const fake = await openFake();
  const env = { TELEGRAM_BOT_TOKEN: '43:WRONG' };
  await expect(startBotMarket({ env }, fake)).rejects.toThrow('copy the token from @BotFather again');
});
