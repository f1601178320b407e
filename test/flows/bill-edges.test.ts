// Bills that could neither be paid nor end, that could be paid where nothing may be sold, and news that comes when it no longer counts.
import { expect, onTestFinished, test } from 'vitest';
import { startAttempt } from '../../src/app/money/start-attempt.ts';
import { submitAttempt, whomToBill } from '../../src/app/money/ask-channel.ts';
import type { Order } from '../../src/ports/store/orders.ts';
import { prove } from '../support/proof.ts';
import { MINUTE, openWorld, type World } from '../support/world.ts';

async function fresh(members = 1) {
  const world = await openWorld({ members });
  onTestFinished(() => world.close());
  return world;
}
const ADDRESS = { recipient: 'Siti', lines: 'Ipoh', phone: '' } as const;
const open = (world: World, order: { payToken: string }) =>
  world.core.openCheckout({ payToken: order.payToken, returnBase: 'http://127.0.0.1:3000' });

test('a bill that a change of delivery made free is paid at once', async () => {
  const world = await fresh();
  const { productId, variantId } = await world.post({ price: '0', shippingFee: '8.00' });
  await world.done(world.buyer, { kind: 'basket_add', productId });
  const [basket] = await world.store.read((reads) => reads.orders.baskets(world.buyer));
  const orderId = basket?.id ?? '';
  await world.done(world.buyer, { kind: 'choose_delivery', orderId, method: 'ship' });
  await world.done(world.buyer, { kind: 'basket_checkout', orderId });
  expect(await world.order(orderId)).toMatchObject({ state: 'pending_payment', total: 800 });
  await world.done(world.buyer, { kind: 'choose_delivery', orderId, method: 'pickup' });
  expect(await world.order(orderId)).toMatchObject({ state: 'paid', total: 0 });
  expect(await world.stock(variantId)).toEqual({ onHand: 4, held: 0, sold: 1 });
  await prove(world);
});

test('a free parcel waits for its address, then is on its way', async () => {
  const world = await fresh();
  const { listingId, variantId } = await world.post({ price: '0', pickup: false, shippingFee: '0' });
  const order = await world.buy(world.buyer, listingId);
  expect(order.state).toBe('pending_payment');
  expect(await open(world, order)).toMatchObject({ fault: { code: 'address_missing' } });
  await world.done(world.buyer, { kind: 'set_address', orderId: order.id, ...ADDRESS });
  expect((await world.order(order.id)).state).toBe('paid');
  expect(await world.stock(variantId)).toEqual({ onHand: 4, held: 0, sold: 1 });
  expect(world.news(world.seller).filter((kind) => kind === 'sold')).toEqual([]);
  await world.settle();
  expect(world.news(world.seller).filter((kind) => kind === 'sold')).toHaveLength(1);

  // The next one knows where to.
  expect((await world.buy(world.buyer, listingId)).state).toBe('paid');
  await prove(world);
});

test.each(['shop', 'product', 'community'] as const)('nothing is paid for once the %s is frozen', async (what) => {
  const world = await fresh();
  const { listingId, productId } = await world.post();
  const order = await world.buy(world.buyer, listingId);
  if (what === 'shop') await world.done(world.admin, { kind: 'freeze_shop', shopId: world.shop.id, frozen: true });
  if (what === 'product') await world.done(world.admin, { kind: 'freeze_product', productId, frozen: true });
  if (what === 'community') {
    await world.store.transact(null, (tx) => tx.people.updateCommunity(world.communityId, { frozen: true }));
  }
  const code = what === 'product' ? 'product_frozen' : 'shop_frozen';
  expect(await open(world, order)).toMatchObject({ ok: false, fault: { code } });
  const cash = { kind: 'choose_channel', orderId: order.id, channel: 'cash' } as const;
  expect(await world.act(world.buyer, cash)).toMatchObject({ ok: false, fault: { code } });
  expect((await world.money(order.id)).attempts).toEqual([]);
});

test('a bill that holds mismatched money offers no second payment', async () => {
  const world = await fresh();
  const { listingId } = await world.post();
  const order = await world.buy(world.buyer, listingId);
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  const paid = JSON.stringify(world.sandbox.events().find((event) => event.type === 'payment.succeeded'));
  const event = JSON.parse(paid) as { id: string; data: { object: { amount: number } } };
  event.id += 'x';
  event.data.object.amount = 1;
  await world.core.onProviderNotice('sandbox', world.noticeOf(JSON.stringify(event)));
  await world.settle();
  expect(await open(world, order)).toMatchObject({ fault: { code: 'payment_in_progress' } });
  const panel = await world.panel(world.buyer, order.id);
  expect(panel).toMatchObject({ channels: [], payUrl: null });
  expect((await world.money(order.id)).attempts).toHaveLength(1);
});

test('a refusal that is told after the payment frightens nobody', async () => {
  const world = await fresh();
  const { listingId } = await world.post();
  const order = await world.buy(world.buyer, listingId);
  const checkout = await world.openBill(order);
  world.sandbox.pay(checkout, { mode: 'decline', reason: 'insufficient_funds' });
  world.sandbox.pay(checkout, { mode: 'now' });
  await world.deliver((news) => news.toReversed());
  await world.work();
  expect((await world.order(order.id)).state).toBe('paid');
  expect(world.news(world.buyer)).not.toContain('payment_declined');
  expect(await world.timeline(order.id)).not.toContain('attempt_declined');
  await prove(world);
});

