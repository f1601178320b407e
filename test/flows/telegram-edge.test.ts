// What goes wrong between Telegram and us, and what people send who mean no good.
import type { Update } from 'grammy/types';
import { expect, test } from 'vitest';
import type { FakeGroup } from '../support/telegram/group.ts';
import type { FakePerson } from '../support/telegram/person.ts';
import {
  aside,
  type BotMarket,
  joiner,
  openFake,
  openStall,
  read,
  startBotMarket,
  tap,
  withButton,
} from '../support/telegram-market.ts';

const LINE = 'Mango box | 12.50 | 20 | Ripe today';

async function ordersOf(bot: BotMarket): Promise<number> {
  const { store } = bot.market;
  return store.read(async (reads) => {
    let count = 0;
    for (const { id } of await reads.people.communities()) {
      for (const { personId } of await reads.people.members(id, 100)) {
        count += (await reads.orders.ordersOf(personId, 100)).length;
      }
    }
    return count;
  });
}

const stall = async (wishes?: Parameters<typeof openStall>[1]) => {
  const bot = await startBotMarket();
  const there = await openStall(bot, wishes);
  await there.sells(LINE);
  return { bot, ...there };
};

test('updates that come twice, and out of order, have one effect each', async () => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot);
  bot.fake.faults.duplicateUpdates(10);
  seller.says(group, `/sell ${LINE}`);
  await bot.settle();
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
  for (const update of bot.fake.updates) bot.fake.faults.redeliver(update);
  await bot.settle();
  expect(buyer.sees(group).filter(({ text }) => text.startsWith('Mango box'))).toHaveLength(1);
  expect(await ordersOf(bot)).toBe(1);
  expect(read(buyer, group, /^Mango box/).text).toContain('19 left');
  await bot.market.verify();
});

test('ten equal taps are one order, and each is acknowledged', async () => {
  const { bot, group } = await stall();
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  const card = read(buyer, group, /^Mango box/);
  const taps = Array.from({ length: 10 }, () => buyer.taps(card, 'Buy'));
  await Promise.all(taps.map((one) => one.answered()));
  await bot.settle();
  expect(await ordersOf(bot)).toBe(1);
  await bot.market.verify();
});

test.each([
  'x',
  'u'.repeat(23),
  'fAAAAAAAAAAAAAAAAAAAAAA:uAAAAAAAAAAAAAAAAAAAAAA',
  'q:form:0:y',
  'c:uAAAAAAAAAAAAAAAAAAAAAA:uAAAAAAAAAAAAAAAAAAAAAA',
  'a:uAAAAAAAAAAAAAAAAAAAAAA',
  '{"kind":"confirm_cash"}',
])('forged data of a button is answered, and does nothing: %s', async (data) => {
  const { bot, group } = await stall();
  const thief = await joiner(bot, group, { firstName: 'Eve', started: true });
  await bot.fake.forge(data, thief, read(thief, group, /^Mango box/)).answered();
  await bot.settle();
  expect(aside(thief, group).text).toContain('This button is too old');
  expect(await ordersOf(bot)).toBe(0);
});

test("another person's button is refused in words, wherever it is pressed", async () => {
  const { bot, group } = await stall();
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  const thief = await joiner(bot, group, { firstName: 'Eve', started: true });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
  const cash = withButton(buyer, 'private', /^Pay cash/)
    .buttons.flat()
    .find((button) => button.text.startsWith('Pay cash'));
  if (!cash || !('callback_data' in cash)) throw new Error('no such button');
  await bot.fake.forge(cash.callback_data, thief, read(thief, group, /^Mango box/)).answered();
  await bot.settle();
  expect(aside(thief, group).text).toContain('belongs to somebody else');
  expect(read(buyer, 'private', 'Waiting for payment').text).not.toContain('in cash to the seller');
  await bot.market.verify();
});

test('a storm of 429 delays a card and loses nothing', async () => {
  const { bot, group, seller } = await stall();
  const calm = bot.fake.faults.storm(2, group.id);
  seller.says(group, '/sell Durian | 30 | 3 | Heavy');
  await bot.fake.taken();
  await bot.market.telegram?.idle();
  await bot.market.settle();
  expect(seller.finds(group, /^Durian/)).toBeUndefined();
  calm();
  await bot.settle();
  expect(seller.sees(group).filter(({ text }) => text.startsWith('Durian'))).toHaveLength(1);
});

