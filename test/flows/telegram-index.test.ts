// What is on sale in a group on one pinned message, and the evening of a shop, as people see them on Telegram.
import { expect, test } from 'vitest';
import { startMarket } from '../support/market.ts';
import { aside, joiner, openStall, read, startBotMarket, tap } from '../support/telegram-market.ts';

const DAY = 24 * 60 * 60 * 1000;

test.each([
  { languageCode: 'en', title: 'On sale at', buy: 'Mango box', gone: 'Sold out', choose: 'Buy' },
  { languageCode: 'ms', title: 'Dijual di', buy: 'Mango box', gone: 'Habis', choose: 'Beli' },
])('the list is pinned silently, follows its products and leads to each ($languageCode)', async (words) => {
  const bot = await startBotMarket();
  const { seller, group, sells } = await openStall(bot, { languageCode: words.languageCode, admin: true });
  await sells('Mango box | 12.50 | 2');
  seller.says(group, '/index');
  await bot.settle();
  const list = read(seller, group, words.title);
  expect(list.text).toContain('12.50');
  const pins = bot.fake.requests.filter(({ method }) => method === 'pinChatMessage');
  expect(pins).toMatchObject([{ params: { disable_notification: true } }]);

  await sells('Durian | 30 | 1');
  expect(seller.looksAgain(list)?.text).toContain('Durian');
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, list, /Durian/);
  expect(aside(buyer, group).text).toContain('30.00');

  const edits = () => bot.fake.requests.filter(({ method }) => method === 'editMessageText').length;
  const before = edits();
  await tap(bot, buyer, read(buyer, group, /^Mango box/), /^(Buy|Beli)/);
  await bot.settle();
  // One unit less is no change of the list: the card alone was drawn again.
  expect(edits() - before).toBeLessThanOrEqual(2);
  seller.says(group, '/index');
  await bot.settle();
  expect(seller.sees(group).filter(({ text }) => text.includes(words.title))).toHaveLength(1);
  await bot.market.verify();
});

test('who does not run the market places no list, and one that was deleted can be placed again', async () => {
  const bot = await startBotMarket();
  const { seller, group, sells } = await openStall(bot, { admin: true });
  await sells('Mango box | 12.50 | 2');
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  buyer.says(group, '/index');
  await bot.settle();
  expect(seller.finds(group, 'On sale at')).toBeUndefined();
  seller.says(group, '/index');
  await bot.settle();
  seller.deletes(read(seller, group, 'On sale at'));
  await sells('Durian | 30 | 1');
  seller.says(group, '/index');
  await bot.settle();
  expect(read(seller, group, 'On sale at').text).toContain('Durian');
});

test('without the right to pin the list stands all the same', async () => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot);
  seller.says(group, '/index');
  await bot.settle();
  expect(read(seller, group, 'On sale at').text).toContain('Nothing is on sale here right now');
});

test('in the web chat the list stands in the group, and a steward places it', async () => {
  const market = await startMarket();
  const admin = await market.visitor('Ana', { role: 'admin' });
  const member = await market.visitor('Budi');
  await admin.press('Menu');
  await admin.press(/Run the market/, { side: 'private' });
  await admin.press(/^Keep a list of what is on sale/, { side: 'private' });
  await market.settle();
  const list = await member.sees('On sale at');
  expect(list.chatId).not.toBeNull();
  expect(JSON.stringify(list.view)).toContain('Mango box');
});

test.each([
  { languageCode: 'en', title: 'Your day at' },
  { languageCode: 'pt', title: 'Seu dia em' },
])('the evening is told in private, in the seller’s language ($languageCode)', async ({ languageCode, title }) => {
  const bot = await startBotMarket();
  const { seller, group, sells } = await openStall(bot, { languageCode });
  await bot.market.core.sweep();
  await sells('Mango box | 0 | 3');
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true, languageCode });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), /free|grátis|Receber|Pegar/i);
  bot.market.clock.moveBy(DAY);
  await bot.market.core.sweep();
  await bot.settle();
  await bot.market.core.sweep();
  await bot.settle();
  expect(seller.sees('private').filter(({ text }) => text.startsWith(title))).toHaveLength(1);
  expect(buyer.finds('private', title)).toBeUndefined();
});
