// From an empty group to a receipt: what people see on Telegram.
import { expect, test } from 'vitest';
import { openStall, startBotMarket } from '../support/telegram-market.ts';

test('a group becomes a shop by adding the bot, and its owner is told in private what is missing', async () => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot);
  expect(seller.finds(group, 'I turn this group into a shop')?.labels).toEqual(['Set up']);
  const report = seller.finds('private', 'Your market');
  expect(report?.text).toMatch(/Send messages: yes[^]*Send photos: yes[^]*Administrator: no/);
  await bot.market.verify();
});

test('a product is posted with one line, and its card stands in the group', async () => {
  const bot = await startBotMarket();
  const { seller, group, sells } = await openStall(bot);
  await sells('Mango box | 12.50 | 20 | Ripe today');
  const card = seller.finds(group, 'Mango box');
  expect(card?.text).toContain('12.50');
  expect(card?.labels).toContain('Buy');
  await bot.market.verify();
});
