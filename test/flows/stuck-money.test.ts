// What could be left hanging: goods kept for nobody, attempts asked about for ever, money recorded for the wrong payment.
import { expect, onTestFinished, test } from 'vitest';
import type { SandboxEvent } from '../../sandbox/objects.ts';
import { prove } from '../support/proof.ts';
import { MINUTE, openWorld } from '../support/world.ts';

async function fresh(members = 1) {
  const world = await openWorld({ members });
  onTestFinished(() => world.close());
  return world;
}

test('a basket whose unkept goods ran out is given back whole, and what was kept for it is free again', async () => {
  const world = await fresh(2);
  const [slow, quick] = world.buyers as [string, string];
  const kept = await world.post({ holdMinutes: '15', stock: '3' });
  const unkept = await world.post({ holdMinutes: '', stock: '1' });
  for (const { productId } of [kept, unkept]) await world.done(slow, { kind: 'basket_add', productId });
  const basket = await world.store.read((reads) => reads.orders.basket(slow, world.shop.id));
  await world.done(slow, { kind: 'basket_checkout', orderId: basket?.id ?? '' });
  const order = await world.order(basket?.id ?? '');
  const checkout = await world.openBill(order);
  expect(await world.stock(kept.variantId)).toMatchObject({ held: 1 });

  const other = await world.buy(quick, unkept.listingId);
  world.sandbox.pay(await world.openBill(other), { mode: 'now' });
  await world.settle();
  world.sandbox.pay(checkout, { mode: 'now' });
  await world.settle();

  expect((await world.order(order.id)).state).toBe('expired');
  expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded', amount: order.total }]);
  expect(await world.stock(kept.variantId)).toEqual({ onHand: 3, held: 0, sold: 0 });
  await prove(world);
});

test('money that found no goods is not the order’s; a second payment that found some is, and can be refunded', async () => {
  const world = await fresh(2);
  const [slow, quick] = world.buyers as [string, string];
  const { listingId, variantId } = await world.post({ holdMinutes: '', stock: '1' });
  const order = await world.buy(slow, listingId);
  const checkout = await world.openBill(order);
  const other = await world.buy(quick, listingId);
  world.sandbox.pay(await world.openBill(other), { mode: 'now' });
  await world.settle();

  world.sandbox.pay(checkout, { mode: 'twice' });
  const [first, second] = world.sandbox
    .events()
    .filter(({ type, data }) => type === 'payment.succeeded' && JSON.stringify(data).includes(checkout));
  await world.core.onProviderNotice('sandbox', world.noticeOf(JSON.stringify(first)));
  expect((await world.order(order.id)).state).toBe('expired');
  await world.done(world.seller, { kind: 'set_stock', variantId, stock: '1' });
  await world.core.onProviderNotice('sandbox', world.noticeOf(JSON.stringify(second)));
  expect((await world.order(order.id)).state).toBe('paid');
  await world.settle();

  // The first payment has gone back by now, which is no reason to close an order that the second one pays.
  expect((await world.order(order.id)).state).toBe('paid');
  const { captures } = await world.money(order.id);
  expect(captures.map((one) => one.use).toSorted()).toEqual(['applied', 'late']);
  expect(await world.stock(variantId)).toEqual({ onHand: 0, held: 0, sold: 2 });
  await prove(world);
  await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: true });
  await world.settle();
  expect((await world.order(order.id)).state).toBe('closed');
  await prove(world);
});

test('an attempt that never reached its channel ends with its bill, and is asked about no more', async () => {
  const world = await fresh();
  const { listingId, variantId } = await world.post({ holdMinutes: '1' });
  const order = await world.buy(world.buyer, listingId);
  // The channel is away for all of the bill's time: the attempt was written down and could not be handed over.
  world.sandbox.fault({ op: '*', kind: '503', times: 1_000 });
  const opened = await world.core.openCheckout({ payToken: order.payToken, returnBase: 'http://127.0.0.1:3000' });
  expect(opened).toMatchObject({ ok: false, fault: { code: 'channel_unavailable' } });
  await world.core.returned(order.payToken);
  for (let minute = 0; minute < 5; minute += 1) await world.pass(MINUTE);
  expect((await world.order(order.id)).state).toBe('expired');
  world.sandbox.clearFaults();
  for (let hour = 0; hour < 3; hour += 1) await world.pass(60 * MINUTE);

  expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  const { attempts } = await world.money(order.id);
  expect(attempts).toMatchObject([{ state: 'failed', nextCheckAt: null }]);
  await prove(world);
});

