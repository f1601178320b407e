// Late, second, slow, declined, mismatched and lost money: each ends in exactly one right place, and both books agree.
import { describe, expect, onTestFinished, test } from 'vitest';
import { MINUTE, openWorld } from '../support/world.ts';

async function fresh(members = 1) {
  const world = await openWorld({ members });
  onTestFinished(() => world.close());
  return world;
}

describe('a declined payment', () => {
  test('keeps the hold and the bill, says why, and the second try pays', async () => {
    const world = await fresh();
    const { listingId, variantId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    const checkout = await world.openBill(order);
    world.sandbox.pay(checkout, { mode: 'decline', reason: 'insufficient_funds' });
    await world.settle();

    const declined = await world.panel(world.buyer, order.id);
    expect(declined).toMatchObject({ state: 'pending_payment', lastDecline: 'insufficient_funds' });
    expect(declined.payUrl).not.toBeNull();
    expect(await world.stock(variantId)).toMatchObject({ held: 1 });
    expect(world.news(world.buyer)).toContain('payment_declined');

    expect(await world.openBill(order)).toBe(checkout);
    world.sandbox.pay(checkout, { mode: 'now' });
    await world.settle();
    expect((await world.order(order.id)).state).toBe('paid');
    expect(await world.balances()).toMatchObject({ 'sandbox.sales': -1250 });
  });
});

describe('a slow payment', () => {
  test('waits, blocks a second payment, and pays when the money comes', async () => {
    const world = await fresh();
    const { listingId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'slow_success', afterMs: 30_000 });
    await world.settle();
    expect((await world.panel(world.buyer, order.id)).attempt).toMatchObject({ state: 'working' });
    const again = await world.core.openCheckout({ payToken: order.payToken, returnBase: 'http://127.0.0.1:3000' });
    expect(again).toMatchObject({ ok: false, fault: { code: 'payment_in_progress' } });

    await world.pass(30_000);
    expect((await world.order(order.id)).state).toBe('paid');
  });

  test('keeps its goods over the end of the bill, and pays after it', async () => {
    const world = await fresh();
    const { listingId, variantId } = await world.post({ holdMinutes: '1' });
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'slow_success', afterMs: 3 * MINUTE });
    await world.pass(2 * MINUTE);
    expect((await world.order(order.id)).state).toBe('pending_payment');
    expect(await world.stock(variantId)).toMatchObject({ held: 1 });

    await world.pass(MINUTE);
    expect((await world.order(order.id)).state).toBe('paid');
  });

  test('that fails opens another way to pay, with nothing taken', async () => {
    const world = await fresh();
    const { listingId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    const first = await world.openBill(order);
    world.sandbox.pay(first, { mode: 'slow_fail', afterMs: 10_000 });
    await world.pass(10_000);
    await world.pass(MINUTE);
    const second = await world.openBill(order);
    expect(second).not.toBe(first);
    world.sandbox.pay(second, { mode: 'now' });
    await world.settle();
    expect((await world.order(order.id)).state).toBe('paid');
    expect(world.sandboxBalance()).toEqual({ MYR: 1238 });
  });
});

