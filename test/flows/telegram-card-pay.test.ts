// An invoice on a card, for whoever taps it: no order stands behind it until somebody is about to pay.
import { describe, expect, test } from 'vitest';
import { openTelegramMoney, type TelegramMoney } from '../support/telegram-money.ts';
import { prove } from '../support/proof.ts';
import { MINUTE } from '../support/world.ts';

const refusal = (error: RegExp) => ({
  paid: false,
  stage: 'pre_checkout',
  error: expect.stringMatching(error) as string,
});

/** A song on a card that is paid by tapping. */
async function openCard(changes: object = {}, options: Parameters<typeof openTelegramMoney>[0] = {}) {
  const world = await openTelegramMoney(options);
  const goods = await world.postDigital({ quickPay: true, stock: '1', ...changes });
  await standsThere(world, goods.listingId);
  return { world, ...goods, links: () => linksOn(world, goods.listingId) };
}

/** What the outbox's worker does when the chat has taken the card. */
async function standsThere(world: TelegramMoney, listingId: string) {
  await world.store.transact(null, async (tx) => {
    await tx.catalog.updateListing(listingId, { state: 'live', messageRef: '7' });
    return null;
  });
  await renew(world, listingId);
}

async function renew(world: TelegramMoney, listingId: string) {
  await world.store.transact(null, async (tx) => {
    const listing = await tx.catalog.listing(listingId);
    const productId = listing?.productId ?? '';
    const row = { id: world.deps.ids.next(), lane: `invoices:${productId}`, dueAt: 0, createdAt: 0 };
    await tx.outbox.send({ ...row, message: { name: 'card.invoices', productId } });
    return null;
  });
  await world.work();
}

async function linksOn(world: TelegramMoney, listingId: string): Promise<string[]> {
  const card = await world.core.load({ name: 'card', listingId }, null);
  if (!card.ok) throw new Error(card.fault.code);
  return card.value.invoices.map((one) => one.url);
}

const onlyOrder = async (world: TelegramMoney, personId: string) => {
  const [order, ...more] = await world.store.read((reads) => reads.orders.ordersOf(personId, 10));
  if (!order || more.length > 0) throw new Error(`there are ${more.length + (order ? 1 : 0)} orders`);
  return order;
};

describe.each(['sqlite', 'postgres'] as const)('on %s', (engine) => {
  test('a card is paid by its own invoice: the order is made at the question, and paid by the news', async () => {
    const { world, links, variantId } = await openCard({}, { engine });
    const [link = '', ...others] = await links();
    expect(others).toEqual([]);
    expect(await world.store.read((reads) => reads.orders.ordersOf(world.payer, 10))).toEqual([]);

    expect(await world.pay(world.person, link)).toMatchObject({ paid: true, totalAmount: 50 });
    await world.settle();
    const order = await onlyOrder(world, world.payer);
    expect(order).toMatchObject({ state: 'fulfilled', currency: 'XTR', total: 50 });
    const panel = await world.panel(world.payer, order.id);
    expect(panel).toMatchObject({ paidToMarket: true, goods: [{ text: 'The song' }] });
    expect(await world.stock(variantId)).toEqual({ onHand: 0, held: 0, sold: 1 });
    expect(await world.balances()).toEqual({ 'telegram_stars.channel': 50, 'telegram_stars.sales': -50 });
    expect(await links()).toEqual([]);
    await prove(world);
  });

  test('of two people at the last piece one pays; the other is refused before any money moves', async () => {
    const { world, links, variantId } = await openCard({ holdMinutes: '' }, { engine });
    const other = await world.member('Lin', 'zh-CN');
    const [link = ''] = await links();
    const outcomes = await Promise.all([world.person.pays(link), other.person.pays(link)]);
    await world.fake.taken();
    expect(outcomes.filter((one) => one.paid)).toHaveLength(1);
    expect(outcomes.find((one) => !one.paid)).toMatchObject({ stage: 'pre_checkout' });
    await world.settle();
    expect(await world.stock(variantId)).toEqual({ onHand: 0, held: 0, sold: 1 });
    expect(world.fake.payments).toHaveLength(1);
    await prove(world);
  });
});

test('a new price makes a new invoice; the old link is refused in words and leaves no order', async () => {
  const { world, links, productId, variantId, listingId } = await openCard();
  const [old = ''] = await links();
  await world.done(world.seller, { kind: 'set_price', variantId, price: 'XTR 70' });
  // Between the change and the new link the card carries none.
  expect(await links()).toEqual([]);
  expect(await world.pay(world.person, old)).toMatchObject(refusal(/price has changed/));
  await renew(world, listingId);
  const [fresh = ''] = await links();
  expect(fresh).not.toBe(old);
  expect(await world.pay(world.person, old)).toMatchObject(refusal(/price has changed/));
  expect(await world.store.read((reads) => reads.orders.ordersOf(world.payer, 10))).toEqual([]);
  expect(world.told.some((one) => one.name === 'card.refresh' && one.productId === productId)).toBe(true);
  expect(await world.pay(world.person, fresh)).toMatchObject({ paid: true, totalAmount: 70 });
  await world.settle();
  await prove(world);
});

