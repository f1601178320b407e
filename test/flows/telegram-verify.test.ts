// /verify: people find out whether a link, a name or a message belongs to the market, and nothing about anybody else.
import { expect, test } from 'vitest';
import { joiner, openFake, openStall, read, startBotMarket, tap, withButton } from '../support/telegram-market.ts';

async function asking() {
  const bot = await startBotMarket();
  const { seller, group } = await openStall(bot);
  await bot.settle();
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true, username: 'budi_buys' });
  buyer.says(group, '/help');
  seller.says(group, '/sell Mango box | 12.50 | 20 | Ripe today');
  await bot.settle();
  const answered = async (command: string) => {
    buyer.says('private', command);
    await bot.settle();
    return buyer.sees('private').at(-1)?.text ?? '';
  };
  return { bot, seller, group, buyer, answered };
}

test('links are judged by where they lead, whatever they look like', async () => {
  const { bot, answered } = await asking();
  const checkout = [...bot.market.deps.channels.values()].flatMap(
    ({ capabilities }) => capabilities.checkoutOrigins,
  )[0];
  const cases: readonly (readonly [string, RegExp])[] = [
    ['https://market.example.org/pay/x', /^✅ This link is ours/],
    ['market.example.org/pay/x', /^✅ This link is ours/],
    ['http://market.example.org/pay/x', /not ours/],
    ['https://market.example.org@evil.example/', /not ours/],
    ['https://someone@market.example.org/', /not ours/],
    ['https://market.example.org.evil.example/', /not ours/],
    ['https://t.me/pasar_test_bot?start=abc', /our bot/],
    ['t.me/Pasar_Test_Bot/shop', /our bot/],
    ['tg://resolve?domain=pasar_test_bot', /our bot/],
    ['https://pasar_test_bot.t.me', /our bot/],
    ['@pasar_test_bot', /^✅ This is our bot/],
    ['https://t.me/pasar_test_b0t', /neither our bot nor a seller/],
    ['https://t.me.evil.example/pasar_test_bot', /not ours/],
    [`${checkout}/session/1`, /payment provider/],
    ['javascript:alert(1)', /not ours/],
  ];
  for (const [asked, verdict] of cases)
    expect([asked, await answered(`/verify ${asked}`)]).toEqual([asked, expect.stringMatching(verdict)]);
});

test('a seller is known by name and by what they wrote; of a buyer nothing is told', async () => {
  const { bot, seller, group, buyer, answered } = await asking();
  const stranger = await joiner(bot, group, { firstName: 'Mei', started: true, username: 'mei_asks' });
  stranger.says(group, '/help');
  await bot.settle();
  stranger.says('private', '/verify @budi_buys');
  await bot.settle();
  expect(stranger.sees('private').at(-1)?.text).toMatch(/neither our bot nor a seller/);
  expect(await answered('/verify @nobody_at_all')).toMatch(/neither our bot nor a seller/);
  buyer.forwards(seller.says(group, 'Mangoes, very ripe'), 'private');
  await bot.settle();
  expect(buyer.sees('private').at(-1)?.text).toMatch(/^✅ This person sells in this market/);
  buyer.forwards(stranger.says(group, 'Pay me instead'), 'private');
  await bot.settle();
  expect(buyer.sees('private').at(-1)?.text).toMatch(/neither our bot nor a seller/);
  buyer.forwards(read(buyer, group, /^Mango box/), 'private');
  await bot.settle();
  expect(buyer.sees('private').at(-1)?.text).toMatch(/^✅ This is our bot/);
});

test('help with a payment leads to the orders by a button', async () => {
  const { bot, buyer, answered } = await asking();
  expect(await answered('/paysupport')).toMatch(/Open \/orders/);
  await tap(bot, buyer, withButton(buyer, 'private', 'My orders'), 'My orders');
  expect(read(buyer, 'private', /My orders|Your orders/)).toBeDefined();
});

test('the bot describes itself in every language, once, and keeps the words of its owner', async () => {
  const fake = await openFake();
  const first = await startBotMarket({}, fake);
  await first.settle();
  const told = fake.calls('setMyDescription').length;
  expect(told).toBeGreaterThan(4);
  expect(fake.calls('setMyShortDescription').length).toBe(told);
  await first.market.stop();
  const next = await startBotMarket({ like: first.market }, fake);
  await next.settle();
  expect(fake.calls('setMyDescription').length).toBe(told);
});

test('commands that could not be announced are announced later', async () => {
  const fake = await openFake();
  fake.faults.drop('before', { method: 'setMyCommands', times: 1 });
  const bot = await startBotMarket({}, fake);
  const maria = fake.person({ firstName: 'Maria', languageCode: 'pt-br' });
  maria.starts();
  await fake.until(
    () => fake.menu(maria, 'private').some(({ description }) => description === 'Ver o que está à venda'),
    'the commands',
    10_000,
  );
  await bot.settle();
});
