import { describe, expect, onTestFinished, test } from 'vitest';
import { MINUTE, openWorld } from '../support/world.ts';

async function fresh(members = 1) {
  const world = await openWorld({ members });
  onTestFinished(() => world.close());
  return world;
}
const DAY = 24 * 60 * MINUTE;

describe('cash', () => {
  test('keeps the bill open, is confirmed by the seller, and pays once', async () => {
    const world = await fresh();
    const { listingId, variantId } = await world.post({ holdMinutes: '1' });
    const order = await world.buy(world.buyer, listingId);
    await world.done(world.buyer, { kind: 'choose_channel', orderId: order.id, channel: 'cash' });
    await world.settle();
    await world.pass(2 * DAY);
    expect((await world.panel(world.buyer, order.id)).attempt).toMatchObject({ state: 'waiting_for_cash' });
    expect(await world.stock(variantId)).toMatchObject({ held: 1 });

    const confirm = { kind: 'confirm_cash', orderId: order.id } as const;
    expect(await world.act(world.buyer, confirm)).toMatchObject({ ok: false });
    await Promise.all(Array.from({ length: 10 }, () => world.act(world.seller, confirm)));
    await world.settle();
    expect((await world.order(order.id)).state).toBe('paid');
    expect(await world.balances()).toEqual({ 'cash.channel': 1250, 'cash.sales': -1250 });
  });

  test('nobody brings: the bill ends and the stock is free', async () => {
    const world = await fresh();
    const { listingId, variantId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    await world.done(world.buyer, { kind: 'choose_channel', orderId: order.id, channel: 'cash' });
    await world.settle();
    await world.pass(3 * DAY + MINUTE);
    expect((await world.order(order.id)).state).toBe('expired');
    expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  });

  test('above the limit needs a second person', async () => {
    const world = await fresh();
    const { listingId } = await world.post({ price: '500.01' });
    const order = await world.buy(world.buyer, listingId);
    await world.done(world.buyer, { kind: 'choose_channel', orderId: order.id, channel: 'cash' });
    await world.settle();
    await world.done(world.seller, { kind: 'confirm_cash', orderId: order.id });
    expect((await world.order(order.id)).state).toBe('pending_payment');
    expect(await world.act(world.seller, { kind: 'confirm_cash', orderId: order.id })).toMatchObject({
      fault: { code: 'confirm_same_person' },
    });
    await world.done(world.admin, { kind: 'confirm_cash', orderId: order.id });
    expect((await world.order(order.id)).state).toBe('paid');
  });

  test('on delivery: shipped first, paid at the door, then fulfilled', async () => {
    const world = await fresh();
    const { listingId } = await world.post({ pickup: false, shippingFee: '8.00' });
    const order = await world.buy(world.buyer, listingId);
    expect(await world.act(world.buyer, { kind: 'choose_channel', orderId: order.id, channel: 'cash' })).toMatchObject({
      fault: { code: 'address_missing' },
    });
    await world.done(world.buyer, {
      kind: 'set_address',
      orderId: order.id,
      recipient: 'Siti',
      lines: '1 Jalan Besar\nIpoh',
      phone: '',
    });
    await world.done(world.buyer, { kind: 'choose_channel', orderId: order.id, channel: 'cash' });
    await world.settle();
    await world.done(world.seller, { kind: 'ship', orderId: order.id, tracking: 'MY123' });
    await world.done(world.seller, { kind: 'confirm_cash', orderId: order.id });
    expect((await world.order(order.id)).state).toBe('fulfilled');
    expect(await world.balances()).toEqual({ 'cash.channel': 2050, 'cash.sales': -2050 });
  });

  test('goes back by hand, recorded with its proof', async () => {
    const world = await fresh();
    const { listingId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    await world.done(world.buyer, { kind: 'choose_channel', orderId: order.id, channel: 'cash' });
    await world.settle();
    await world.done(world.seller, { kind: 'confirm_cash', orderId: order.id });
    await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: true });
    const [refund] = (await world.money(order.id)).refunds;
    expect(refund).toMatchObject({ state: 'submitted' });
    await world.done(world.seller, {
      kind: 'refund_paid_by_hand',
      refundId: refund?.id ?? '',
      proof: 'Receipt 17, signed',
    });
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
    expect((await world.order(order.id)).state).toBe('closed');
    expect(await world.balances()).toEqual({});
  });
});