test('a card whose answer was lost is not posted again, and its seller is asked', async () => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot);
  bot.fake.faults.drop('after', { method: 'sendMessage', chatId: group.id });
  seller.says('private', `/sell ${LINE}`);
  await bot.settle();
  expect(seller.sees(group).filter(({ text }) => text.startsWith('Mango box'))).toHaveLength(1);
  expect(read(seller, 'private', /appear/i)).toBeDefined();
});

test('a deleted card is noticed at the next change, its seller posts it again, and a bill goes on without it', async () => {
  const { bot, group, seller } = await stall();
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  const card = read(buyer, group, /^Mango box/);
  await tap(bot, buyer, card, 'Buy');
  seller.deletes(card);
  await tap(bot, buyer, withButton(buyer, 'private', /^Pay cash/), 'Cancel the order');
  await tap(bot, buyer, withButton(buyer, 'private', 'No, leave it'), 'Cancel the order');
  expect(read(buyer, 'private', 'Cancelled')).toBeDefined();
  expect(seller.finds(group, /^Mango box/)).toBeUndefined();

  const told = read(seller, 'private', 'The card of Mango box is no longer in a chat');
  await tap(bot, seller, told, 'Open');
  await tap(bot, seller, withButton(seller, 'private', /Night Owls/), /Night Owls/);
  expect(read(buyer, group, /^Mango box/).text).toContain('20 left');
  // Told once, however often the product changes.
  expect(seller.sees('private').filter(({ text }) => text.includes('is no longer in a chat'))).toHaveLength(1);
  await bot.market.verify();
});

test('whoever runs the market is told when the bot loses its rights, by name', async () => {
  const { bot, group, seller } = await stall({ admin: true });
  const before = seller.sees('private').length;
  seller.demotes(group, 'bot');
  await bot.settle();
  const told = seller.sees('private').slice(before);
  expect(told.map(({ text }) => text).join()).toMatch(/Night Owls[^]*➕/);
  seller.promotes(group, 'bot');
  await bot.settle();
  expect(seller.sees('private')).toHaveLength(before + told.length);
});

test('a group that becomes a supergroup between the tap and the payment loses no purchase', async () => {
  const bot = await startBotMarket();
  const seller = bot.fake.person({ firstName: 'Siti', languageCode: 'en' });
  const group = bot.fake.group({ title: 'Night Owls', creator: seller, type: 'group' });
  seller.starts();
  seller.addsBot(group);
  seller.says(group, `/sell ${LINE}`);
  await bot.settle();
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
  group.upgrades();
  await tap(bot, buyer, withButton(buyer, 'private', /^Pay cash/), /^Pay cash/);
  await tap(bot, seller, read(seller, 'private', /Sale \w+ · Waiting for payment/), 'Money received');
  await tap(bot, seller, withButton(seller, 'private', 'No, leave it'), 'Money received');
  expect(read(buyer, 'private', /Receipt \w+/)).toBeDefined();
  expect((await bot.market.store.read((reads) => reads.outbox.counts())).dead).toBe(0);
  await bot.market.verify();
});

test('in a topic the card is answered where it stands, and a closed topic is no way to lose an order', async () => {
  const bot = await startBotMarket();
  const seller = bot.fake.person({ firstName: 'Siti', languageCode: 'ms' });
  const group = bot.fake.group({ title: 'Night Owls', creator: seller, forum: true });
  const topic = group.topic('Fruit');
  seller.starts();
  seller.addsBot(group);
  seller.says(group, `/sell ${LINE}`, { topic });
  await bot.settle();
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true, languageCode: 'ms' });
  const card = read(buyer, group, /^Mango box/);
  group.closesTopic(topic);
  await tap(bot, buyer, card, 'Beli');
  expect(read(buyer, 'private', 'Menunggu bayaran')).toBeDefined();
  expect(await ordersOf(bot)).toBe(1);
  await bot.market.verify();
});