test('what speaks against a sale is said before the money: paused, frozen, over the limit, no longer wanted', async () => {
  const { world, links, productId, listingId } = await openCard({ stock: '9', limitPerPerson: '1' });
  const [link = ''] = await links();
  const pays = () => world.pay(world.person, link);
  await world.done(world.seller, { kind: 'pause_product', productId, paused: true });
  expect(await links()).toEqual([]);
  expect(await pays()).toMatchObject(refusal(/paused/));
  await world.done(world.seller, { kind: 'pause_product', productId, paused: false });
  await world.done(world.admin, { kind: 'freeze_product', productId, frozen: true });
  expect(await pays()).toMatchObject(refusal(/frozen/));
  await world.done(world.admin, { kind: 'freeze_product', productId, frozen: false });
  await world.done(world.admin, { kind: 'freeze_shop', shopId: world.shop.id, frozen: true });
  expect(await pays()).toMatchObject(refusal(/frozen/));
  await world.done(world.admin, { kind: 'freeze_shop', shopId: world.shop.id, frozen: false });
  expect(await world.store.read((reads) => reads.orders.ordersOf(world.payer, 10))).toEqual([]);
  expect(await pays()).toMatchObject({ paid: true });
  expect(await pays()).toMatchObject(refusal(/One person may buy/));

  const edited = { title: 'Song', price: '20.00', otherPrices: 'XTR 50', quickPay: false, pickup: false };
  const other = await world.member('Lin');
  const [product] = await world.store.read((reads) => reads.catalog.productsById([productId]));
  expect(product?.quickPay).toBe(true);
  const blank = { description: '', options: '', stock: '', limitPerPerson: '', holdMinutes: '15', imageDigest: '' };
  const rest = { imageAlt: '', pickupNote: '', shippingFee: '', shippingFreeFrom: '', digitalText: '' };
  const form = { ...blank, ...rest, digitalCodes: '', serviceNote: '', ...edited };
  await world.done(world.seller, { kind: 'edit_product', productId, form });
  expect(await linksOn(world, listingId)).toEqual([]);
  expect(await world.pay(other.person, link)).toMatchObject(refusal(/price has changed/));
  await world.settle();
  await prove(world);
});

test('the question asked twice is one order, and a bill that stands already is the one that is paid', async () => {
  const { world, links, listingId, variantId } = await openCard({ stock: '5' });
  const [link = ''] = await links();
  const bill = await world.buyThere(world.payer, listingId);
  expect(await world.person.pays(link, { declined: true })).toMatchObject({ stage: 'provider' });
  expect(await world.person.pays(link, { declined: true })).toMatchObject({ stage: 'provider' });
  expect((await onlyOrder(world, world.payer)).id).toBe(bill.id);
  expect(await world.stock(variantId)).toMatchObject({ held: 1 });
  expect(await world.pay(world.person, link)).toMatchObject({ paid: true });
  await world.settle();
  expect(await world.order(bill.id)).toMatchObject({ state: 'fulfilled' });
  // Bought once more, it is another order.
  expect(await world.pay(world.person, link)).toMatchObject({ paid: true });
  await world.settle();
  const orders = await world.store.read((reads) => reads.orders.ordersOf(world.payer, 10));
  expect(orders.map((one) => one.state)).toEqual(['fulfilled', 'fulfilled']);
  await prove(world);
});

test('the invoice of a card is nothing to share: a friend who pays it buys for themselves', async () => {
  const { world, links } = await openCard();
  const [link = ''] = await links();
  expect(await world.person.pays(link, { declined: true })).toMatchObject({ stage: 'provider' });
  const order = await onlyOrder(world, world.payer);
  expect(await world.panel(world.payer, order.id)).toMatchObject({ invoice: { url: link }, shared: null });
});

test('somebody who never came here before can pay a card, and is a member with an order from then on', async () => {
  const { world, links } = await openCard();
  const stranger = world.fake.person({ firstName: 'Noor', languageCode: 'ar' });
  const [link = ''] = await links();
  expect(await world.pay(stranger, link)).toMatchObject({ paid: true });
  await world.settle();
  const personId = await world.store.read((reads) => reads.people.personByIdentity('telegram', String(stranger.id)));
  expect(await onlyOrder(world, personId ?? '')).toMatchObject({ state: 'fulfilled' });
  const profile = await world.core.profile({ communityId: world.communityId, personId: personId ?? '' });
  expect(profile).toMatchObject({ name: 'Noor', locale: 'ar', role: 'member' });
  await prove(world);
});

