import { describe, expect, onTestFinished, test } from 'vitest';
import { prove } from '../support/proof.ts';
import { MINUTE, openWorld, type World } from '../support/world.ts';

async function fresh(members = 1) {
  const world = await openWorld({ members });
  onTestFinished(() => world.close());
  return world;
}

async function sold(world: World, changes: Parameters<World['post']>[0] = {}, quantity = 1) {
  const { listingId, variantId } = await world.post(changes);
  const order = await world.buy(world.buyer, listingId, quantity);
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  await world.settle();
  return { order, variantId, listingId };
}
const whole = (orderId: string) => ({ kind: 'refund', orderId, amount: '', lines: [], restock: true }) as const;

describe('a refund', () => {
  test('in full gives back money and stock once, closes the order, and both books agree', async () => {
    const world = await fresh();
    const { order, variantId } = await sold(world);
    await world.done(world.seller, whole(order.id));
    await world.settle();
    expect((await world.order(order.id)).state).toBe('closed');
    expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: 0 });
    expect(await world.balances()).toEqual({ 'sandbox.channel': -12, 'sandbox.channel_fee': 12 });
    expect(world.sandboxBalance()).toEqual({ MYR: -12 });
    expect(await world.act(world.seller, whole(order.id))).toMatchObject({
      ok: false,
      fault: { code: 'refund_too_much' },
    });
  });

  test('in part leaves the rest refundable, to the minor unit', async () => {
    const world = await fresh();
    const { order } = await sold(world);
    await world.done(world.seller, { ...whole(order.id), amount: '5.01', restock: false });
    await world.settle();
    expect(await world.panel(world.buyer, order.id)).toMatchObject({
      state: 'paid',
      refundable: { amount: 749, currency: 'MYR' },
    });
    expect(await world.act(world.seller, { ...whole(order.id), amount: '7.50' })).toMatchObject({
      fault: { code: 'refund_too_much' },
    });
    await world.done(world.seller, whole(order.id));
    await world.settle();
    expect((await world.order(order.id)).state).toBe('closed');
    expect(await world.balances()).toEqual({ 'sandbox.channel': -12, 'sandbox.channel_fee': 12 });
  });

  test('by units pays running floors, so that the parts are exactly the line', async () => {
    const world = await fresh();
    const { order, variantId } = await sold(world, { price: '3.33' }, 3);
    const [line] = await world.store.read((reads) => reads.orders.lines(order.id));
    const units = (quantity: number) => ({ ...whole(order.id), lines: [{ lineId: line?.id ?? '', quantity }] });
    await world.done(world.seller, units(1));
    await world.settle();
    await world.done(world.seller, units(2));
    await world.settle();
    expect(await world.act(world.seller, units(1))).toMatchObject({ ok: false });
    const { refunds } = await world.money(order.id);
    expect(refunds.map((one) => one.amount).toSorted((a, b) => a - b)).toEqual([333, 666]);
    expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  });

  test('is for the seller and the stewards; a helper, the buyer and a stranger see nothing to press', async () => {
    const world = await fresh(3);
    const { order } = await sold(world);
    const [, stranger, helper] = world.buyers as [string, string, string];
    await world.done(world.seller, { kind: 'put_helper', shopId: world.shop.id, personId: helper, helps: true });
    for (const person of [world.buyer, stranger, helper]) {
      expect(await world.act(person, whole(order.id))).toMatchObject({ ok: false, fault: { code: 'not_found' } });
    }
    expect(await world.act(world.admin, whole(order.id))).toMatchObject({ ok: true });
  });

  test.each(['0', '-1', 'abc', '1.234,56', '99999999999999999999'])('of "%s" is refused in words', async (amount) => {
    const world = await fresh();
    const { order } = await sold(world);
    expect(await world.act(world.seller, { ...whole(order.id), amount })).toMatchObject({ ok: false });
    expect((await world.money(order.id)).refunds).toEqual([]);
  });

  test('whose reply is lost is asked about, never paid twice', async () => {
    const world = await fresh();
    const { order } = await sold(world);
    world.sandbox.fault({ op: 'createRefund', kind: 'drop_reply_after', times: 1 });
    await world.done(world.seller, whole(order.id));
    await world.work();
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'unknown' }]);
    expect((await world.panel(world.buyer, order.id)).refundable.amount).toBe(0);
    await world.pass(5 * MINUTE);
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
    expect(world.sandboxBalance()).toEqual({ MYR: -12 });
  });

  test('that never arrived is handed over again with its own key', async () => {
    const world = await fresh();
    const { order } = await sold(world);
    world.sandbox.fault({ op: 'createRefund', kind: 'drop_before', times: 1 });
    await world.done(world.seller, whole(order.id));
    await world.work();
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'unknown' }]);
    await world.pass(5 * MINUTE);
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
    expect(world.sandboxBalance()).toEqual({ MYR: -12 });
  });

  test('that fails at the channel frees the money, stays visible and opens a case', async () => {
    const world = await fresh();
    const { order } = await sold(world);
    world.sandbox.refundMode(world.shop.id, 'pending_then_failed');
    await world.done(world.seller, whole(order.id));
    await world.pass(MINUTE);
    await world.pass(MINUTE);
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'failed' }]);
    expect((await world.panel(world.buyer, order.id)).refundable.amount).toBe(1250);
    expect(await world.balances()).toEqual({
      'sandbox.channel': 1238,
      'sandbox.channel_fee': 12,
      'sandbox.sales': -1250,
    });
    expect(await world.store.read((reads) => reads.payments.cases(world.communityId, 5))).toMatchObject([
      { kind: 'refund_failed' },
    ]);
  });

  test('that bounces after its success is in the books again', async () => {
    const world = await fresh();
    const { order } = await sold(world);
    world.sandbox.refundMode(world.shop.id, 'succeeded_then_failed');
    await world.done(world.seller, { ...whole(order.id), restock: false });
    for (let minute = 0; minute < 5; minute += 1) await world.pass(MINUTE);
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'failed' }]);
    expect(await world.balances()).toEqual({
      'sandbox.channel': 1238,
      'sandbox.channel_fee': 12,
      'sandbox.sales': -1250,
    });
    expect(world.sandboxBalance()).toEqual({ MYR: 1238 });
  });

  test('that bounces is heard of even when the notice of it is lost', async () => {
    const world = await fresh();
    const { order } = await sold(world);
    world.sandbox.refundMode(world.shop.id, 'succeeded_then_failed');
    await world.done(world.seller, { ...whole(order.id), restock: false });
    await world.work();
    world.clock.at += 10 * MINUTE;
    await world.sandbox.tick();
    await world.deliver(() => []);
    await world.pass(25 * 60 * MINUTE);
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'failed', nextCheckAt: null }]);
    await prove(world);
  });

  test('that waited a day before it was handed over the first time is handed over', async () => {
    const world = await fresh();
    const { order } = await sold(world);
    await world.done(world.seller, whole(order.id));
    await world.pass(24 * 60 * MINUTE);
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
    await prove(world);
  });

  test('that a day of outage kept from the channel has failed, is never sent again, and may be given anew', async () => {
    const world = await fresh();
    const { order } = await sold(world);
    world.sandbox.fault({ op: 'createRefund', kind: 'drop_before', times: 1_000 });
    await world.done(world.seller, whole(order.id));
    for (let hour = 0; hour < 60; hour += 1) await world.pass(60 * MINUTE);
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'failed' }]);
    expect((await world.panel(world.buyer, order.id)).refundable.amount).toBe(1250);
    world.sandbox.clearFaults();
    for (let hour = 0; hour < 60; hour += 1) await world.pass(60 * MINUTE);
    expect(world.sandboxBalance()).toEqual({ MYR: 1238 });
    await world.done(world.seller, whole(order.id));
    await world.settle();
    expect(world.sandboxBalance()).toEqual({ MYR: -12 });
    await prove(world);
  });

  test('that succeeded is asked about for a week and no longer, and never handed over again', async () => {
    const world = await fresh();
    const { order } = await sold(world);
    await world.done(world.seller, whole(order.id));
    await world.settle();
    for (let day = 0; day < 9; day += 1) await world.pass(24 * 60 * MINUTE);
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded', nextCheckAt: null, checks: 7 }]);
    await prove(world);
  });

  test('that bounces after its goods went back on sale gives back money anew, and no goods', async () => {
    const world = await fresh();
    const codes = { digitalCodes: 'AAA-1\nBBB-2', stock: '' };
    const { listingId, variantId } = await world.post(codes, 'digital');
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    await world.settle();
    world.sandbox.refundMode(world.shop.id, 'succeeded_then_failed');
    await world.done(world.seller, whole(order.id));
    for (let minute = 0; minute < 5; minute += 1) await world.pass(MINUTE);
    expect(await world.stock(variantId)).toEqual({ onHand: 2, held: 0, sold: 0 });
    await prove(world);

    world.sandbox.refundMode(world.shop.id, 'instant');
    await world.done(world.seller, whole(order.id));
    await world.settle();
    expect((await world.money(order.id)).refunds.map((one) => one.state).toSorted()).toEqual(['failed', 'succeeded']);
    expect(await world.stock(variantId)).toEqual({ onHand: 2, held: 0, sold: 0 });
    expect(world.sandboxBalance()).toEqual({ MYR: -12 });
    await prove(world);
  });
});

describe('calling off', () => {
  test('before payment frees the stock and closes the way to pay', async () => {
    const world = await fresh();
    const { listingId, variantId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    const checkout = await world.openBill(order);
    await world.done(world.buyer, { kind: 'cancel_order', orderId: order.id });
    await world.settle();
    expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: 0 });
    expect(() => world.sandbox.pay(checkout, { mode: 'now' })).toThrow(/expired/);
  });

  test('after payment gives the money back, and nothing can be shipped any more', async () => {
    const world = await fresh();
    const { order, variantId } = await sold(world);
    await world.done(world.buyer, { kind: 'cancel_order', orderId: order.id });
    expect(await world.act(world.seller, { kind: 'hand_over', orderId: order.id })).toMatchObject({
      fault: { code: 'order_not_shippable' },
    });
    await world.settle();
    expect((await world.order(order.id)).state).toBe('closed');
    expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  });

  test('after handing over is refused', async () => {
    const world = await fresh();
    const { order } = await sold(world);
    await world.done(world.seller, { kind: 'hand_over', orderId: order.id });
    expect(await world.act(world.buyer, { kind: 'cancel_order', orderId: order.id })).toMatchObject({
      fault: { code: 'order_not_cancellable' },
    });
  });
});
