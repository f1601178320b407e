// Stripe from the chat to the journal: one purchase in every order of its news, every way an answer can be lost, and what follows a
// payment. The two books are compared at the end of each.
import { describe, expect, test } from 'vitest';
import { openStripeWorld, type StripeWorld } from '../support/stripe-world.ts';
import type { FakeEvent } from '../support/stripe/objects.ts';
import { MINUTE } from '../support/world.ts';

const DAY = 24 * 60 * MINUTE;

async function bought(world: StripeWorld, price = '12.50') {
  const { listingId } = await world.post({ price });
  const order = await world.buy(world.buyer, listingId);
  const session = await world.openBill(order);
  return { order, session };
}

async function paid(world: StripeWorld, price?: string) {
  const one = await bought(world, price);
  world.fake.buyers.pay(one.session);
  await world.settle();
  return { ...one, payment: await world.paidFor(one.order.id) };
}

const refundAll = { kind: 'refund', amount: '', lines: [], restock: true } as const;

describe('a purchase', () => {
  test('is paid on Stripe’s page, stands in the journal with its fee, and closes when it went back', async () => {
    const world = await openStripeWorld();
    const { order } = await paid(world);
    expect((await world.order(order.id)).state).toBe('paid');
    // 2.9 % and 30 sen.
    expect(await world.balances()).toMatchObject({
      ...{ 'stripe.channel': 1_250 - 66, 'stripe.channel_fee': 66, 'stripe.sales': -1_250 },
    });
    await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '5.00', lines: [], restock: false });
    await world.settle();
    await world.prove();
    await world.done(world.seller, { ...refundAll, orderId: order.id });
    await world.settle();
    expect((await world.order(order.id)).state).toBe('closed');
    expect((await world.money(order.id)).refunds.map((one) => [one.amount, one.state])).toEqual([
      [500, 'succeeded'],
      [750, 'succeeded'],
    ]);
    await world.prove();
  });

  test('ends the same in every order of its news, repeated or not, by return page, event or question', async () => {
    const world = await openStripeWorld();
    const { listingId } = await world.post({ stock: '1000', limitPerPerson: '' });
    const roads = ['declined', 'intent', 'session', 'return', 'poll'] as const;
    for (const order of permutations(roads)) {
      const one = await world.buy(world.buyer, listingId);
      const session = await world.openBill(one);
      await world.deliver(() => []);
      world.fake.buyers.decline(session);
      world.fake.buyers.pay(session);
      const events = new Map<string, FakeEvent>(world.fresh().map((event) => [event.type, event]));
      await world.deliver(() => []);
      const bring = async (type: string) => {
        const event = events.get(type);
        if (!event) throw new Error(`no ${type}`);
        expect((await world.carry(event)).status).toBe(200);
        expect(await world.carry(event)).toEqual({ status: 200, body: 'duplicate' });
      };
      for (const road of order) {
        if (road === 'declined') await bring('payment_intent.payment_failed');
        if (road === 'intent') await bring('payment_intent.succeeded');
        if (road === 'session') await bring('checkout.session.completed');
        if (road === 'return') await world.core.returned(one.payToken);
        if (road === 'poll') await world.core.sweep();
      }
      const { attempts, captures, refunds } = await world.money(one.id);
      expect([order, (await world.order(one.id)).state]).toEqual([order, 'paid']);
      expect(attempts.map((attempt) => attempt.state)).toEqual(['succeeded']);
      expect(captures).toMatchObject([{ amount: 1_250, fee: 66, use: 'applied' }]);
      expect(refunds).toEqual([]);
      await world.done(world.seller, { kind: 'hand_over', orderId: one.id });
    }
    await world.prove();
  }, 180_000);

  test('of which every event was lost is paid within five minutes of Stripe’s truth', async () => {
    const world = await openStripeWorld();
    for (const after of [0, 20_000, 3 * MINUTE, 9 * MINUTE]) {
      const { order, session } = await bought(world);
      for (let passed = 0; passed < after; passed += 10_000) {
        world.clock.at += 10_000;
        await world.core.sweep();
      }
      world.fake.buyers.pay(session);
      const truth = world.clock.at;
      while ((await world.order(order.id)).state !== 'paid') {
        world.clock.at += 10_000;
        expect(world.clock.at - truth).toBeLessThanOrEqual(5 * MINUTE);
        await world.core.sweep();
      }
    }
    await world.prove();
  });

  test('whose page was not used is closed there when the bill ends, and nothing can be paid after', async () => {
    const world = await openStripeWorld();
    const { order, session } = await bought(world);
    await world.pass(15 * MINUTE);
    expect((await world.order(order.id)).state).toBe('expired');
    expect(() => world.fake.buyers.pay(session)).toThrow('expired');
    expect((await world.money(order.id)).attempts[0]?.state).toBe('expired');
    await world.prove();
  });

  test('paid in the very moment in which the bill ends is paid', async () => {
    const world = await openStripeWorld();
    const { order, session } = await bought(world);
    world.fake.buyers.pay(session);
    world.clock.at += 15 * MINUTE;
    await world.core.sweep();
    expect((await world.order(order.id)).state).toBe('paid');
    await world.prove();
  });

  test('by a slow method waits, and comes late to goods that are still there', async () => {
    const world = await openStripeWorld();
    const { order, session } = await bought(world);
    world.fake.buyers.paySlowly(session);
    await world.settle();
    expect((await world.money(order.id)).attempts[0]?.state).toBe('pending');
    await world.pass(2 * DAY);
    expect((await world.order(order.id)).state).toBe('expired');
    world.fake.buyers.bankAnswers(session, true);
    await world.settle();
    expect((await world.order(order.id)).state).toBe('paid');
    await world.prove();
  });

  test('by a slow method that fails takes nothing', async () => {
    const world = await openStripeWorld();
    const { order, session } = await bought(world);
    world.fake.buyers.paySlowly(session);
    await world.settle();
    world.fake.buyers.bankAnswers(session, false);
    await world.settle();
    expect((await world.money(order.id)).attempts[0]?.state).toBe('failed');
    expect((await world.money(order.id)).captures).toEqual([]);
    await world.prove();
  });

  test('tells the buyer in words why a card was refused', async () => {
    const world = await openStripeWorld();
    const { order, session } = await bought(world);
    world.fake.buyers.decline(session, { code: 'card_declined', decline_code: 'insufficient_funds' });
    await world.settle();
    expect((await world.panel(world.buyer, order.id)).attempt).toMatchObject({ declineCode: 'insufficient_funds' });
    world.fake.buyers.pay(session);
    await world.settle();
    expect((await world.order(order.id)).state).toBe('paid');
  });
});

