// A seller packs: what is paid and not gone is on one list, and many orders are marked in one go.
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Message } from '../../src/ports/messages.ts';
import { type Engine, openWorld, type World } from '../support/world.ts';

async function fresh(engine: Engine = 'sqlite', members = 3) {
  const world = await openWorld({ engine, members });
  onTestFinished(() => world.close());
  return world;
}

const ADDRESS = { recipient: 'Siti', lines: '1 Jalan Besar\nIpoh', phone: '012' };

/** A paid order of this person, to be sent or fetched. */
async function paid(world: World, buyer: string, { listingId }: { listingId: string }, ship = false, units = 1) {
  const order = await world.buy(buyer, listingId, units);
  if (ship) {
    await world.done(buyer, { kind: 'choose_delivery', orderId: order.id, method: 'ship' });
    await world.done(buyer, { kind: 'set_address', orderId: order.id, ...ADDRESS });
  }
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  await world.settle();
  return world.order(order.id);
}

async function list(world: World, message: Partial<Message<'packing'>> = {}, viewer = world.seller) {
  const asked = { name: 'packing', shopId: world.shop.id, page: 0, ...message } as const;
  const loaded = await world.core.load(asked, { personId: viewer, communityId: world.communityId });
  if (!loaded.ok) throw new Error(loaded.fault.code);
  return loaded.value;
}

const mark = (world: World, wish: { orderIds?: string[]; tracking?: string }, by = world.seller, key?: string) =>
  world.act(by, { kind: 'fulfil_many', shopId: world.shop.id, orderIds: [], tracking: '', ...wish }, key);

async function reportOf(world: World, wish: { orderIds?: string[]; tracking?: string }, by = world.seller) {
  const reply = await mark(world, wish, by);
  if (!reply.ok || reply.show?.name !== 'packing' || !reply.show.report) throw new Error(JSON.stringify(reply));
  return reply.show.report;
}

describe.each(['sqlite', 'postgres'] as const)('on %s', (engine) => {
  test('the list has who gets what and where, the oldest first, and how much to pick in all', async () => {
    const world = await fresh(engine);
    const [one, two, three] = world.buyers as [string, string, string];
    const mango = await world.post({ title: 'Mango', stock: '20', shippingFee: '5.00' });
    const tea = await world.post({ title: 'Tea', stock: '20' });
    const first = await paid(world, one, mango, true, 2);
    const second = await paid(world, two, mango, false, 3);
    await paid(world, three, tea);
    await world.buy(three, mango.listingId);
    const data = await list(world);
    expect(data.orders.map(({ code }) => code).slice(0, 2)).toEqual([first.code, second.code]);
    expect(data.orders[0]).toMatchObject({ buyer: 'Buyer 1', method: 'ship', address: ADDRESS });
    expect(data.orders[1]).toMatchObject({ method: 'pickup', address: null });
    expect(data.totals.map(({ title, quantity }) => [title, quantity])).toEqual([
      ['Mango', 5],
      ['Tea', 1],
    ]);
    expect(data.count).toBe(3);
  });

  test('several are marked at once, each by its own way, and every buyer is told once', async () => {
    const world = await fresh(engine);
    const [one, two] = world.buyers as [string, string];
    const card = await world.post({ stock: '20', shippingFee: '5.00' });
    const sent = await paid(world, one, card, true);
    const fetched = await paid(world, two, card);
    const orderIds = [sent.id, fetched.id];
    expect(await reportOf(world, { orderIds })).toEqual({ sent: 1, handedOver: 1, already: 0, bad: [] });
    expect(await reportOf(world, { orderIds })).toEqual({ sent: 0, handedOver: 0, already: 2, bad: [] });
    for (const id of orderIds) expect((await world.order(id)).state).toBe('fulfilled');
    expect(await world.timeline(sent.id)).toContain('shipped');
    expect((await world.timeline(fetched.id)).filter((kind) => kind === 'handed_over')).toHaveLength(1);
    expect((await list(world)).count).toBe(0);
  });

  test('of a pasted list the good lines go through and each bad one is told by name', async () => {
    const world = await fresh(engine);
    const [one, two, three] = world.buyers as [string, string, string];
    const card = await world.post({ stock: '20', shippingFee: '5.00' });
    const good = await paid(world, one, card, true);
    const other = await paid(world, two, card, true);
    const fetched = await paid(world, three, card);
    const unpaid = await world.buy(three, card.listingId);
    const tracking = [
      `${good.code} MY1`,
      `${other.code.toLowerCase()}\tMY2`,
      `${other.code} MY3`,
      `${fetched.code} MY4`,
      `${unpaid.code} MY5`,
      'ZZZZ2222 MY6',
      'MY7',
    ].join('\n');
    const report = await reportOf(world, { tracking });
    expect(report).toMatchObject({ sent: 2, handedOver: 0, already: 0 });
    expect(report.bad.map(({ line, fault }) => [line, fault.code])).toEqual([
      [3, 'order_twice'],
      [4, 'order_not_sent_by_post'],
      [5, 'order_not_shippable'],
      [6, 'order_code_unknown'],
      [7, 'order_code_unknown'],
    ]);
    expect((await world.panel(one, good.id)).delivery.tracking).toBe('MY1');
    expect((await world.panel(two, other.id)).delivery.tracking).toBe('MY2');
    expect((await world.order(fetched.id)).state).toBe('paid');
    const again = await reportOf(world, { tracking: `${good.code} MY1\n${other.code} MY9` });
    expect(again).toMatchObject({ sent: 0, already: 1, bad: [{ line: 2, fault: { code: 'order_sent_already' } }] });
    expect((await world.panel(two, other.id)).delivery.tracking).toBe('MY2');
  });
});

