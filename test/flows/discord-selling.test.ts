// Discord: a seller posts with one command and a form, a buyer presses Buy and pays.
import { expect, onTestFinished, test } from 'vitest';
import { startFakeDiscord } from '../support/discord/fake.ts';
import { openStall, presses, read, sells, startDiscordMarket } from '../support/discord-market.ts';
import { freePort, startMarket } from '../support/market.ts';

test('whoever runs a server is told in private what the bot may do there, and the market is theirs', async () => {
  const bot = await startDiscordMarket();
  const { seller } = await openStall(bot);
  const report = read(seller, 'private', 'Your market');
  expect(report.text).toContain('Night Owls');
  expect(report.text).toContain('Everything I need');
  expect(report.labels).toEqual(['Run the market', 'Menu']);
});

test('a product is posted by one command and a form in pages, and bought with cash by somebody else', async () => {
  const bot = await startDiscordMarket();
  const stall = await openStall(bot);
  const { seller, guild, general } = stall;
  await sells(bot, stall, {}, { title: 'Mango box', price: '12.50', stock: '3' });
  const card = read(seller, general, 'Mango box');
  expect(card.isEphemeral).toBe(false);
  expect(card.labels.slice(0, 2)).toEqual(['Buy', 'Add to basket']);

  const budi = bot.fake.user({ name: 'Budi' });
  guild.joins(budi);
  const bill = await presses(bot, budi, read(budi, general, 'Mango box'), 'Buy');
  expect(bill.isEphemeral).toBe(true);
  expect(seller.finds(general, 'Waiting for payment')).toBeUndefined();
  await presses(bot, budi, bill, /cash/i);
  read(budi, 'private', 'Mango box');
  await bot.market.verify();
});

test('Buy on the same card is another purchase once the last one is over', async () => {
  const bot = await startDiscordMarket();
  const stall = await openStall(bot);
  const { guild, general } = stall;
  await sells(bot, stall, {}, { title: 'Mango box', price: '12.50', stock: '3' });
  const budi = bot.fake.user({ name: 'Budi' });
  guild.joins(budi);
  const card = () => budi.sees(general).find(({ labels }) => labels.includes('Buy')) ?? read(budi, general, 'Buy');
  const buys = () => presses(bot, budi, card(), 'Buy');
  const codeOf = ({ text }: { readonly text: string }) => /Order (\w+)/.exec(text)?.[1] ?? 'no bill';
  const first = await buys();
  const question = await presses(bot, budi, first, 'Cancel the order');
  await presses(bot, budi, question, 'Cancel the order');
  bot.market.clock.moveBy(60_000);
  const second = await buys();
  expect(codeOf(second)).toMatch(/^\w{8}$/);
  expect(codeOf(second)).not.toBe(codeOf(first));
  await bot.market.verify();
});

test('a form that somebody began is nobody else’s to go on with', async () => {
  const bot = await startDiscordMarket();
  const { seller, guild, general } = await openStall(bot);
  const asked = seller.slash(general, 'sell', { title: 'Secret mango', price: '12.50', stock: '3' });
  const form = await asked.form();
  await seller.fills(asked, {}).answered();
  await bot.settle();
  const goOn = read(seller, general, /./).buttons.find(({ label }) => label === 'Go on');
  if (!goOn?.customId) throw new Error(`no next page after ${form.title}`);
  const budi = bot.fake.user({ name: 'Budi' });
  guild.joins(budi);
  await bot.settle();
  const seen = read(seller, general, /./);
  const forged = budi.forges(seen, goOn.customId);
  await forged.answered();
  await bot.settle();
  expect((await forged.reply()).text).not.toContain('Secret mango');
  expect(forged.state.modal).toBeUndefined();
  await bot.market.verify();
});

test('the token of an answer does not lie open in the database', async () => {
  const bot = await startDiscordMarket();
  const stall = await openStall(bot);
  await sells(bot, stall, {}, { title: 'Mango box', price: '12.50', stock: '3' });
  const budi = bot.fake.user({ name: 'Budi' });
  stall.guild.joins(budi);
  const asked = budi.presses(read(budi, stall.general, 'Mango box'), 'Buy');
  await asked.answered();
  await bot.settle();
  const { store } = bot.market;
  const kept = await store.read(async (reads) => {
    const personId = (await reads.people.personByIdentity('discord', budi.id)) ?? '';
    const [order] = await reads.orders.ordersOf(personId, 1);
    return reads.platforms.panelRef('discord', personId, `order:${order?.id ?? ''}@`);
  });
  expect(kept).toBeDefined();
  expect(kept?.ref).not.toContain(asked.state.token);
});

test('a token that Discord does not know stops the start and names the remedy; an unreachable Discord does not', async () => {
  const fake = await startFakeDiscord();
  onTestFinished(() => fake.close());
  const env = { DEMO: 'public', DISCORD_API_BASE: fake.apiBase, DISCORD_TOKEN: 'another-token' };
  await expect(startMarket({ env })).rejects.toThrow('copy the token from the developer portal');
  const nobody = await freePort();
  const market = await startMarket({
    env: { DEMO: 'public', DISCORD_API_BASE: `http://127.0.0.1:${nobody}/api`, DISCORD_TOKEN: 'another-token' },
  });
  expect((await fetch(`${market.url}/livez`)).status).toBe(200);
});
