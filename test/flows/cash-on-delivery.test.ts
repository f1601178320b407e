// Goods that leave before the money comes: nobody sells them a second time, nobody calls them off, and the money has a place to go.
import { expect, onTestFinished, test } from 'vitest';
import { prove } from '../support/proof.ts';
import { MINUTE, openWorld, type World } from '../support/world.ts';

const DAY = 24 * 60 * MINUTE;
const ADDRESS = { recipient: 'Siti', lines: '1 Jalan Besar\nIpoh', phone: '' } as const;

async function fresh(members = 1) {
  const world = await openWorld({ members });
  onTestFinished(() => world.close());
  return world;
}

/** Bought to be sent, to be paid in cash at the door. */
async function ordered(world: World, changes: Parameters<World['post']>[0] = {}) {
  const { listingId, variantId } = await world.post({ pickup: false, shippingFee: '8.00', ...changes });
  const order = await world.buy(world.buyer, listingId);
  await world.done(world.buyer, { kind: 'set_address', orderId: order.id, ...ADDRESS });
  await world.done(world.buyer, { kind: 'choose_channel', orderId: order.id, channel: 'cash' });
  await world.settle();
  return { order: await world.order(order.id), orderId: order.id, listingId, variantId };
}
const ship = (orderId: string) => ({ kind: 'ship', orderId, tracking: 'MY 42' }) as const;

test('what is on its way is not called off by its buyer, only by the seller to whom it came back', async () => {
  const world = await fresh();
  const { orderId, variantId } = await ordered(world);
  await world.done(world.seller, ship(orderId));
  expect((await world.panel(world.buyer, orderId)).can.cancel).toBe(false);
  expect(await world.act(world.buyer, { kind: 'cancel_order', orderId })).toMatchObject({
    fault: { code: 'order_not_cancellable' },
  });
  expect(await world.stock(variantId)).toMatchObject({ held: 1 });

  await world.done(world.seller, { kind: 'cancel_order', orderId });
  await world.settle();
  expect((await world.order(orderId)).state).toBe('cancelled');
  expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  await prove(world);
});

test('a parcel may be longer on its way than the bill was open: the money at the door is still recorded', async () => {
  const world = await fresh();
  const { orderId, variantId } = await ordered(world);
  await world.done(world.seller, ship(orderId));
  await world.pass(10 * DAY);
  expect(await world.stock(variantId)).toMatchObject({ held: 1 });
  await world.done(world.seller, { kind: 'confirm_cash', orderId });
  await world.settle();
  expect((await world.order(orderId)).state).toBe('fulfilled');
  expect(await world.balances()).toEqual({ 'cash.channel': 2050, 'cash.sales': -2050 });
  await prove(world);
});

test('goods that nobody kept are kept from the moment they are sent', async () => {
  const world = await fresh(2);
  const other = world.buyers[1] ?? '';
  const { orderId, listingId, variantId } = await ordered(world, { holdMinutes: '', stock: '1' });
  expect(await world.stock(variantId)).toMatchObject({ held: 0 });
  await world.done(world.seller, ship(orderId));
  expect(await world.stock(variantId)).toMatchObject({ held: 1 });
  expect(await world.act(other, { kind: 'buy', listingId })).toMatchObject({ fault: { code: 'sold_out' } });

  await world.done(world.seller, { kind: 'confirm_cash', orderId });
  await world.settle();
  expect((await world.order(orderId)).state).toBe('fulfilled');
  expect(await world.stock(variantId)).toEqual({ onHand: 0, held: 0, sold: 1 });
  await prove(world);
});

test('goods that are gone are not sent', async () => {
  const world = await fresh(2);
  const quick = world.buyers[1] ?? '';
  const { orderId, listingId } = await ordered(world, { holdMinutes: '', stock: '1' });
  const second = await world.buy(quick, listingId);
  await world.done(quick, { kind: 'set_address', orderId: second.id, ...ADDRESS });
  world.sandbox.pay(await world.openBill(second), { mode: 'now' });
  await world.settle();
  expect(await world.act(world.seller, ship(orderId))).toMatchObject({ fault: { code: 'sold_out' } });
  expect(await world.store.read((reads) => reads.orders.shipment(orderId))).toBeUndefined();
  await prove(world);
});

test('sent for cash and paid by card on the way: handed over in full, and closed by itself in the end', async () => {
  const world = await fresh();
  const { order, orderId } = await ordered(world);
  const checkout = await world.openBill(order);
  await world.done(world.seller, ship(orderId));
  world.sandbox.pay(checkout, { mode: 'now' });
  await world.settle();
  expect((await world.order(orderId)).state).toBe('fulfilled');
  await world.pass(15 * DAY);
  expect((await world.order(orderId)).state).toBe('closed');
  await prove(world);
});

test('a page opened for what is on its way has an end, and pays', async () => {
  const world = await fresh();
  const { orderId } = await ordered(world);
  await world.done(world.seller, ship(orderId));
  const checkout = await world.openBill(await world.order(orderId));
  expect((await world.money(orderId)).attempts.every((one) => one.expiresAt !== null)).toBe(true);
  world.sandbox.pay(checkout, { mode: 'now' });
  await world.settle();
  expect((await world.order(orderId)).state).toBe('fulfilled');
  await prove(world);
});

test('a second press of cash tells the shop nothing new', async () => {
  const world = await fresh();
  const { orderId } = await ordered(world);
  await world.done(world.buyer, { kind: 'choose_channel', orderId, channel: 'cash' });
  await world.settle();
  expect(world.news(world.seller).filter((kind) => kind === 'cash_expected')).toHaveLength(1);
});

test('money received for a bill that has ended is refused in words, not swallowed', async () => {
  const world = await fresh();
  const { orderId } = await ordered(world);
  await world.pass(4 * DAY);
  expect((await world.order(orderId)).state).toBe('expired');
  expect(await world.act(world.seller, { kind: 'confirm_cash', orderId })).toMatchObject({
    fault: { code: 'order_not_open' },
  });
});
