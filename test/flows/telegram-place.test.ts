// The bot's own place: groups that it is added to, sent away from, that move; commands; the two ways to hear of news.
import { expect, test } from 'vitest';
import { freePort } from '../support/market.ts';
import {
  aside,
  joiner,
  openFake,
  openStall,
  read,
  startBotMarket,
  tap,
  withButton,
} from '../support/telegram-market.ts';

const LINE = 'Mango box | 12.50 | 20 | Ripe today';

const chatsOf = async (bot: Awaited<ReturnType<typeof startBotMarket>>, title: string) =>
  bot.market.store.read(async (reads) => {
    for (const { id } of await reads.people.communities()) {
      const chats = (await reads.people.chats(id)).filter((chat) => chat.title === title);
      if (chats.length > 0) return chats;
    }
    return [];
  });

test('a group that becomes a supergroup stays the same shop', async () => {
  const bot = await startBotMarket();
  const seller = bot.fake.person({ firstName: 'Siti', languageCode: 'en' });
  const group = bot.fake.group({ title: 'Night Owls', creator: seller, type: 'group' });
  seller.starts();
  seller.addsBot(group);
  await bot.settle();
  const [before] = await chatsOf(bot, 'Night Owls');
  group.upgrades();
  await bot.settle();
  const [after] = await chatsOf(bot, 'Night Owls');
  expect(after).toEqual({ ...before, platformChatId: String(group.id) });
  seller.says(group, `/sell ${LINE}`);
  await bot.settle();
  expect(read(seller, group, /^Mango box/).labels).toContain('Buy');
});

test('sent away, the bot offers the group no more; brought back, it is the same shop', async () => {
  const bot = await startBotMarket();
  const { seller, group, sells } = await openStall(bot);
  await sells(LINE);
  seller.kicks(group, 'bot');
  await bot.settle();
  expect(await chatsOf(bot, 'Night Owls')).toEqual([]);
  seller.addsBot(group);
  await bot.settle();
  expect(await chatsOf(bot, 'Night Owls')).toHaveLength(1);
  await sells('Durian | 30 | 3 | Heavy');
  expect(read(seller, group, /^Durian/).labels).toContain('Buy');
});

test('a second group of the same owner joins the market that they have', async () => {
  const bot = await startBotMarket();
  const { seller } = await openStall(bot);
  const other = bot.fake.group({ title: 'Early Birds', creator: seller });
  seller.addsBot(other);
  await bot.settle();
  const [first] = await chatsOf(bot, 'Night Owls');
  const [second] = await chatsOf(bot, 'Early Birds');
  expect(second?.communityId).toBe(first?.communityId);
});

test('somebody who runs nothing there cannot make a group theirs; an administrator does by the first command', async () => {
  const bot = await startBotMarket();
  const admin = bot.fake.person({ firstName: 'Siti', languageCode: 'en' });
  const member = bot.fake.person({ firstName: 'Eve', languageCode: 'en' });
  const group = bot.fake.group({ title: 'Night Owls', creator: admin, members: [member] });
  member.addsBot(group);
  await bot.settle();
  expect(read(member, group, 'An administrator of this group starts it')).toBeDefined();
  member.says(group, `/sell@${bot.fake.bot.username} ${LINE}`);
  await bot.settle();
  expect(await chatsOf(bot, 'Night Owls')).toEqual([]);
  admin.says(group, `/sell@${bot.fake.bot.username} ${LINE}`);
  await bot.settle();
  expect(read(admin, group, /^Mango box/)).toBeDefined();
});

test('the owner sets the market up in private: settings are asked one by one', async () => {
  const bot = await startBotMarket();
  const { seller } = await openStall(bot);
  await tap(bot, seller, read(seller, 'private', 'Your market'), 'Run the market');
  await tap(bot, seller, withButton(seller, 'private', /settings/i), /settings/i);
  expect(seller.sees('private').at(-1)?.labels).toEqual(expect.arrayContaining(['✖ Cancel']));
  seller.says('private', '/cancel');
  await bot.settle();
  expect(read(seller, 'private', 'Cancelled. Nothing was sent.')).toBeDefined();
});

