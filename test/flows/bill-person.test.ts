// A sum without a product: a seller asks one person for it, and it is an order like any other.
import { describe, expect, onTestFinished, test } from 'vitest';
import type { IntentOf } from '../../src/ports/intents.ts';
import { prove } from '../support/proof.ts';
import { type Engine, MINUTE, openWorld, type World } from '../support/world.ts';

async function fresh(engine: Engine = 'sqlite', members = 2) {
  const world = await openWorld({ engine, members });
  onTestFinished(() => world.close());
  return world;
}
const DAY = 24 * 60 * MINUTE;

const wish = (world: World, changes: Partial<IntentOf<'bill_person'>> = {}): IntentOf<'bill_person'> => ({
  kind: 'bill_person',
  ...{ shopId: world.shop.id, personId: world.buyer, amount: '80', text: 'Deposit' },
  productKind: 'service',
  ...changes,
});

async function billed(world: World, changes: Partial<IntentOf<'bill_person'>> = {}) {
  const shown = await world.done(world.seller, wish(world, changes));
  if (shown?.name !== 'sale') throw new Error('the seller sees nothing');
  return world.order(shown.orderId);
}

describe.each(['sqlite', 'postgres'] as const)('on %s', (engine) => {
  test('it is paid, receipted, done and refunded as any order, and the books agree', async () => {
    const world = await fresh(engine);
    const order = await billed(world);
    expect(order).toMatchObject({ state: 'pending_payment', total: 8000, currency: 'MYR', buyerId: world.buyer });
    const panel = await world.panel(world.buyer, order.id);
    expect(panel).toMatchObject({ billed: true, can: { pay: true, cancel: true, changeQuantity: false } });
    expect(panel.lines).toMatchObject([{ title: 'Deposit', quantity: 1 }]);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    await world.settle();
    expect((await world.order(order.id)).state).toBe('paid');
    await world.done(world.seller, { kind: 'hand_over', orderId: order.id });
    await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: true });
    await world.settle();
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded', amount: 8000 }]);
    await prove(world);
  });

  test('it waits for a week and ends then, with a way of paying open or not', async () => {
    const world = await fresh(engine);
    const order = await billed(world);
    const other = await billed(world);
    await world.openBill(order);
    await world.pass(6 * DAY);
    expect((await world.order(order.id)).state).toBe('pending_payment');
    await world.pass(DAY + MINUTE);
    for (const { id } of [order, other]) expect((await world.order(id)).state).toBe('expired');
    await prove(world);
  });
});

test('whoever is asked may decline, and the seller is told', async () => {
  const world = await fresh();
  const order = await billed(world);
  await world.done(world.buyer, { kind: 'cancel_order', orderId: order.id });
  expect((await world.order(order.id)).state).toBe('cancelled');
  await world.work();
  expect(world.news(world.seller)).toContain('order_cancelled');
});

test('what stands behind it is on no card and in no list', async () => {
  const world = await fresh();
  await billed(world);
  const viewer = { personId: world.seller, communityId: world.communityId };
  expect(await world.core.load({ name: 'browse' }, viewer)).toMatchObject({ ok: true, value: { products: [] } });
  expect(await world.core.load({ name: 'shop', shopId: world.shop.id }, viewer)).toMatchObject({
    value: { products: [] },
  });
});

test.each([
  ['0', 'bill_of_nothing'],
  ['', 'amount_empty'],
  ['-5', 'amount_negative'],
  ['eighty', 'amount_not_a_number'],
  ['80, USD 20', 'amount_not_a_number'],
  ['1,234', 'amount_ambiguous'],
  ['12.345,6', 'amount_not_a_number'],
  ['99999999999', 'amount_too_large'],
  ['99999999999999999', 'amount_too_large'],
  ['XXY 5', 'currency_unknown'],
  ['XTR 5', 'channel_unavailable'],
])('a sum of %j is refused: %s', async (amount, code) => {
  const world = await fresh('sqlite', 1);
  expect(await world.act(world.seller, wish(world, { amount }))).toMatchObject({ fault: { code } });
  expect(await world.store.read((reads) => reads.orders.ordersOf(world.buyer, 5))).toEqual([]);
});

test('digits of any script and another currency are understood', async () => {
  const world = await fresh('sqlite', 1);
  expect(await billed(world, { amount: '٨٠٫٥' })).toMatchObject({ total: 8050, currency: 'MYR' });
  expect(await billed(world, { amount: '20 usd' })).toMatchObject({ total: 2000, currency: 'USD' });
});

test('to oneself, to nobody known, by a helper, by a stranger, without words: refused', async () => {
  const world = await fresh();
  const [one, two] = world.buyers as [string, string];
  const code = async (by: string, changes: Partial<IntentOf<'bill_person'>> = {}) => {
    const reply = await world.act(by, wish(world, changes));
    return reply.ok ? 'sent' : reply.fault.code;
  };
  expect(await code(world.seller, { personId: world.seller })).toBe('bill_to_oneself');
  expect(await code(world.seller, { personId: 'nobody' })).toBe('person_unknown');
  expect(await code(world.seller, { text: '   ' })).toBe('text_empty');
  expect(await code(one)).toBe('not_allowed');
  await world.done(world.seller, { kind: 'put_helper', shopId: world.shop.id, personId: two, helps: true });
  expect(await code(two)).toBe('not_allowed');
});

test('three unpaid bills are enough, ten presses send one, and nobody is kept from buying by them', async () => {
  const world = await fresh('sqlite', 1);
  const first = await Promise.all(Array.from({ length: 10 }, () => world.act(world.seller, wish(world), 'press')));
  expect(new Set(first.map((one) => JSON.stringify(one))).size).toBe(1);
  const more = await Promise.all(Array.from({ length: 5 }, () => world.act(world.seller, wish(world))));
  expect(more.filter((one) => one.ok)).toHaveLength(2);
  expect(more.find((one) => !one.ok)).toMatchObject({ fault: { code: 'too_many_bills' } });
  const { listingId } = await world.post();
  expect((await world.buy(world.buyer, listingId)).state).toBe('pending_payment');
});

test('goods that are handed over are fetched, and stand on the packing list', async () => {
  const world = await fresh('sqlite', 1);
  const order = await billed(world, { productKind: 'physical', text: 'Old bicycle' });
  expect(order.deliveryMethod).toBe('pickup');
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  await world.settle();
  const list = await world.core.load(
    { name: 'packing', shopId: world.shop.id, page: 0 },
    { personId: world.seller, communityId: world.communityId },
  );
  expect(list).toMatchObject({ value: { totals: [{ title: 'Old bicycle', quantity: 1 }] } });
});