test('money whose news is lost is found by asking, once, at the attempt of whoever paid', async () => {
  const { world, links } = await openCard({ stock: '5' });
  const other = await world.member('Lin');
  const [link = ''] = await links();
  // Everybody else at this card paid something as well.
  expect(await world.pay(other.person, link)).toMatchObject({ paid: true });
  world.hold();
  expect(await world.pay(world.person, link)).toMatchObject({ paid: true });
  await world.pass(MINUTE);
  expect(await onlyOrder(world, world.payer)).toMatchObject({ state: 'fulfilled' });
  await world.release();
  await world.settle();
  expect(await world.balances()).toEqual({ 'telegram_stars.channel': 100, 'telegram_stars.sales': -100 });
  await prove(world);
});

test('two charges for one bill: the second is written down and goes back', async () => {
  const { world, links } = await openCard({ stock: '5' });
  const [link = ''] = await links();
  world.hold();
  expect(await world.pay(world.person, link)).toMatchObject({ paid: true });
  expect(await world.pay(world.person, link)).toMatchObject({ paid: true });
  await world.release();
  await world.settle();
  expect(await onlyOrder(world, world.payer)).toMatchObject({ state: 'fulfilled' });
  expect(world.fake.payments.map((one) => one.refunded)).toEqual([false, true]);
  expect(world.news(world.payer)).toContain('paid_twice_refunded');
  await prove(world);
});

test('money that came without a question is recorded and sent back', async () => {
  const { world, links } = await openCard();
  const [link = ''] = await links();
  const stranger = world.fake.person({ firstName: 'Sam' });
  world.hold();
  expect(await world.pay(stranger, link, { unasked: true })).toMatchObject({ paid: true });
  const news = world.carried.findLast((one) => one.message?.successful_payment);
  await world.release();
  // Telegram may tell it twice.
  if (news) await world.carry(news);
  await world.settle();
  expect(world.fake.payments).toMatchObject([{ refunded: true }]);
  const personId = await world.store.read((reads) => reads.people.personByIdentity('telegram', String(stranger.id)));
  expect(await onlyOrder(world, personId ?? '')).toMatchObject({ state: 'cancelled' });
  expect(await world.balances()).toEqual({});
  await prove(world);
});

test('an order that was cancelled between question and news gets its money back', async () => {
  const { world, links } = await openCard({ stock: '5' });
  const [link = ''] = await links();
  world.hold();
  expect(await world.pay(world.person, link)).toMatchObject({ paid: true });
  const order = await onlyOrder(world, world.payer);
  await world.act(world.payer, { kind: 'cancel_order', orderId: order.id });
  await world.release();
  await world.settle();
  expect(world.fake.payments).toMatchObject([{ refunded: true }]);
  await prove(world);
});

test('Telegram’s statement tells of what was paid at a card and of what went back, in the book of its shop', async () => {
  const { world, links } = await openCard({ stock: '5' });
  const [link = ''] = await links();
  expect(await world.pay(world.person, link)).toMatchObject({ paid: true });
  await world.settle();
  const { id } = await onlyOrder(world, world.payer);
  await world.refundAll(id);
  await world.settle();
  const accounts = await world.store.read((reads) => reads.people.merchantAccounts(world.shop.id));
  const account = accounts.find((one) => one.channel === 'telegram_stars');
  if (!account) throw new Error('the shop has no book of Stars');
  const span = { from: world.clock.at - MINUTE, to: world.clock.at + MINUTE };
  const lines = await world.stars()?.fetchStatement?.({ account, ...span });
  const [capture] = (await world.money(id)).captures;
  expect(lines).toMatchObject([
    { kind: 'payment', objectId: capture?.channelRef, reference: null, amount: 50, currency: 'XTR' },
    { kind: 'refund', objectId: capture?.channelRef, amount: -50, currency: 'XTR' },
  ]);
  const other = { ...account, shopId: 'another', accountRef: '42:another' };
  expect(await world.stars()?.fetchStatement?.({ account: other, ...span })).toEqual([]);
  await prove(world);
});

describe('goods and prices', () => {
  test('of physical goods the card is paid only where nothing has to be sent', async () => {
    const { world } = await openCard({}, { cards: true });
    const box = await world.post({ quickPay: true }, 'physical');
    await standsThere(world, box.listingId);
    const [link = ''] = await linksOn(world, box.listingId);
    expect(await world.pay(world.person, link)).toMatchObject({ paid: true, totalAmount: 1250 });
    await world.settle();
    expect(await onlyOrder(world, world.payer)).toMatchObject({ state: 'paid', deliveryMethod: 'pickup' });
    const sent = await world.post({ quickPay: true, pickup: false, shippingFee: '5.00' }, 'physical');
    await standsThere(world, sent.listingId);
    expect(await linksOn(world, sent.listingId)).toEqual([]);
    await prove(world);
  });

  test('each choice has its own invoice, and what is sold out has none', async () => {
    const { world, links, productId } = await openCard({ options: 'Size: S, M', stock: '1' });
    expect(await links()).toHaveLength(2);
    const [first] = await world.store.read((reads) => reads.catalog.variants(productId));
    await world.done(world.seller, { kind: 'set_stock', variantId: first?.id ?? '', stock: '0' });
    expect(await links()).toHaveLength(1);
  });
});