test('a form outlives a restart of the market', async () => {
  const fake = await openFake();
  const bot = await startBotMarket({}, fake);
  const { seller, group } = await openStall(bot);
  seller.says('private', '/sell');
  await bot.settle();
  await tap(bot, seller, withButton(seller, 'private', /^Fill in/i), /^Fill in/i);
  seller.says('private', 'Rambutan');
  await bot.settle();
  await bot.market.stop();
  const next = await startBotMarket({ like: bot.market }, fake);
  seller.says('private', '/cancel');
  await next.settle();
  expect(read(seller, 'private', 'Cancelled. Nothing was sent.')).toBeDefined();
  expect(seller.finds(group, /^Rambutan/)).toBeUndefined();
});

test.each([
  ['shop', /Mango box/],
  ['menu', /Night Owls/],
  ['orders', /orders/i],
  ['basket', /basket/i],
  ['help', /How it works/],
  ['language', /language/i],
  ['verify https://market.example.org/pay/x', /This link is ours/],
  ['verify https://market.example.org.evil.example/pay/x', /not ours/],
  ['verify', /Send a link or a name/],
  ['paysupport', /Open \/orders/],
  ['terms', /named on the bill/],
  ['privacy', /encrypted/],
  ['doctor', /not allowed|may not/i],
  ['nonsense', /Night Owls/],
] as const)('/%s is answered in private', async (command, words) => {
  const bot = await startBotMarket();
  const { group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi' });
  await tap(bot, buyer, read(buyer, group, /^Mango box/), 'Add to basket');
  buyer.starts();
  await bot.settle();
  buyer.says('private', `/${command}`);
  await bot.settle();
  expect(buyer.sees('private').at(-1)?.text).toMatch(words);
});

test('commands are listed in the language of the app, and in groups they are for the bot alone', async () => {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot);
  await bot.fake.until(() => bot.fake.calls('setMyCommands').length >= 12, 'the commands');
  const maria = bot.fake.person({ firstName: 'Maria', languageCode: 'pt-br' });
  maria.starts();
  await bot.settle();
  expect(bot.fake.menu(maria, 'private').map(({ description }) => description)).toContain('Ver o que está à venda');
  expect(bot.fake.menu(seller, group).every((one) => one.is_ephemeral)).toBe(true);
});

test('the seller asks nobody in public: a command in the group is answered to them alone', async () => {
  const bot = await startBotMarket();
  const { group, sells } = await openStall(bot);
  await sells(LINE);
  const buyer = await joiner(bot, group, { firstName: 'Budi' });
  const other = await joiner(bot, group, { firstName: 'Mei' });
  buyer.says(group, '/shop');
  await bot.settle();
  expect(aside(buyer, group).text).toContain('Mango box');
  expect(other.sees(group).every(({ ephemeralId }) => ephemeralId === undefined)).toBe(true);
});

test('by webhook: only who knows the secret is heard, and news is durable before it is acknowledged', async () => {
  const fake = await openFake();
  const port = await freePort();
  const secret = 'a-secret-of-the-webhook';
  const env = { PORT: String(port), TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: secret };
  const bot = await startBotMarket({ env }, fake);
  const url = `http://127.0.0.1:${port}/telegram/webhook`;
  const post = (headers: Record<string, string>, body: string) =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const header = 'x-telegram-bot-api-secret-token';
  expect((await post({}, '{"update_id":1}')).status).toBe(401);
  expect((await post({ [header]: `${secret}x` }, '{"update_id":1}')).status).toBe(401);
  expect((await post({ [header]: secret }, '{"hello":1}')).status).toBe(400);
  const siti = { id: 77, is_bot: false, first_name: 'Siti', language_code: 'es' };
  const message = {
    message_id: 1,
    date: 1,
    chat: { id: 77, type: 'private', first_name: 'Siti' },
    from: siti,
    text: '/start',
  };
  expect((await post({ [header]: secret }, JSON.stringify({ update_id: 9, message }))).status).toBe(200);
  await bot.market.telegram?.idle();
  const left = await bot.market.store.read((reads) => reads.platforms.pendingUpdates('telegram', '42', 10));
  expect(left).toEqual([]);
});