/** Writes an attempt down, as the pay link does, before its channel hears of it. */
async function startSandbox(world: World, order: Order) {
  const channel = world.deps.channels.get('sandbox');
  if (!channel) throw new Error('no sandbox');
  return world.store.transact(null, async (tx) => {
    const accounts = await tx.people.merchantAccounts(order.shopId);
    return startAttempt(tx, { deps: world.deps, now: world.clock.at }, order, { channel, accounts });
  });
}

test('an attempt whose answer was lost in a crash ends when its channel says that it ended', async () => {
  const world = await fresh();
  const { listingId, variantId } = await world.post({ holdMinutes: '1' });
  const order = await world.buy(world.buyer, listingId);
  const started = await startSandbox(world, order);
  const billed = started.ok ? await whomToBill(world.deps, started.value.id) : undefined;
  // The channel has it; we stopped before we could write that down, and were away until after its end.
  if (billed) await submitAttempt(world.deps, billed, 'http://127.0.0.1:3000');
  world.clock.at += 3 * MINUTE;
  await world.core.sweep();
  for (let hour = 0; hour < 3; hour += 1) await world.pass(60 * MINUTE);
  expect((await world.order(order.id)).state).toBe('expired');
  expect((await world.money(order.id)).attempts).toMatchObject([{ state: 'failed', nextCheckAt: null }]);
  expect(await world.stock(variantId)).toMatchObject({ held: 0 });
  await prove(world);
});

test('an attempt that never left us is not handed over for an order that was called off', async () => {
  const world = await fresh();
  const { listingId } = await world.post({ holdMinutes: '60' });
  const order = await world.buy(world.buyer, listingId);
  await startSandbox(world, order);
  await world.done(world.buyer, { kind: 'cancel_order', orderId: order.id });
  await world.settle();
  await world.pass(MINUTE);
  await world.pass(MINUTE);
  expect((await world.money(order.id)).attempts).toMatchObject([{ state: 'failed', channelRef: null }]);
  await prove(world);
});

test('no way to pay is opened between the reading and the calling off of an order', async () => {
  const world = await fresh();
  const { listingId } = await world.post();
  const order = await world.buy(world.buyer, listingId);
  world.sandbox.pay(await world.openBill(order), { mode: 'slow_fail', afterMs: 10_000 });
  await world.pass(10_000);
  await world.pass(MINUTE);
  expect((await world.money(order.id)).attempts).toMatchObject([{ state: 'failed' }]);
  // Read before, written after: what two transactions side by side would do.
  const stale = await world.order(order.id);
  await world.done(world.buyer, { kind: 'cancel_order', orderId: order.id });
  const late = startSandbox(world, stale);
  await expect(late).rejects.toThrow(/changed while/);
});

test('a bill that no book could add up is refused in words, and breaks no panel', async () => {
  const world = await fresh();
  const { listingId, productId } = await world.post({ price: '90000000000000.00' });
  expect(await world.act(world.buyer, { kind: 'buy', listingId, quantity: 2 })).toMatchObject({
    fault: { code: 'amount_too_large' },
  });
  await world.done(world.buyer, { kind: 'basket_add', productId, quantity: 2 });
  const basket = await world.core.load({ name: 'basket' }, { personId: world.buyer, communityId: world.communityId });
  expect(basket).toMatchObject({ ok: true });
});

test('a basket is checked out in its own community alone', async () => {
  const world = await fresh();
  const { productId } = await world.post();
  await world.done(world.buyer, { kind: 'basket_add', productId });
  const [basket] = await world.store.read((reads) => reads.orders.baskets(world.buyer));
  const orderId = basket?.id ?? '';
  const elsewhere = world.deps.ids.next();
  await world.store.transact(null, async (tx) => {
    const here = await tx.people.community(world.communityId);
    if (here) await tx.people.insertCommunity({ ...here, id: elsewhere, name: 'Elsewhere', currency: 'USD' });
    await tx.people.putMember(elsewhere, world.buyer, 'member', world.clock.at);
    return null;
  });
  const from = { communityId: elsewhere, personId: world.buyer, chatId: null };
  const checkOut = { kind: 'basket_checkout', orderId } as const;
  expect(await world.core.handle({ key: 'one', ...from, intent: checkOut })).toMatchObject({
    fault: { code: 'not_found' },
  });
  const [line] = await world.store.read((reads) => reads.orders.lines(orderId));
  const set = { kind: 'basket_set', orderId, variantId: line?.variantId ?? '', quantity: 3 } as const;
  expect(await world.core.handle({ key: 'two', ...from, intent: set })).toMatchObject({ fault: { code: 'not_found' } });
});

test('an event on which we break is given up to a person, and its money is found all the same', async () => {
  const world = await fresh();
  const { listingId } = await world.post();
  const order = await world.buy(world.buyer, listingId);
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  const transact = world.store.transact.bind(world.store);
  const insertCapture = () => Promise.reject(new Error('a bug of ours'));
  world.store.transact = (key, work) =>
    transact(key, (tx) => {
      const payments = { ...tx.payments, insertCapture };
      const get = (of: typeof tx, name: string): unknown =>
        name === 'payments' ? payments : Reflect.get(of, name, of);
      return work(new Proxy(tx, { get }));
    });
  await world.deliver();
  for (let hour = 0; hour < 14; hour += 1) {
    world.clock.at += 60 * MINUTE;
    await world.core.sweep();
  }
  world.store.transact = transact;
  const cases = await world.store.read((reads) => reads.payments.cases(world.communityId, 10));
  expect(cases).toMatchObject([{ kind: 'poison_event', orderId: order.id }, { kind: 'poison_event' }]);

  for (let hour = 0; hour < 26; hour += 1) await world.pass(60 * MINUTE);
  expect((await world.order(order.id)).state).toBe('paid');
  await prove(world);
});
