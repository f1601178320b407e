// The whole market with its bot: a song is bought in a group for Stars, and what everybody sees of it.
import { expect, test } from 'vitest';
import type { ProductForm } from '../../src/ports/intents/catalog.ts';
import {
  aside,
  type BotMarket,
  joiner,
  openStall,
  read,
  type Stall,
  startBotMarket,
  tap,
  withButton,
} from '../support/telegram-market.ts';
import { form } from '../support/world.ts';

const SONG = { ...form, title: 'Night song', price: '20.00', otherPrices: 'XTR 50', pickup: false };

/** The seller fills in the form for a digital product. */
async function posts(bot: BotMarket, { seller, group }: Stall, changes: Partial<ProductForm> = {}) {
  const { core, store } = bot.market;
  const reply = await store.read(async (reads) => {
    const personId = (await reads.people.personByIdentity('telegram', String(seller.id))) ?? '';
    const chat = await reads.people.chatByPlatform('telegram', String(group.id));
    const [shop] = await reads.people.shops(chat?.communityId ?? '');
    return { personId, chatId: chat?.id ?? '', communityId: chat?.communityId ?? '', shopId: shop?.id ?? '' };
  });
  const { personId, chatId, communityId, shopId } = reply;
  const posted = { ...SONG, digitalText: 'https://songs.example/night', ...changes };
  const done = await core.handle({
    ...{ key: `post:${posted.title}`, communityId, personId, chatId: null },
    intent: { kind: 'post_product', shopId, chatIds: [chatId], productKind: 'digital', form: posted },
  });
  await bot.settle();
  return done;
}

test('Buy, Pay, confirm: three actions from the card to the goods, and the money in the books of the shop', async () => {
  const bot = await startBotMarket();
  const stall = await openStall(bot);
  expect(await posts(bot, stall)).toMatchObject({ ok: true });
  const buyer = await joiner(bot, stall.group, { firstName: 'Budi', started: true });
  const card = read(buyer, stall.group, 'Night song');
  expect(card.text).toMatch(/⭐\s50/);

  await tap(bot, buyer, card, 'Buy');
  const bill = read(buyer, 'private', 'Waiting for payment');
  expect(bill.text).toMatch(/Total: ⭐\s50[^]*the people who run this market/);
  const link = buyer.opens(bill, /^Pay ⭐/);
  expect(await buyer.pays(link)).toMatchObject({ paid: true, totalAmount: 50 });
  await bot.settle();

  const receipt = read(buyer, 'private', /Receipt \w+/);
  expect(receipt.messageId).toBe(bill.messageId);
  expect(receipt.text).toContain('https://songs.example/night');
  expect(aside(buyer, stall.group).text).toMatch(/Receipt/);
  const sale = withButton(stall.seller, 'private', /^Refund/);
  expect(sale.text).toMatch(/only be given back as a whole/);
  expect(sale.labels).not.toContain('Refund a part');
  await bot.market.verify();

  await tap(bot, stall.seller, sale, /^Refund/);
  await tap(bot, stall.seller, withButton(stall.seller, 'private', 'No, leave it'), /^Refund/);
  expect(bot.fake.payments).toMatchObject([{ refunded: true }]);
  expect(read(buyer, 'private', /Receipt \w+/).text).toMatch(/Refunds/);
  await bot.market.verify();
});

test('an invoice that was paid, is over, or belongs to somebody else says so in the language of who taps', async () => {
  const bot = await startBotMarket();
  const stall = await openStall(bot);
  await posts(bot, stall, { stock: '2' });
  const buyer = await joiner(bot, stall.group, { firstName: 'Ana', languageCode: 'es', started: true });
  const other = await joiner(bot, stall.group, { firstName: 'Lin', languageCode: 'zh-hans', started: true });
  await tap(bot, buyer, read(buyer, stall.group, 'Night song'), 'Buy');
  const link = buyer.opens(withButton(buyer, 'private', /⭐/), /⭐/);
  expect(await other.pays(link)).toMatchObject({ paid: false, error: expect.stringMatching(/属于别人/) as string });
  expect(await buyer.pays(link)).toMatchObject({ paid: true });
  await bot.settle();
  expect(await buyer.pays(link)).toMatchObject({ paid: false, stage: 'pre_checkout' });

  await tap(bot, other, read(other, stall.group, 'Night song'), 'Buy');
  const late = other.opens(withButton(other, 'private', /⭐/), /⭐/);
  bot.market.clock.moveBy(16 * 60_000);
  expect(await other.pays(late)).toMatchObject({ paid: false, stage: 'pre_checkout' });
  await bot.settle();
  expect(bot.fake.payments).toHaveLength(1);
  await bot.market.verify();
});

test('without a price in Stars nothing digital is posted there', async () => {
  const bot = await startBotMarket();
  const stall = await openStall(bot);
  expect(await posts(bot, stall, { otherPrices: '' })).toMatchObject({ fault: { code: 'platform_price_missing' } });
  expect(stall.seller.finds(stall.group, 'Night song')).toBeUndefined();
});
