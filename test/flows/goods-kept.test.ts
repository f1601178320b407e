// Digital goods: nobody has both the code and the money, and stock never says more than there are codes.
import { expect, onTestFinished, test } from 'vitest';
import { prove } from '../support/proof.ts';
import { MINUTE, openWorld, type World } from '../support/world.ts';

async function fresh(members = 1) {
  const world = await openWorld({ members });
  onTestFinished(() => world.close());
  return world;
}

async function checkOut(world: World, productIds: readonly string[]) {
  for (const productId of productIds) await world.done(world.buyer, { kind: 'basket_add', productId });
  const [basket] = await world.store.read((reads) => reads.orders.baskets(world.buyer));
  await world.done(world.buyer, { kind: 'basket_checkout', orderId: basket?.id ?? '' });
  return world.order(basket?.id ?? '');
}
async function paid(world: World, productIds: readonly string[]) {
  const order = await checkOut(world, productIds);
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  await world.settle();
  return world.order(order.id);
}
const codes = { stock: '', pickup: false, digitalCodes: 'AAA-1' } as const;
const whole = (orderId: string) => ({ kind: 'refund', orderId, amount: '', lines: [], restock: true }) as const;
const freeCodes = (world: World, productId: string) => world.store.read((reads) => reads.catalog.freeCodes(productId));

test('a free basket that is called off gives its codes back with their stock', async () => {
  const world = await fresh();
  const mug = await world.post({ price: '0' });
  const code = await world.post({ ...codes, price: '0' }, 'digital');
  const order = await checkOut(world, [mug.productId, code.productId]);
  expect(order.state).toBe('paid');
  await world.done(world.buyer, { kind: 'cancel_order', orderId: order.id });
  expect((await world.order(order.id)).state).toBe('closed');
  expect(await world.stock(code.variantId)).toMatchObject({ onHand: await freeCodes(world, code.productId) });
  await prove(world);
});

test('a buyer who has seen a code cannot call the order off; the seller can', async () => {
  const world = await fresh();
  const mug = await world.post();
  const code = await world.post(codes, 'digital');
  const order = await paid(world, [mug.productId, code.productId]);
  expect((await world.panel(world.buyer, order.id)).goods).toMatchObject([{ codes: ['AAA-1'] }]);
  expect((await world.panel(world.buyer, order.id)).can.cancel).toBe(false);
  expect(await world.act(world.buyer, { kind: 'cancel_order', orderId: order.id })).toMatchObject({
    fault: { code: 'order_not_cancellable' },
  });
  expect((await world.money(order.id)).refunds).toEqual([]);

  await world.done(world.seller, { kind: 'cancel_order', orderId: order.id });
  await world.settle();
  expect((await world.order(order.id)).state).toBe('closed');
  expect(await freeCodes(world, code.productId)).toBe(0);
  expect(await world.stock(mug.variantId)).toMatchObject({ onHand: 5 });
  await prove(world);
});

test('a buyer who may read a digital text cannot call the order off', async () => {
  const world = await fresh();
  const mug = await world.post();
  const text = await world.post({ pickup: false, digitalText: 'https://example.org/file' }, 'digital');
  const order = await paid(world, [mug.productId, text.productId]);
  expect(await world.act(world.buyer, { kind: 'cancel_order', orderId: order.id })).toMatchObject({
    fault: { code: 'order_not_cancellable' },
  });
});

test('while its money is on the way back an unseen code is shown no more, and goes back on sale', async () => {
  const world = await fresh();
  const code = await world.post(codes, 'digital');
  const order = await paid(world, [code.productId]);
  world.sandbox.refundMode(world.shop.id, 'pending_then_succeeded');
  await world.done(world.seller, whole(order.id));
  await world.work();
  expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'pending' }]);
  expect(JSON.stringify(await world.panel(world.buyer, order.id))).not.toContain('AAA-1');
  for (let minute = 0; minute < 5; minute += 1) await world.pass(MINUTE);
  expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
  expect(await freeCodes(world, code.productId)).toBe(1);
  expect(JSON.stringify(await world.panel(world.buyer, order.id))).not.toContain('AAA-1');
  await prove(world);
});

test('an unseen code whose money went back, and which does not go on sale again, is shown to nobody', async () => {
  const world = await fresh();
  const code = await world.post(codes, 'digital');
  const order = await paid(world, [code.productId]);
  await world.done(world.seller, { ...whole(order.id), restock: false });
  await world.settle();
  expect(JSON.stringify(await world.panel(world.buyer, order.id))).not.toContain('AAA-1');
  await prove(world);
});

test('a code that went back on sale between reading and showing is not shown', async () => {
  const world = await fresh();
  const code = await world.post(codes, 'digital');
  const order = await paid(world, [code.productId]);
  // All of it happens after the panel was read, and before the next write that its reader asks for.
  const transact = world.store.transact.bind(world.store);
  let meanwhile: (() => Promise<void>) | undefined = async () => {
    meanwhile = undefined;
    await world.done(world.seller, whole(order.id));
    await world.settle();
  };
  world.store.transact = async (key, work) => {
    await meanwhile?.();
    return transact(key, work);
  };
  const shown = JSON.stringify(await world.panel(world.buyer, order.id));
  expect(await freeCodes(world, code.productId)).toBe(1);
  expect(shown).not.toContain('AAA-1');
});
