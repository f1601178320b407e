// From an empty group to a receipt: what people see on Telegram.
import { expect, test } from 'vitest';
import { aside, joiner, openStall, read, startBotMarket, tap, withButton } from '../support/telegram-market.ts';

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

async function photo(): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return sharp({ create: { width: 64, height: 48, channels: 3, background: '#d08020' } })
    .jpeg()
    .toBuffer();
}

test('a photo that comes with the line stands on the card, and stays when the stock changes', async () => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot);
  seller.says('private', '/sell Mango box | 12.50 | 2 | Ripe today', { photo: await photo() });
  await bot.settle();
  const card = read(seller, group, /^Mango box/);
  expect(card.photoId).toBeDefined();
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, card, 'Buy');
  const after = seller.looksAgain(card);
  expect(after?.photoId).toBe(card.photoId);
  expect(after?.text).toContain('1 left');
  await bot.market.verify();
});

test('the guided form asks one thing after the other, and the card appears when it is sent', async () => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot);
  seller.says(group, '/sell');
  await bot.settle();
  await tap(bot, seller, aside(seller, group), /^Fill in/i);
  expect(aside(seller, group).text).toContain('I have asked you in our private chat.');
  for (const answer of ['Rambutan', '8']) {
    seller.says('private', answer);
    await bot.settle();
  }
  await tap(bot, seller, withButton(seller, 'private', 'That is all'), 'That is all');
  await tap(bot, seller, withButton(seller, 'private', 'Post it'), 'Post it');
  expect(read(seller, group, /^Rambutan/).text).toContain('8.00');
  await bot.market.verify();
});

test('an administrator who writes anonymously is told why nothing happens', async () => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot, { admin: true });
  seller.says(group, '/sell Mango box | 12.50', { anonymous: true });
  await bot.settle();
  expect(read(seller, group, 'I cannot see who you are')).toBeDefined();
  expect(seller.finds(group, /^Mango box/)).toBeUndefined();
});

test('a card waits while the group lets nobody write, and the report names the right', async () => {
  const bot = await startBotMarket();
  const { seller, group, sells } = await openStall(bot);
  group.letsMembersWrite(false);
  seller.says('private', '/sell Mango box | 12.50 | 2');
  await bot.fake.taken();
  await bot.market.telegram?.idle();
  await bot.market.settle();
  expect(seller.finds(group, /^Mango box/)).toBeUndefined();
  seller.says('private', '/doctor');
  await bot.fake.taken();
  await bot.market.telegram?.idle();
  expect(read(seller, 'private', 'Send messages: no').labels).toContain('Run the market');
  group.letsMembersWrite(true);
  bot.market.clock.moveBy(61_000);
  await bot.settle();
  expect(seller.sees(group).filter(({ text }) => text.startsWith('Mango box'))).toHaveLength(1);
  await sells('Durian | 30');
  expect(read(seller, group, /^Durian/)).toBeDefined();
});