describe('late money', () => {
  test('is delivered when stock is left, and the buyer is told', async () => {
    const world = await fresh();
    const { listingId, variantId } = await world.post({ holdMinutes: '1' });
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'late' });
    await world.pass(61_000);
    expect((await world.order(order.id)).state).toBe('expired');
    expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: 0 });

    await world.pass(2 * MINUTE);
    expect((await world.order(order.id)).state).toBe('paid');
    expect(await world.stock(variantId)).toEqual({ onHand: 4, held: 0, sold: 1 });
    const { payment, captures, refunds } = await world.money(order.id);
    expect(payment).toMatchObject({ state: 'succeeded', exceptions: ['paid_late'] });
    expect(captures).toMatchObject([{ use: 'applied' }]);
    expect(refunds).toEqual([]);
    expect(await world.balances()).toEqual({
      'sandbox.channel': 1238,
      'sandbox.channel_fee': 12,
      'sandbox.sales': -1250,
    });
    expect(world.news(world.buyer)).toContain('paid_late_delivered');
  });

  test('may still come to an order that is over: its buyer is not forgotten before', async () => {
    const world = await fresh();
    const { listingId } = await world.post({ holdMinutes: '1' });
    const order = await world.buy(world.buyer, listingId);
    await world.openBill(order);
    await world.pass(61_000);
    expect((await world.order(order.id)).state).toBe('expired');
    expect(await world.act(world.buyer, { kind: 'erase_me' })).toMatchObject({ fault: { code: 'erase_money_open' } });
    for (let minutes = 0; minutes < 60; minutes += 5) await world.pass(5 * MINUTE);
    expect(await world.act(world.buyer, { kind: 'erase_me' })).toMatchObject({ ok: true });
  });

  test('goes back when somebody else has the last one, and the buyer is told', async () => {
    const world = await fresh(2);
    const [late, quick] = world.buyers as [string, string];
    const { listingId, variantId } = await world.post({ holdMinutes: '1', stock: '1' });
    const order = await world.buy(late, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'late' });
    await world.pass(61_000);
    const other = await world.buy(quick, listingId);
    world.sandbox.pay(await world.openBill(other), { mode: 'now' });
    await world.settle();

    await world.pass(2 * MINUTE);
    expect((await world.order(order.id)).state).toBe('expired');
    expect((await world.order(other.id)).state).toBe('paid');
    expect(await world.stock(variantId)).toEqual({ onHand: 0, held: 0, sold: 1 });
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded', amount: 1250, cause: 'late' }]);
    // Two fees were kept by the channel; one sale was earned; nothing waits in suspense or in flight.
    expect(await world.balances()).toEqual({
      'sandbox.channel': 1226,
      'sandbox.channel_fee': 24,
      'sandbox.sales': -1250,
    });
    expect(world.sandboxBalance()).toEqual({ MYR: 1226 });
    expect(world.news(late)).toContain('paid_late_refunded');
  });

  test('for an order that its buyer called off goes back', async () => {
    const world = await fresh();
    const { listingId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    // The notice is still on its way.
    await world.done(world.buyer, { kind: 'cancel_order', orderId: order.id });
    await world.settle();
    expect((await world.order(order.id)).state).toBe('cancelled');
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded', amount: 1250 }]);
    expect(await world.balances()).toEqual({ 'sandbox.channel': -12, 'sandbox.channel_fee': 12 });
  });
});

describe('first paid, first served', () => {
  test('keeps no stock; who pays second gets the money back at once', async () => {
    const world = await fresh(2);
    const [first, second] = world.buyers as [string, string];
    const { listingId, variantId } = await world.post({ holdMinutes: '', stock: '1' });
    const [one, two] = [await world.buy(first, listingId), await world.buy(second, listingId)];
    expect(await world.stock(variantId)).toEqual({ onHand: 1, held: 0, sold: 0 });
    world.sandbox.pay(await world.openBill(two), { mode: 'now' });
    await world.settle();
    const checkout = await world.openBill(one);
    world.sandbox.pay(checkout, { mode: 'now' });
    await world.settle();

    expect((await world.order(two.id)).state).toBe('paid');
    expect((await world.order(one.id)).state).toBe('expired');
    expect((await world.money(one.id)).refunds).toMatchObject([{ state: 'succeeded', cause: 'late' }]);
    expect(await world.stock(variantId)).toEqual({ onHand: 0, held: 0, sold: 1 });
  });
});

