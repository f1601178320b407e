// A card posted again further down, a product made like another, and topics of a forum as chats of their own.
import { expect, onTestFinished, test } from 'vitest';
import { type Engine, form, MINUTE, openWorld } from '../support/world.ts';
import { startMarket } from '../support/market.ts';
import { joiner, openStall, read, startBotMarket, tap, withButton } from '../support/telegram-market.ts';

async function fresh(engine: Engine = 'sqlite') {
  const world = await openWorld({ engine });
  onTestFinished(() => world.close());
  return world;
}

test.each(['sqlite', 'postgres'] as const)(
  'one press posts a card again once, and not more often than is bearable (%s)',
  async (engine) => {
    const world = await fresh(engine);
    const { productId, listingId } = await world.post();
    await world.store.transact(null, async (tx) => {
      await tx.catalog.updateListing(listingId, { state: 'live', messageRef: '7' });
      return null;
    });
    const again = (times: number, by = world.seller) =>
      world.act(by, { kind: 'repost_card', productId, chatId: world.chatId, times });
    expect(await again(0, world.buyer)).toMatchObject({ fault: { code: 'not_allowed' } });
    await Promise.all(Array.from({ length: 10 }, () => again(0)));
    expect(await world.store.read((reads) => reads.selling.repost(listingId))).toMatchObject({ times: 1, oldRef: '7' });
    expect(await world.store.read((reads) => reads.catalog.listing(listingId))).toMatchObject({ state: 'posting' });
    await world.store.transact(null, async (tx) => {
      await tx.catalog.updateListing(listingId, { state: 'live', messageRef: '9' });
      return null;
    });
    expect(await again(1)).toMatchObject({ fault: { code: 'too_fast' } });
    world.clock.at += 11 * MINUTE;
    expect(await again(0)).toMatchObject({ ok: true });
    expect(await again(1)).toMatchObject({ ok: true });
    expect(await world.store.read((reads) => reads.selling.repost(listingId))).toMatchObject({ times: 2, oldRef: '9' });
  },
);

test('a new form has the answers of an earlier product, and of nobody else’s', async () => {
  const world = await fresh();
  const { productId } = await world.post({ title: 'Shirt', options: 'Size: S, M', stock: '4', description: 'Blue' });
  const asked = { name: 'new_product', shopId: world.shop.id, productKind: 'physical', chatId: null } as const;
  const load = (like: string, personId = world.seller) =>
    world.core.load({ ...asked, like }, { personId, communityId: world.communityId });
  expect(await load(productId)).toMatchObject({
    value: { like: { product: { title: 'Shirt', description: 'Blue' } } },
  });
  expect(await load('nothing')).toMatchObject({ value: { like: null } });
  expect(await load(productId, world.buyer)).toMatchObject({ ok: false });
  expect(form.title).not.toBe('Shirt');
});

test.each([
  { languageCode: 'en', moved: 'There is a newer card', again: /^Post it again/, show: 'Show it' },
  { languageCode: 'ms', moved: 'Ada kad lebih baharu', again: /^Siarkan semula/, show: 'Tunjukkan' },
])('the old card is greyed and leads on, the new one follows the stock ($languageCode)', async (words) => {
  const bot = await startBotMarket();
  const { seller, group, sells } = await openStall(bot, { languageCode: words.languageCode });
  await sells('Mango box | 12.50 | 2');
  const old = read(seller, group, /^Mango box/);
  seller.says('private', '/menu');
  await bot.settle();
  await tap(bot, seller, withButton(seller, 'private', /Night Owls/), /Night Owls/);
  await tap(bot, seller, withButton(seller, 'private', /Edit|Sunting|Ubah/), /Edit|Sunting|Ubah/);
  await tap(bot, seller, withButton(seller, 'private', words.again), words.again);
  expect(seller.looksAgain(old)?.text).toContain(words.moved);
  expect(seller.looksAgain(old)?.labels).toEqual([words.show]);
  const cards = seller.sees(group).filter(({ text }) => text.startsWith('Mango box'));
  expect(cards).toHaveLength(2);
  const now = cards.at(-1);
  if (!now) throw new Error('there is no new card');
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, now, /^(Buy|Beli)/);
  expect(seller.looksAgain(now)?.text).toMatch(/1 left|Tinggal 1|1/);
  expect(seller.looksAgain(old)?.text).toContain(words.moved);
  await bot.market.verify();
});

test('a topic is a place of its own: its card, its list, and a choice of the form', async () => {
  const bot = await startBotMarket();
  const seller = bot.fake.person({ firstName: 'Siti' });
  const group = bot.fake.group({ title: 'Night Owls', creator: seller, type: 'supergroup', forum: true });
  seller.starts();
  seller.addsBot(group, 'every right');
  await bot.settle();
  const [fruit, other] = [group.topic('Fruit'), group.topic('Other')];
  seller.says(group, '/sell Mango box | 12.50 | 2', { topic: fruit });
  await bot.settle();
  const card = read(seller, group, /^Mango box/);
  expect(card.stored.threadId).toBe(fruit);
  const buyer = await joiner(bot, group, { firstName: 'Budi', started: true });
  await tap(bot, buyer, card, 'Buy');
  expect(read(buyer, 'private', '12.50')).toBeDefined();
  expect(seller.looksAgain(card)?.text).toContain('1 left');
  seller.says(group, '/sell Durian | 30', { topic: other });
  await bot.settle();
  expect(read(seller, group, /^Durian/).stored.threadId).toBe(other);
  const chats = await bot.market.store.read((reads) => reads.people.chatByPlatform('telegram', `${group.id}:${fruit}`));
  expect(chats?.title).toContain('Night Owls');
  seller.says(group, '/index', { topic: fruit });
  await bot.settle();
  const list = read(seller, group, 'On sale at');
  expect(list.stored.threadId).toBe(fruit);
  expect(list.text).toContain('Mango box');
  expect(list.text).not.toContain('Durian');
  await bot.market.verify();
});

test('in the web chat a card comes again at the end, and the old one says so', async () => {
  const market = await startMarket();
  const seller = await market.visitor('Rosa', { role: 'seller' });
  await seller.press('Menu');
  await seller.press(/^Sell: Goods/, { side: 'private' });
  const { chatId } = await seller.sees('Mango box');
  const values = { 'form.title': 'Pandan cake', 'form.price': '12.50', 'form.stock': '5', 'form.pickup': true };
  await seller.press('Fill in the form', { side: 'private' }, { ...values, chatIds: [chatId ?? ''] });
  await seller.press('Open', { side: 'private' });
  await seller.press(/^Post it again/, { side: 'private' });
  await market.settle();
  const cards = (await seller.messages())
    .filter((one) => one.chatId === chatId && one.view?.title === 'Pandan cake')
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  expect(cards.map(({ view }) => JSON.stringify(view?.body).includes('There is a newer card'))).toEqual([true, false]);
});