test('a helper marks too; a member, another shop and an empty wish are refused', async () => {
  const world = await fresh('sqlite', 2);
  const [one, two] = world.buyers as [string, string];
  const card = await world.post();
  const order = await paid(world, one, card);
  expect(await mark(world, { orderIds: [order.id] }, two)).toMatchObject({ fault: { code: 'not_allowed' } });
  expect(await mark(world, {})).toMatchObject({ fault: { code: 'input_invalid' } });
  await expect(list(world, {}, two)).rejects.toThrow('not_found');
  await world.done(world.seller, { kind: 'put_helper', shopId: world.shop.id, personId: two, helps: true });
  expect((await list(world, {}, two)).count).toBe(1);
  const report = await reportOf(world, { orderIds: ['nothing', order.id] }, two);
  expect(report).toMatchObject({ handedOver: 1, bad: [{ line: null, code: '', fault: { code: 'not_found' } }] });
});

test('ten presses at once mark once', async () => {
  const world = await fresh('sqlite', 1);
  const order = await paid(world, world.buyer, await world.post({ shippingFee: '5.00' }), true);
  await Promise.all(Array.from({ length: 10 }, () => mark(world, { tracking: `${order.code} MY1` })));
  expect((await world.timeline(order.id)).filter((kind) => kind === 'shipped')).toHaveLength(1);
});

test('what is going back to its buyer is not packed', async () => {
  const world = await fresh('sqlite', 1);
  const order = await paid(world, world.buyer, await world.post());
  await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: true });
  expect((await list(world)).count).toBe(0);
  expect(await reportOf(world, { orderIds: [order.id] })).toMatchObject({
    bad: [{ code: order.code, fault: { code: 'order_not_shippable' } }],
  });
});

test('more than fit on a page are turned over, a page past the end is the last', async () => {
  const world = await fresh('sqlite', 1);
  const card = await world.post({ stock: '50', price: '0' });
  for (let index = 0; index < 13; index += 1) await world.buy(world.buyer, card.listingId);
  expect(await list(world)).toMatchObject({ count: 13, pages: 2, orders: { length: 12 } });
  expect(await list(world, { page: 9 })).toMatchObject({ page: 1, orders: { length: 1 } });
});