describe('the same order paid twice', () => {
  test('is sold once; the second payment goes back once, and the buyer is told once', async () => {
    const world = await fresh();
    const { listingId, variantId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'twice' });
    await world.settle();
    await world.settle();

    expect((await world.order(order.id)).state).toBe('paid');
    expect(await world.stock(variantId)).toEqual({ onHand: 4, held: 0, sold: 1 });
    const { captures, refunds, payment } = await world.money(order.id);
    expect(captures.map((one) => one.use).toSorted()).toEqual(['applied', 'duplicate']);
    expect(refunds).toMatchObject([{ state: 'succeeded', amount: 1250, cause: 'duplicate' }]);
    expect(payment?.exceptions).toEqual(['duplicate_payment']);
    expect(await world.balances()).toEqual({
      'sandbox.channel': 1226,
      'sandbox.channel_fee': 24,
      'sandbox.sales': -1250,
    });
    expect(world.sandboxBalance()).toEqual({ MYR: 1226 });
    expect(world.news(world.buyer).filter((kind) => kind === 'paid_twice_refunded')).toHaveLength(1);
  });
});

/** What a notice's body holds, as far as these tests change it. */
type Event = { id: string; account: string; data: { object: Record<string, unknown> & { metadata?: object } } };

describe('a notice that does not match', () => {
  const alter = (body: string, change: (event: Event) => void) => {
    const event = JSON.parse(body) as Event;
    change(event);
    return JSON.stringify({ ...event, id: `${event.id}x` });
  };
  const altered: Record<string, (event: Event) => void> = {
    amount: (event) => (event.data.object['amount'] = 1),
    currency: (event) => (event.data.object['currency'] = 'VND'),
    account: (event) => {
      event.account = 'shop-of-another';
      event.data.object['account'] = 'shop-of-another';
    },
    order: (event) => (event.data.object['metadata'] = { ...event.data.object.metadata, orderId: 'another-order' }),
  };

  test.each(Object.keys(altered))('in its %s, rightly signed, never pays and opens a case', async (what) => {
    const world = await fresh();
    const { listingId, variantId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    const checkout = await world.openBill(order);
    const other = await world.buy(world.seller, listingId);
    world.sandbox.pay(await world.openBill(other), { mode: 'now' });
    const paid = world.sandbox.events().find((event) => event.type === 'payment.succeeded');
    const body = JSON.stringify(paid).replaceAll(other.id, order.id);
    const attempt = (await world.money(order.id)).attempts[0];
    const forged = alter(body, (event) => {
      event.data.object['reference'] = attempt?.reference;
      event.data.object['checkout'] = checkout;
      altered[what]?.(event);
    });
    const reply = await world.core.onProviderNotice('sandbox', world.noticeOf(forged));
    expect(reply.status).toBe(200);
    await world.core.sweep();

    expect((await world.order(order.id)).state).toBe('pending_payment');
    expect((await world.money(order.id)).captures).toEqual([]);
    expect(await world.stock(variantId)).toMatchObject({ sold: 0 });
    const cases = await world.store.read((reads) => reads.payments.cases(world.communityId, 10));
    expect(cases).toMatchObject([{ kind: 'payment_conflict', params: { what } }]);
  });

  test('holds back even the true payment, until a steward accepts it', async () => {
    const world = await fresh();
    const { listingId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    const paid = world.sandbox.events().find((event) => event.type === 'payment.succeeded');
    const forged = alter(JSON.stringify(paid), (event) => (event.data.object['amount'] = 1));
    await world.core.onProviderNotice('sandbox', world.noticeOf(forged));
    await world.settle();
    expect((await world.order(order.id)).state).toBe('pending_payment');
    expect(await world.balances()).toMatchObject({ 'sandbox.suspense': -1250 });

    const cases = await world.store.read((reads) => reads.payments.cases(world.communityId, 10));
    const open = cases.find((one) => one.params['captureId'] !== undefined);
    await world.done(world.admin, { kind: 'resolve_case', caseId: open?.id ?? '', decision: 'deliver' });
    await world.settle();
    expect((await world.order(order.id)).state).toBe('paid');
    expect(await world.balances()).toEqual({
      'sandbox.channel': 1238,
      'sandbox.channel_fee': 12,
      'sandbox.sales': -1250,
    });
  });
});

describe('notices', () => {
  test('the same one a thousand times, fifty at once, has one effect, and every answer is 200', async () => {
    const world = await fresh();
    const { listingId, variantId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    const all = world.notices();
    const notice = all.at(-1);
    if (!notice) throw new Error('no notice');
    const answers: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const replies = await Promise.all(
        Array.from({ length: 50 }, () => world.core.onProviderNotice('sandbox', notice)),
      );
      answers.push(...replies.map((reply) => reply.status));
    }
    expect(new Set(answers)).toEqual(new Set([200]));
    await world.settle();
    expect(await world.stock(variantId)).toEqual({ onHand: 4, held: 0, sold: 1 });
    expect((await world.money(order.id)).captures).toHaveLength(1);
    expect(world.news(world.seller).filter((kind) => kind === 'sold')).toHaveLength(1);
  });

  test('with a wrong signature are refused with 401 and leave no row', async () => {
    const world = await fresh();
    const { listingId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    const [notice] = world.notices();
    if (!notice) throw new Error('no notice');
    const forged = {
      ...notice,
      headers: { 'sandbox-signature': `t=${Math.floor(world.clock.at / 1000)},v1=${'0'.repeat(64)}` },
    };
    expect(await world.core.onProviderNotice('sandbox', forged)).toMatchObject({ status: 401 });
    expect(await world.core.onProviderNotice('nobody', notice)).toMatchObject({ status: 404 });
    expect(await world.store.read((reads) => reads.inbox.dueWork(world.clock.at + 1e12, 10))).toEqual([]);
  });

  test('all lost: the return page or the poll finds the money', async () => {
    const world = await fresh(2);
    const { listingId } = await world.post();
    const [order, other] = [
      await world.buy(world.buyers[0] ?? '', listingId),
      await world.buy(world.buyers[1] ?? '', listingId),
    ];
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    world.sandbox.pay(await world.openBill(other), { mode: 'now' });
    await world.core.returned(order.payToken);
    expect((await world.order(order.id)).state).toBe('paid');
    world.clock.at += 5 * MINUTE;
    await world.core.sweep();
    expect((await world.order(other.id)).state).toBe('paid');
  });

  test('about something unknown are parked, and applied when it is known', async () => {
    const world = await fresh();
    const { listingId } = await world.post();
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    const paid = world.sandbox.events().find((event) => event.type === 'payment.succeeded');
    const stranger = JSON.stringify({ ...paid, id: 'evt_stranger' }).replaceAll(
      (await world.money(order.id)).attempts[0]?.reference ?? '-',
      'nobody-knows',
    );
    expect(await world.core.onProviderNotice('sandbox', world.noticeOf(stranger))).toMatchObject({ status: 200 });
    const parked = await world.store.read((reads) => reads.inbox.dueWork(world.clock.at + MINUTE, 10));
    expect(parked).toMatchObject([{ state: 'parked' }]);
    for (let hour = 0; hour < 30; hour += 1) await world.pass(60 * MINUTE);
    expect(await world.store.read((reads) => reads.inbox.work(parked[0]?.id ?? ''))).toMatchObject({ state: 'dead' });
  });
});

test('what a payment service told is forgotten after thirty days, and the money stays', async () => {
  const world = await fresh();
  const { listingId } = await world.post({ stock: '5' });
  const order = await world.buy(world.buyer, listingId);
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  await world.settle();
  const kept = () => world.store.read((reads) => reads.inbox.keptPayloads('', 20));
  const before = await kept();
  expect(before.length).toBeGreaterThan(0);
  world.clock.at += 29 * 24 * 60 * MINUTE;
  await world.core.sweep();
  expect(await kept()).toEqual(before);
  world.clock.at += 2 * 24 * 60 * MINUTE;
  await world.core.sweep();
  expect(await kept()).toEqual([]);
  expect((await world.money(order.id)).captures).toHaveLength(1);
});
