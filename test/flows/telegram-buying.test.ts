// A purchase in a group on Telegram: what the buyer, the seller and everybody else see of it.
import { describe, expect, test } from 'vitest';
import { BillPage, createBrowser } from '../support/browser.ts';
import { describeWith } from '../support/env.ts';
import type { EngineKind } from '../support/stores.ts';
import { aside, joiner, openStall, read, startBotMarket, tap, withButton } from '../support/telegram-market.ts';

const LINE = 'Mango box | 12.50 | 20 | Ripe today';

async function buysByCash(database: EngineKind): Promise<void> {
  const bot = await startBotMarket({ database });
  const { seller, group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  const other = await joiner(bot, group, { firstName: 'Mei' });
  await tap(bot, buyer, read(buyer, group, 'Mango box'), 'Buy');
  expect(aside(buyer, group).text).toMatch(/Order \w+ · Waiting for payment[^]*Total: RM\s12\.50/);
  expect(other.sees(group).some(({ text }) => text.includes('Waiting for payment'))).toBe(false);
  expect(read(other, group, 'Mango box').text).toContain('19 left');
  await tap(bot, buyer, aside(buyer, group), /cash/);

  await tap(bot, seller, read(seller, 'private', /Sale \w+ · Waiting for payment/), 'Money received');
  await tap(bot, seller, withButton(seller, 'private', 'No, leave it'), 'Money received');
  const receipt = aside(buyer, group);
  expect(receipt.text).toMatch(/Receipt/);
  await bot.market.verify();
}

describe('Buy shows the bill to the buyer alone, and cash becomes a receipt when the seller holds it', () => {
  test('with the embedded database', () => buysByCash('sqlite'));
});

describeWith('postgres', 'the same purchase', () => {
  test('with PostgreSQL', () => buysByCash('postgres'));
});

test('Buy on the same card is another purchase once the last one is over', async () => {
  const bot = await startBotMarket();
  const { group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  const buys = async (): Promise<string> => {
    await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
    return /Order (\w+) · Waiting for payment/.exec(aside(buyer, group).text)?.[1] ?? 'no bill';
  };
  const first = await buys();
  bot.market.clock.moveBy(60_000);
  expect(await buys()).toBe(first);
  await tap(bot, buyer, aside(buyer, group), 'Cancel the order');
  await tap(bot, buyer, aside(buyer, group), 'Cancel the order');
  bot.market.clock.moveBy(60_000);
  const second = await buys();
  expect(second).toMatch(/^\w{8}$/);
  expect(second).not.toBe(first);
  await bot.market.verify();
});

test('who has never started the bot gets a link into the private chat, and the bill stands there', async () => {
  const bot = await startBotMarket();
  const { group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi' });
  await tap(bot, buyer, read(buyer, group, 'Mango box'), 'Buy');
  expect(buyer.sees('private')).toEqual([]);
  buyer.opens(aside(buyer, group), 'Continue in private');
  await bot.settle();
  expect(read(buyer, 'private', 'Waiting for payment').labels).toContain('Cancel the order');
  // From now on the private chat is open, and what lasts stands in it by itself.
  await tap(bot, buyer, read(buyer, 'private', 'Waiting for payment'), /cash/);
  expect(read(buyer, 'private', 'in cash to the seller').isEdited).toBe(true);
  await bot.market.verify();
});

test('the pay link leads through the channel to a receipt on the same spot, and the card counts down', async () => {
  const bot = await startBotMarket();
  const { group, sells } = await openStall(bot);
  await sells('Mango box | 12.50 | 1 | Ripe today');
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, read(buyer, group, 'Mango box'), 'Buy');
  const bill = read(buyer, 'private', 'Waiting for payment');
  const url = buyer.opens(bill, /^Pay RM/);
  const browser = createBrowser(`http://127.0.0.1:${bot.market.given.env['PORT'] ?? ''}`);
  const page = await BillPage.open(browser, new URL(url).pathname);
  expect(page.text).toContain('Mango box');
  bot.market.sandbox.pay(await page.checkout(), { mode: 'now' });
  await bot.settle();
  const receipt = read(buyer, 'private', /Receipt \w+/);
  expect(receipt.messageId).toBe(bill.messageId);
  const card = read(buyer, group, /^Mango box/);
  expect(card.text).toContain('Sold out');
  expect(() => buyer.taps(card, 'Buy')).toThrow(/disabled/);
  await bot.market.verify();
});

test('each is answered in the language of their app: Chinese, Portuguese and Arabic', async () => {
  const bot = await startBotMarket();
  const { group, sells } = await openStall(bot);
  await sells(LINE);
  for (const [languageCode, word] of [
    ['zh-hans', '待付款'],
    ['zh-hant', '待付款'],
    ['pt-br', 'Aguardando pagamento'],
    ['ar', 'بانتظار الدفع'],
  ] as const) {
    const buyer = await joiner(bot, group, { firstName: 'Kim', languageCode });
    await tap(bot, buyer, read(buyer, group, 'Mango box'), 'Buy');
    expect(aside(buyer, group).text, languageCode).toContain(word);
  }
  await bot.market.verify();
});

test('what is on sale is shown in private as well, and bought from there', async () => {
  const bot = await startBotMarket();
  const { group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Add to basket');
  buyer.says('private', '/basket');
  await bot.settle();
  await tap(bot, buyer, withButton(buyer, 'private', /^Check out/), /^Check out/);
  expect(read(buyer, 'private', 'Waiting for payment').text).toContain('Mango box');
  await bot.market.verify();
});