describe('digital goods', () => {
  test('codes go to one order each, are shown to the buyer alone, and seen ones never come back', async () => {
    const world = await fresh(2);
    const [one, two] = world.buyers as [string, string];
    const { listingId, variantId, productId } = await world.post(
      { digitalCodes: 'AAA-1\nBBB-2', stock: '', pickup: false },
      'digital',
    );
    const order = await world.buy(one, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    await world.settle();
    expect((await world.order(order.id)).state).toBe('fulfilled');
    const goods = (await world.panel(one, order.id)).goods;
    expect(goods).toMatchObject([{ codes: ['AAA-1'] }]);
    const asSeller = await world.core.load(
      { name: 'sale', orderId: order.id },
      { personId: world.seller, communityId: world.communityId },
    );
    expect(JSON.stringify(asSeller)).not.toContain('AAA-1');
    expect(
      await world.core.load({ name: 'order', orderId: order.id }, { personId: two, communityId: world.communityId }),
    ).toMatchObject({ ok: false });

    await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: true });
    await world.settle();
    expect(await world.store.read((reads) => reads.catalog.freeCodes(productId))).toBe(1);
    expect(await world.stock(variantId)).toMatchObject({ onHand: 1 });
  });

  test('a code that nobody has seen is sold again after a refund', async () => {
    const world = await fresh();
    const { listingId, productId, variantId } = await world.post(
      { digitalCodes: 'AAA-1', stock: '', pickup: false },
      'digital',
    );
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    await world.settle();
    await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: true });
    await world.settle();
    expect(await world.store.read((reads) => reads.catalog.freeCodes(productId))).toBe(1);
    expect(await world.stock(variantId)).toEqual({ onHand: 1, held: 0, sold: 0 });
  });

  test('a price of nothing skips the channel and hands over at once', async () => {
    const world = await fresh();
    const { listingId } = await world.post(
      { price: '0', digitalText: 'https://example.org/file', pickup: false },
      'digital',
    );
    const order = await world.buy(world.buyer, listingId);
    expect((await world.order(order.id)).state).toBe('fulfilled');
    expect((await world.panel(world.buyer, order.id)).goods).toMatchObject([{ text: 'https://example.org/file' }]);
    expect(await world.balances()).toEqual({});
  });
});

describe('the basket', () => {
  test('gathers cards of one shop into one bill with one delivery fee', async () => {
    const world = await fresh();
    const cards = [
      await world.post({ title: 'Mango', price: '10.00', shippingFee: '5.00' }),
      await world.post({ title: 'Satay', price: '7.50', shippingFee: '8.00' }),
      await world.post({ title: 'Tea', price: '0.99', shippingFee: '3.00' }),
    ];
    for (const { productId } of cards) await world.done(world.buyer, { kind: 'basket_add', productId });
    await world.done(world.buyer, { kind: 'basket_add', productId: cards[2]?.productId ?? '', quantity: 2 });
    const [basket] = await world.store.read((reads) => reads.orders.baskets(world.buyer));
    const orderId = basket?.id ?? '';
    await world.done(world.buyer, { kind: 'choose_delivery', orderId, method: 'ship' });
    await world.done(world.buyer, { kind: 'basket_checkout', orderId });
    const order = await world.order(orderId);
    expect(order).toMatchObject({ state: 'pending_payment', total: 1000 + 750 + 3 * 99 + 800 });
    expect(await world.core.openCheckout({ payToken: order.payToken, returnBase: '' })).toMatchObject({
      fault: { code: 'address_missing' },
    });
    await world.done(world.buyer, { kind: 'set_address', orderId, recipient: 'Siti', lines: 'Ipoh', phone: '' });
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    await world.settle();
    expect((await world.order(orderId)).state).toBe('paid');
    for (const { variantId } of cards) expect((await world.stock(variantId)).held).toBe(0);
    expect(await world.balances()).toMatchObject({ 'sandbox.sales': -order.total });
  });

  test('is not touched by Buy, and an emptied one cannot be checked out', async () => {
    const world = await fresh();
    const { listingId, productId, variantId } = await world.post();
    await world.done(world.buyer, { kind: 'basket_add', productId });
    await world.buy(world.buyer, listingId);
    const [basket] = await world.store.read((reads) => reads.orders.baskets(world.buyer));
    const orderId = basket?.id ?? '';
    await world.done(world.buyer, { kind: 'basket_set', orderId, variantId, quantity: 0 });
    expect(await world.act(world.buyer, { kind: 'basket_checkout', orderId })).toMatchObject({
      fault: { code: 'basket_empty' },
    });
    expect(await world.stock(variantId)).toMatchObject({ held: 1 });
  });
});

