// "/bill @person 80 deposit" in groups and in private, in two languages.
import { expect, test } from 'vitest';
import { readWish } from '../../adapters/telegram/bill.ts';
import { aside, joiner, openStall, read, startBotMarket, tap } from '../support/telegram-market.ts';

test.each([
  { languageCode: 'en', asks: /asks you for this payment/, decline: 'Decline', yes: 'Decline', declined: /cancelled/i },
  { languageCode: 'es', asks: /te pide este pago/, decline: 'Rechazar', yes: 'Rechazar', declined: /cancelado/i },
])('by name, and the person declines ($languageCode)', async ({ languageCode, asks, decline, yes, declined }) => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot, { languageCode });
  const budi = await joiner(bot, group, { firstName: 'Budi', languageCode, started: true, username: 'Budi_83' });
  budi.says(group, '/shop');
  await bot.settle();
  seller.says(group, '/bill @budi_83 80 Deposit for Friday');
  await bot.settle();
  expect(aside(seller, group).text).toContain('Deposit for Friday');
  expect(aside(seller, group).text).toContain('Budi');
  const bill = read(budi, 'private', asks);
  expect(bill.text).toContain('80.00');
  // Nobody else sees whom and how much.
  const mei = await joiner(bot, group, { firstName: 'Mei' });
  expect(mei.finds(group, 'Deposit for Friday')).toBeUndefined();
  await tap(bot, budi, bill, decline);
  await tap(bot, budi, read(budi, 'private', /⚠️/), yes);
  expect(read(seller, 'private', declined)).toBeDefined();
  await bot.market.verify();
});

test('as a reply, in private by name, and with another currency', async () => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot);
  const budi = await joiner(bot, group, { firstName: 'Budi', started: true, username: 'budi_83' });
  budi.says(group, '/shop');
  const said = budi.says(group, 'I take it');
  await bot.settle();
  seller.says(group, '/bill 12.50 Two coffees', { replyTo: said });
  await bot.settle();
  expect(read(budi, 'private', 'Two coffees').text).toContain('12.50');
  seller.says('private', '/bill @budi_83 USD 5 Tip');
  await bot.settle();
  expect(read(budi, 'private', 'Tip').text).toMatch(/US\$\s?5\.00|USD\s?5\.00|\$5\.00/);
  expect(read(seller, 'private', 'Tip')).toBeDefined();
});

test('somebody who never met the bot, oneself, nothing, and a visitor: a clear answer each', async () => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot);
  const budi = await joiner(bot, group, { firstName: 'Budi', username: 'budi_83' });
  seller.says(group, '/bill @budi_83 80 Deposit');
  await bot.settle();
  expect(aside(seller, group).text).toContain('I do not know this person here yet');
  const own = seller.says(group, 'hello');
  seller.says(group, '/bill 80 Deposit', { replyTo: own });
  await bot.settle();
  expect(aside(seller, group).text).toContain('You cannot send a bill to yourself');
  seller.says(group, '/bill');
  await bot.settle();
  expect(aside(seller, group).text).toContain('There is nobody here yet');
  budi.says(group, '/bill @siti 80 Deposit');
  await bot.settle();
  expect(aside(budi, group).text).toContain('What would you like');
  const said = budi.says(group, 'and now?');
  seller.says(group, '/bill', { replyTo: said });
  await bot.settle();
  expect(aside(seller, group).labels).toContain('Write the bill');
  seller.says(group, '/bill 0 Deposit', { replyTo: said });
  await bot.settle();
  expect(aside(seller, group).text).toContain('A bill needs an amount above zero');
});

test('whose private chat is closed finds the way from the group, and nobody else does', async () => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot);
  const budi = await joiner(bot, group, { firstName: 'Budi', username: 'budi_83' });
  const mei = await joiner(bot, group, { firstName: 'Mei', started: true });
  budi.says(group, '/shop');
  await bot.settle();
  // The first word to a closed chat is refused, and that is how it is known to be closed.
  seller.says(group, '/bill @budi_83 80 Deposit');
  await bot.settle();
  seller.says(group, '/bill @budi_83 30 Rest');
  await bot.settle();
  const call = read(budi, group, /Budi, a bill waits for you/);
  expect(call.text).not.toMatch(/30|Rest/);
  mei.opens(call, 'Continue in private');
  await bot.settle();
  expect(mei.finds('private', 'Rest')).toBeUndefined();
  budi.opens(call, 'Continue in private');
  await bot.settle();
  expect(read(budi, 'private', 'Rest').text).toContain('30.00');
});

test.each([
  ['80 deposit', { amount: '80', text: 'deposit' }],
  ['  USD 80  for the deposit ', { amount: 'USD 80', text: 'for the deposit' }],
  ['80 usd deposit', { amount: '80 usd', text: 'deposit' }],
  ['80', undefined],
  ['', undefined],
  ['80 USD', undefined],
])('%j is read', (typed, wish) => {
  expect(readWish(typed)).toEqual(wish);
});