test.each(['503', '429', '500_before', 'drop_before', 'garbage_200'] as const)(
  'a channel that answers %s, and whose notices are lost, keeps nobody’s goods beyond the grace',
  async (kind) => {
    const world = await fresh();
    const { listingId, variantId } = await world.post({ holdMinutes: '1' });
    const order = await world.buy(world.buyer, listingId);
    await world.openBill(order);
    world.sandbox.fault({ op: '*', kind, times: 100_000 });
    for (let minute = 0; minute < 6; minute += 1) {
      world.clock.at += MINUTE;
      await world.core.sweep();
    }
    expect((await world.order(order.id)).state).toBe('expired');
    expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: 0 });

    // It speaks again: the attempt learns its end.
    world.sandbox.clearFaults();
    for (let hour = 0; hour < 3; hour += 1) await world.pass(60 * MINUTE);
    expect((await world.money(order.id)).attempts).toMatchObject([{ state: 'expired' }]);
    await prove(world);
  },
);

test('late money whose notices are lost is found, even when the last question about it got no answer', async () => {
  const world = await fresh();
  const { listingId } = await world.post({ holdMinutes: '1' });
  const order = await world.buy(world.buyer, listingId);
  const checkout = await world.openBill(order);
  world.sandbox.pay(checkout, { mode: 'late' });
  world.clock.at += 2 * MINUTE;
  await world.core.sweep();
  expect((await world.order(order.id)).state).toBe('expired');

  // Hours after the last instant at which money may come the channel is asked once more, and says nothing.
  world.clock.at += 8 * 60 * MINUTE;
  await world.sandbox.tick();
  await world.deliver(() => []);
  world.sandbox.fault({ op: '*', kind: 'drop_before', times: 100 });
  await world.core.sweep();
  expect((await world.money(order.id)).captures).toEqual([]);
  world.sandbox.clearFaults();
  for (let day = 0; day < 3; day += 1) await world.pass(24 * 60 * MINUTE);
  expect((await world.money(order.id)).captures).toHaveLength(1);
  expect((await world.order(order.id)).state).toBe('paid');
  await prove(world);
});

test('a second payment whose notices are all lost is found, even when the first was heard of hours later', async () => {
  const world = await fresh();
  const { listingId } = await world.post();
  const order = await world.buy(world.buyer, listingId);
  world.sandbox.pay(await world.openBill(order), { mode: 'twice' });
  world.clock.at += 120 * MINUTE;
  const first = (news: SandboxEvent[]) => news.filter(({ type }) => type === 'payment.succeeded').slice(0, 1);
  // Heard of twice: news of what is known plans nothing away.
  await world.deliver((news) => [...first(news), ...first(news).map((event) => ({ ...event, id: `${event.id}x` }))]);
  expect((await world.money(order.id)).captures).toHaveLength(1);
  for (let hour = 0; hour < 3; hour += 1) await world.pass(60 * MINUTE);
  expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded', cause: 'duplicate' }]);
  await prove(world);
});

test('bills that wait for slow money do not keep the sweep from ending the others', async () => {
  const world = await fresh(70);
  const slow = await world.post({ holdMinutes: '1', stock: '100' });
  const plain = await world.post({ holdMinutes: '1', stock: '100' });
  for (const buyer of world.buyers.slice(0, 60)) {
    const order = await world.buy(buyer, slow.listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'slow_success', afterMs: 30 * MINUTE });
  }
  const order = await world.buy(world.buyers[65] ?? '', plain.listingId);
  await world.pass(2 * MINUTE);
  expect((await world.order(order.id)).state).toBe('expired');
  expect(await world.stock(plain.variantId)).toMatchObject({ held: 0 });

  for (let minute = 0; minute < 5; minute += 1) await world.pass(10 * MINUTE);
  expect(await world.stock(slow.variantId)).toEqual({ onHand: 40, held: 0, sold: 60 });
  await prove(world);
});