describe('an answer that is lost', () => {
  test.each(['drop_before', 'drop_after', 'execute_late', '500_done', 'garbage', 'wrong_shape', '503'] as const)(
    'to opening a page (%s) opens no second one',
    async (kind) => {
      const world = await openStripeWorld();
      const { listingId } = await world.post();
      const order = await world.buy(world.buyer, listingId);
      world.fake.fault('createSession', kind, 2);
      const first = await world.core.openCheckout({ payToken: order.payToken, returnBase: 'http://127.0.0.1:3000' });
      expect(first.ok).toBe(false);
      await world.pass(30_000);
      await world.pass(30_000);
      const session = await world.openBill(order);
      world.fake.buyers.pay(session);
      await world.settle();
      expect((await world.order(order.id)).state).toBe('paid');
      expect(world.fake.books.shelf('').sessions).toHaveLength(1);
      await world.prove();
    },
  );

  test.each([
    'drop_before',
    'drop_after',
    'execute_late',
    '500_done',
    'garbage',
    'wrong_shape',
    '503',
    '409',
    '429',
  ] as const)('to a refund (%s) gives nothing back twice', async (kind) => {
    const world = await openStripeWorld();
    const { order } = await paid(world);
    world.fake.fault('createRefund', kind, 2);
    await world.done(world.seller, { ...refundAll, orderId: order.id });
    for (let tries = 1; tries <= 8; tries++) await world.pass(2 * MINUTE);
    expect((await world.money(order.id)).refunds.map((one) => one.state)).toEqual(['succeeded']);
    expect(world.fake.books.shelf('').refunds).toHaveLength(1);
    await world.prove();
  });
});

describe('after the payment', () => {
  test.each([
    ['time', 'succeeded'],
    ['needs_action', 'succeeded'],
    ['time_and_fail', 'failed'],
    ['success_and_return', 'failed'],
  ] as const)('a refund that takes its way (%s) ends %s, in both books', async (mode, end) => {
    const world = await openStripeWorld();
    const { order } = await paid(world);
    world.fake.refunds.mode = mode;
    await world.done(world.seller, { ...refundAll, orderId: order.id });
    await world.settle();
    await world.pass(2 * MINUTE);
    expect((await world.money(order.id)).refunds.map((one) => one.state)).toEqual([end]);
    await world.prove();
  });

  test('what somebody gave back in the Dashboard is written down, whole or in part', async () => {
    for (const amount of [1_250, 400]) {
      const world = await openStripeWorld();
      const { order, payment } = await paid(world);
      world.fake.buyers.refundElsewhere(payment, amount);
      await world.settle();
      expect((await world.money(order.id)).refunds).toMatchObject([{ amount, state: 'succeeded' }]);
      await world.prove();
    }
  });

  test.each(['won', 'lost'] as const)('a dispute that is %s leaves both books equal', async (end) => {
    const world = await openStripeWorld();
    const { payment } = await paid(world);
    const { id } = world.fake.buyers.dispute(payment);
    await world.settle();
    await world.prove();
    world.fake.buyers.moveDispute(id, 'under_review');
    await world.settle();
    world.fake.buyers.moveDispute(id, end);
    await world.deliver((events) => events.toReversed());
    await world.settle();
    await world.prove();
  });

  test('an inquiry and a warning take nothing', async () => {
    const world = await openStripeWorld();
    const { payment } = await paid(world);
    world.fake.buyers.warn(payment);
    const { id } = world.fake.buyers.dispute(payment, { inquiry: true });
    await world.settle();
    await world.prove();
    world.fake.buyers.moveDispute(id, 'warning_closed');
    await world.settle();
    await world.prove();
  });
});

test('a price that Stripe cannot charge is refused when it is set', async () => {
  const world = await openStripeWorld();
  const form = { title: 'Tea', price: '1.99' };
  await expect(world.post(form)).rejects.toThrow('amount_below_minimum');
  await expect(world.post({ ...form, price: '2.00', otherPrices: 'KWD 1.125' })).rejects.toThrow(
    'amount_not_chargeable',
  );
  await expect(world.post({ ...form, price: '1000000' })).rejects.toThrow('amount_above_maximum');
  const { variantId } = await world.post({ ...form, price: '2.00', otherPrices: 'KWD 1.120' });
  expect(await world.act(world.seller, { kind: 'set_price', variantId, price: '0.50' })).toMatchObject({
    ok: false,
    fault: { code: 'amount_below_minimum', params: { field: 'price' } },
  });
});

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries())
    for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
}