describe('Buy', () => {
  test('ten equal taps make one order; a later tap re-opens it', async () => {
    const world = await fresh();
    const { listingId, variantId } = await world.post();
    const taps = await Promise.all(
      Array.from({ length: 10 }, () => world.act(world.buyer, { kind: 'buy', listingId }, 'tap-1')),
    );
    expect(new Set(taps.map((one) => JSON.stringify(one))).size).toBe(1);
    await world.act(world.buyer, { kind: 'buy', listingId }, 'tap-2');
    expect(await world.stock(variantId)).toMatchObject({ held: 1 });
  });

  test('one key never means two things', async () => {
    const world = await fresh();
    const { listingId } = await world.post();
    await world.act(world.buyer, { kind: 'buy', listingId }, 'tap-1');
    expect(await world.act(world.buyer, { kind: 'buy', listingId, quantity: 2 }, 'tap-1')).toMatchObject({
      fault: { code: 'key_reused' },
    });
  });

  test('is refused with a reason: sold out, too many, over the limit, paused, frozen', async () => {
    const world = await fresh(2);
    const [one, two] = world.buyers as [string, string];
    const last = await world.post({ stock: '1', limitPerPerson: '' });
    await world.buy(one, last.listingId);
    expect(await world.act(two, { kind: 'buy', listingId: last.listingId })).toMatchObject({
      fault: { code: 'sold_out' },
    });
    const few = await world.post({ stock: '3' });
    expect(await world.act(two, { kind: 'buy', listingId: few.listingId, quantity: 4 })).toMatchObject({
      fault: { code: 'stock_short', params: { left: 3 } },
    });
    const limited = await world.post({ limitPerPerson: '2' });
    expect(await world.act(two, { kind: 'buy', listingId: limited.listingId, quantity: 3 })).toMatchObject({
      fault: { code: 'limit_per_person' },
    });
    await world.done(world.seller, { kind: 'pause_product', productId: few.productId, paused: true });
    expect(await world.act(two, { kind: 'buy', listingId: few.listingId })).toMatchObject({
      fault: { code: 'product_paused' },
    });
    await world.done(world.admin, { kind: 'freeze_product', productId: limited.productId, frozen: true });
    expect(await world.act(two, { kind: 'buy', listingId: limited.listingId })).toMatchObject({
      fault: { code: 'product_frozen' },
    });
    expect(await world.act(two, { kind: 'buy', listingId: 'nothing' })).toMatchObject({
      fault: { code: 'product_gone' },
    });
  });

  test('stops at three open bills a person', async () => {
    const world = await fresh();
    const cards = [await world.post(), await world.post(), await world.post(), await world.post()];
    for (const { listingId } of cards.slice(0, 3)) await world.buy(world.buyer, listingId);
    expect(await world.act(world.buyer, { kind: 'buy', listingId: cards[3]?.listingId ?? '' })).toMatchObject({
      fault: { code: 'too_many_open_orders' },
    });
  });

  test('changes of delivery and units re-draw the bill until a way to pay was opened', async () => {
    const world = await fresh();
    const { listingId, variantId } = await world.post({ shippingFee: '8.00', shippingFreeFrom: '30.00' });
    const order = await world.buy(world.buyer, listingId);
    await world.done(world.buyer, { kind: 'choose_delivery', orderId: order.id, method: 'ship' });
    expect((await world.order(order.id)).total).toBe(2050);
    await world.done(world.buyer, { kind: 'set_quantity', orderId: order.id, quantity: 3 });
    expect((await world.order(order.id)).total).toBe(3750);
    expect(await world.stock(variantId)).toMatchObject({ held: 3 });
    await world.done(world.buyer, { kind: 'choose_delivery', orderId: order.id, method: 'pickup' });
    await world.openBill(order);
    expect(await world.act(world.buyer, { kind: 'set_quantity', orderId: order.id, quantity: 1 })).toMatchObject({
      fault: { code: 'payment_in_progress' },
    });
  });
});

describe('handing over', () => {
  test('shipped with tracking, received, closed; or closed by itself after fourteen days', async () => {
    const world = await fresh();
    const { listingId } = await world.post({ pickup: false, shippingFee: '8.00' });
    const orders = [];
    for (let index = 0; index < 2; index += 1) {
      const order = await world.buy(world.buyer, listingId);
      await world.done(world.buyer, {
        kind: 'set_address',
        orderId: order.id,
        recipient: 'Siti',
        lines: 'Ipoh',
        phone: '012',
      });
      world.sandbox.pay(await world.openBill(order), { mode: 'now' });
      await world.settle();
      await world.done(world.seller, { kind: 'ship', orderId: order.id, tracking: 'MY 42' });
      orders.push(order);
    }
    const [first, second] = orders;
    expect((await world.panel(world.buyer, first?.id ?? '')).delivery).toMatchObject({ tracking: 'MY 42' });
    await world.done(world.buyer, { kind: 'received', orderId: first?.id ?? '' });
    expect((await world.order(first?.id ?? '')).state).toBe('closed');
    await world.pass(14 * DAY + MINUTE);
    expect((await world.order(second?.id ?? '')).state).toBe('closed');
  });
});
