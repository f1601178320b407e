// How much a returning buyer has to do on Telegram: every tap, link and confirmation between the card and the provider's yes.
import { expect, test } from 'vitest';
import type { ProductKind } from '../../src/domain/product.ts';
import type { ProductForm } from '../../src/ports/intents/catalog.ts';
import {
  type BotMarket,
  joiner,
  openStall,
  read,
  type Stall,
  startBotMarket,
  tap,
  withButton,
} from '../support/telegram-market.ts';
import type { FakePerson } from '../support/telegram/person.ts';
import { form } from '../support/world.ts';

const SONG = { title: 'Night song', price: '20.00', otherPrices: 'XTR 50', pickup: false, digitalText: 'La la la' };

async function posts(bot: BotMarket, stall: Stall, kind: ProductKind, changes: Partial<ProductForm>) {
  const { core, store } = bot.market;
  const who = await store.read(async (reads) => {
    const personId = (await reads.people.personByIdentity('telegram', String(stall.seller.id))) ?? '';
    const chat = await reads.people.chatByPlatform('telegram', String(stall.group.id));
    const [shop] = await reads.people.shops(chat?.communityId ?? '');
    return { personId, chatId: chat?.id ?? '', communityId: chat?.communityId ?? '', shopId: shop?.id ?? '' };
  });
  const { personId, chatId, communityId, shopId } = who;
  const posted = { ...form, ...changes };
  const done = await core.handle({
    ...{ key: `post:${posted.title}`, communityId, personId, chatId: null },
    intent: { kind: 'post_product', shopId, chatIds: [chatId], productKind: kind, form: posted },
  });
  expect(done).toMatchObject({ ok: true });
  await bot.settle();
}

/** What this person did while `work` ran. */
async function actionsOf(person: FakePerson, work: () => Promise<void>): Promise<readonly string[]> {
  const before = person.actions.length;
  await work();
  return person.actions.slice(before);
}

async function open(env: Record<string, string> = {}) {
  const bot = await startBotMarket({ env });
  const stall = await openStall(bot);
  const buyer = await joiner(bot, stall.group, { firstName: 'Budi', started: true });
  return { bot, stall, buyer };
}

test('on a card with an invoice: two, the button and the confirmation', async () => {
  const { bot, stall, buyer } = await open();
  await posts(bot, stall, 'digital', { ...SONG, quickPay: true, stock: '1' });
  const actions = await actionsOf(buyer, async () => {
    const link = buyer.opens(withButton(buyer, stall.group, /^⚡/), /^⚡/);
    expect(await buyer.pays(link)).toMatchObject({ paid: true, totalAmount: 50 });
  });
  expect(actions).toHaveLength(2);
  await bot.settle();
  expect(read(buyer, 'private', /Receipt \w+/).text).toContain('La la la');
  // The card follows: nothing is left to pay for.
  expect(read(buyer, stall.group, 'Night song').labels.some((label) => label.startsWith('⚡'))).toBe(false);
  await bot.market.verify();
});

test('a changed price is a changed invoice on every card, and the old one pays nothing', async () => {
  const { bot, stall, buyer } = await open();
  await posts(bot, stall, 'digital', { ...SONG, quickPay: true });
  const old = buyer.opens(withButton(buyer, stall.group, /^⚡/), /^⚡/);
  const { core, store } = bot.market;
  const { variantId, ...who } = await store.read(async (reads) => {
    const chat = await reads.people.chatByPlatform('telegram', String(stall.group.id));
    const communityId = chat?.communityId ?? '';
    const [product] = await reads.catalog.products({ communityId, states: ['on_sale'], limit: 1 });
    const [variant] = await reads.catalog.variants(product?.id ?? '');
    const personId = (await reads.people.personByIdentity('telegram', String(stall.seller.id))) ?? '';
    return { variantId: variant?.id ?? '', communityId, personId, chatId: null };
  });
  await core.handle({ key: 'dearer', ...who, intent: { kind: 'set_price', variantId, price: 'XTR 80' } });
  await bot.settle();
  expect(await buyer.pays(old)).toMatchObject({
    paid: false,
    error: expect.stringMatching(/price has changed/) as string,
  });
  const fresh = buyer.opens(withButton(buyer, stall.group, /^⚡.*80/), /^⚡.*80/);
  expect(await buyer.pays(fresh)).toMatchObject({ paid: true, totalAmount: 80 });
  await bot.settle();
  await bot.market.verify();
});

test('in Stars from the bill: three', async () => {
  const { bot, stall, buyer } = await open();
  await posts(bot, stall, 'digital', SONG);
  const actions = await actionsOf(buyer, async () => {
    await tap(bot, buyer, read(buyer, stall.group, 'Night song'), 'Buy');
    const link = buyer.opens(withButton(buyer, 'private', /^Pay ⭐/), /^Pay ⭐/);
    expect(await buyer.pays(link)).toMatchObject({ paid: true });
  });
  expect(actions).toHaveLength(3);
  await bot.settle();
  await bot.market.verify();
});