test('who blocks the bot is not written to any more, until they start it again', async () => {
  const { bot, group, seller } = await stall();
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
  buyer.blocks();
  await tap(bot, seller, read(seller, group, /^Mango box/), 'Buy');
  await bot.settle();
  expect((await bot.market.store.read((reads) => reads.outbox.counts())).dead).toBe(0);
  buyer.unblocks();
  buyer.says('private', '/orders');
  await bot.settle();
  expect(read(buyer, 'private', /My orders|Your orders/)).toBeDefined();
});

test('a card number is never kept: not in the inbox, not in an order, and the message is taken away', async () => {
  const { bot, seller } = await stall();
  seller.says('private', 'my card is 4111 1111 1111 1111');
  await bot.settle();
  expect(read(seller, 'private', 'This looks like a card number')).toBeDefined();
  expect(seller.finds('private', '4111')).toBeUndefined();
});

test('what people do while the market is down is done when it is up again', async () => {
  const fake = await openFake();
  const bot = await startBotMarket({}, fake);
  const { group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  const card = read(buyer, group, /^Mango box/);
  await bot.market.stop();
  // Nobody listens: it waits at Telegram.
  buyer.taps(card, 'Buy');
  const next = await startBotMarket({ like: bot.market }, fake);
  await next.settle();
  expect(await ordersOf(next)).toBe(1);
  expect(read(buyer, 'private', 'Waiting for payment')).toBeDefined();
  await next.market.verify();
});

test('an answer that Telegram puts off comes when it may, once', async () => {
  const { bot, group } = await stall();
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  bot.fake.faults.tooMany(1, { method: 'sendMessage', chatId: buyer.id });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
  expect(buyer.sees('private').filter(({ text }) => text.includes('Waiting for payment'))).toHaveLength(1);
  expect(aside(buyer, group).text).toContain('Waiting for payment');
  expect(await ordersOf(bot)).toBe(1);
});

test('Telegram failing inside costs no order, and the panel is there in the end', async () => {
  const { bot, group } = await stall();
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  bot.fake.faults.status(502, { method: ['sendMessage', 'editMessageText'], times: 2 });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
  expect(await ordersOf(bot)).toBe(1);
  expect(read(buyer, 'private', 'Waiting for payment')).toBeDefined();
});

test('ephemeral messages that vanished are no loss: what lasts stands in private', async () => {
  const { bot, group } = await stall();
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Buy');
  buyer.restartsApp();
  await tap(bot, buyer, withButton(buyer, 'private', /^Pay cash/), /^Pay cash/);
  expect(read(buyer, 'private', 'in cash to the seller').isEdited).toBe(true);
  await bot.market.verify();
});

test('what was taken and not worked on when the market died is worked on at the next start', async () => {
  const fake = await openFake();
  const bot = await startBotMarket({}, fake);
  const { group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Add to basket');
  const taken = fake.updates.at(-1);
  if (!taken) throw new Error('nothing was tapped');
  // As if the process had died right after the commit: the row is there, and nothing has come of it.
  const order = { ...taken, update_id: taken.update_id + 100 };
  const payload = JSON.stringify({
    update: { ...order, callback_query: buyOn(order, buyer, group) },
    cardNumber: false,
  });
  const row = { platform: 'telegram', account: '42', updateId: order.update_id, payload, receivedAt: 0 };
  await bot.market.store.transact(null, (tx) => tx.platforms.insertUpdates([row]));
  await bot.market.stop();
  const next = await startBotMarket({ like: bot.market }, fake);
  await next.settle();
  expect(read(buyer, 'private', 'Waiting for payment')).toBeDefined();
  expect(await next.market.store.read((reads) => reads.platforms.pendingUpdates('telegram', '42', 10))).toEqual([]);
  await next.market.verify();
});

/** The tap on Buy, as it would have come. */
function buyOn(update: Update, buyer: FakePerson, group: FakeGroup): Update['callback_query'] {
  const buy = read(buyer, group, /^Mango box/)
    .buttons.flat()
    .find(({ text }) => text === 'Buy');
  if (!update.callback_query || !buy || !('callback_data' in buy)) throw new Error('no such button');
  return { ...update.callback_query, data: buy.callback_data };
}
