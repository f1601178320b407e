import { describe, expect, onTestFinished, test } from 'vitest';
import { describeWith } from '../support/env.ts';
import { prove } from '../support/proof.ts';
import { type Engine, MINUTE, openWorld, type World } from '../support/world.ts';

const HOUR = 60 * MINUTE;

async function sold(changes: Parameters<World['post']>[0] = {}, quantity = 1, engine: Engine = 'sqlite') {
  const world = await openWorld({ members: 2, engine });
  onTestFinished(() => world.close());
  const { listingId, variantId } = await world.post(changes);
  const order = await world.buy(world.buyer, listingId, quantity);
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  await world.settle();
  return { world, order, variantId };
}

const ask = (orderId: string, amount = '') =>
  ({ kind: 'request_refund', orderId, amount, lines: [], reason: 'It came broken' }) as const;
const wholeOf = (orderId: string) => ({ kind: 'refund', orderId, amount: '', lines: [], restock: false }) as const;
const latest = async (world: World, orderId: string) => {
  const [one] = await world.store.read((reads) => reads.requests.requestsOf(orderId));
  if (!one) throw new Error('nothing was asked');
  return one;
};
const decide = (requestId: string, accept: boolean, changes: { amount?: string; words?: string } = {}) =>
  ({ kind: 'decide_refund_request', requestId, accept, amount: '', restock: false, words: '', ...changes }) as const;

describe('a buyer who asks for money back', () => {
  test('is answered by the seller; what was asked is what is paid, and both see it', async () => {
    const { world, order } = await sold();
    await world.done(world.buyer, ask(order.id, '5.00'));
    await world.work();
    expect(world.news(world.seller)).toContain('refund_asked');
    expect((await world.panel(world.buyer, order.id)).request).toMatchObject({
      ...{ state: 'open', reason: 'It came broken', amount: { amount: 500 } },
      can: { decide: false, withdraw: true },
    });
    const { id } = await latest(world, order.id);
    await world.done(world.seller, decide(id, true));
    await world.settle();
    expect(world.news(world.buyer)).toContain('refund_ask_accepted');
    expect((await world.money(order.id)).refunds).toMatchObject([{ amount: 500, state: 'succeeded' }]);
    expect(await latest(world, order.id)).toMatchObject({ state: 'accepted' });
    await prove(world);
  });

  test('may get a part of it, or a refusal in words, and may ask again after that', async () => {
    const { world, order } = await sold();
    await world.done(world.buyer, ask(order.id));
    const first = await latest(world, order.id);
    expect(await world.act(world.seller, decide(first.id, false))).toMatchObject({ fault: { code: 'text_empty' } });
    await world.done(world.seller, decide(first.id, false, { words: 'It was whole when I sent it' }));
    expect((await world.panel(world.buyer, order.id)).request).toMatchObject({
      ...{ state: 'rejected', answer: 'It was whole when I sent it' },
    });
    await world.done(world.buyer, ask(order.id));
    const { id } = await latest(world, order.id);
    expect(await world.act(world.seller, decide(id, true, { amount: '12.51' }))).toMatchObject({ ok: false });
    await world.done(world.seller, decide(id, true, { amount: '3' }));
    await world.settle();
    expect((await world.money(order.id)).refunds).toMatchObject([{ amount: 300 }]);
    await prove(world);
  });

  test('asks once: a second request, one after everything went back, and one by a stranger are refused', async () => {
    const { world, order } = await sold();
    const [, stranger] = world.buyers as [string, string];
    expect(await world.act(stranger, ask(order.id))).toMatchObject({ fault: { code: 'not_found' } });
    const replies = await Promise.all([1, 2, 3].map(() => world.act(world.buyer, ask(order.id))));
    expect(replies.filter((one) => one.ok)).toHaveLength(1);
    expect(await world.act(world.buyer, ask(order.id))).toMatchObject({ fault: { code: 'refund_request_open' } });
    await world.done(world.buyer, { kind: 'withdraw_refund_request', requestId: (await latest(world, order.id)).id });
    await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: false });
    await world.settle();
    expect(await world.act(world.buyer, ask(order.id))).toMatchObject({ fault: { code: 'refund_too_much' } });
  });

  test('is not kept waiting: a reminder, then the stewards decide and the seller no longer can', async () => {
    const { world, order } = await sold();
    await world.done(world.buyer, ask(order.id));
    const { id } = await latest(world, order.id);
    const told = () => world.news(world.seller).filter((kind) => kind === 'refund_asked').length;
    await world.work();
    expect(told()).toBe(1);
    await world.pass(36 * HOUR);
    expect(told()).toBe(2);
    await world.pass(12 * HOUR);
    expect(await latest(world, order.id)).toMatchObject({ state: 'escalated' });
    for (const person of [world.admin, world.buyer]) expect(world.news(person)).toContain('refund_ask_escalated');
    expect(await world.act(world.seller, decide(id, true))).toMatchObject({
      fault: { code: 'refund_request_with_stewards' },
    });
    await world.done(world.admin, decide(id, true));
    await world.settle();
    expect(await world.act(world.admin, decide(id, false, { words: 'no' }))).toMatchObject({
      fault: { code: 'refund_request_over' },
    });
    expect((await world.money(order.id)).refunds).toMatchObject([{ amount: 1250, cause: 'admin', state: 'succeeded' }]);
    await prove(world);
  });

  test('and a seller who accepts, who refunds and who is asked twice at one moment pay once', async () => {
    const { world, order } = await sold();
    await world.done(world.buyer, ask(order.id));
    const { id } = await latest(world, order.id);
    const whole = { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: false } as const;
    await Promise.all([
      world.act(world.seller, decide(id, true)),
      world.act(world.seller, whole),
      world.act(world.seller, decide(id, true)),
    ]);
    await world.settle();
    const paid = (await world.money(order.id)).refunds.filter((one) => one.state === 'succeeded');
    expect(paid.reduce((total, one) => total + one.amount, 0)).toBe(1250);
    await prove(world);
  });
});

async function aboveTheLimit(engine: Engine): Promise<void> {
  const { world, order, variantId } = await sold({ price: '900' }, 2, engine);
  await world.done(world.admin, { kind: 'configure_refunds', requestHours: '24', approvalLimit: '1000' });
  const whole = { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: true } as const;
  await world.done(world.seller, whole);
  await world.settle();
  const [refund] = (await world.money(order.id)).refunds;
  expect(refund).toMatchObject({ state: 'pending_approval', amount: 180_000 });
  expect(world.sandboxBalance()).toEqual({ MYR: 178_200 });
  expect((await world.panel(world.buyer, order.id)).refundable.amount).toBe(0);
  const approve = { kind: 'approve_refund', refundId: refund?.id ?? '', approve: true } as const;
  expect(await world.act(world.seller, approve)).toMatchObject({ fault: { code: 'confirm_same_person' } });
  expect(await world.act(world.buyer, approve)).toMatchObject({ fault: { code: 'not_found' } });
  expect(await world.act(world.seller, whole)).toMatchObject({ fault: { code: 'refund_too_much' } });
  const replies = await Promise.all([1, 2, 3].map(() => world.act(world.admin, approve)));
  expect(replies.every((one) => one.ok)).toBe(true);
  await world.settle();
  expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
  expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  expect(world.sandboxBalance()).toEqual({ MYR: -1800 });
  await prove(world);
}

describe('a refund above the limit', () => {
  test('waits, reserved, for somebody other than who asked for it, and then goes out once', () =>
    aboveTheLimit('sqlite'));

  test('that is stopped gives money and units back to what can be refunded', async () => {
    const { world, order } = await sold({ price: '900' }, 2);
    const [line] = await world.store.read((reads) => reads.orders.lines(order.id));
    const lines = [{ lineId: line?.id ?? '', quantity: 2 }];
    await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '', lines, restock: true });
    const [refund] = (await world.money(order.id)).refunds;
    await world.done(world.admin, { kind: 'approve_refund', refundId: refund?.id ?? '', approve: false });
    await world.settle();
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'rejected' }]);
    expect(await world.panel(world.buyer, order.id)).toMatchObject({ refundable: { amount: 180_000 }, state: 'paid' });
    expect(await world.store.read((reads) => reads.orders.lines(order.id))).toMatchObject([{ refundedQuantity: 0 }]);
    await prove(world);
  });

  test('holds for a cancellation by the seller, and not for the buyer before anything was sent', async () => {
    const { world, order } = await sold({ price: '900' }, 2);
    await world.done(world.seller, { kind: 'cancel_order', orderId: order.id });
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'pending_approval' }]);
    const other = await sold({ price: '900' }, 2);
    await other.world.done(other.world.buyer, { kind: 'cancel_order', orderId: other.order.id });
    await other.world.settle();
    expect((await other.world.money(other.order.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
    await prove(world);
  });
});

test('an escalated request is not decided by a party, whatever else they are; nor their own by a buyer who is a steward', async () => {
  const { world, order } = await sold();
  await world.store.transact(null, async (tx) => {
    for (const person of [world.seller, world.buyer])
      await tx.people.putMember(world.communityId, person, 'admin', world.clock.at);
    return null;
  });
  await world.done(world.buyer, ask(order.id));
  const { id } = await latest(world, order.id);
  expect(await world.act(world.buyer, decide(id, true))).toMatchObject({ fault: { code: 'not_found' } });
  await world.pass(48 * HOUR);
  expect(await latest(world, order.id)).toMatchObject({ state: 'escalated' });
  for (const party of [world.seller, world.buyer])
    expect(await world.act(party, decide(id, true))).toMatchObject({ fault: { code: 'refund_request_with_stewards' } });
  await world.done(world.admin, decide(id, true));
  expect(await latest(world, order.id)).toMatchObject({ state: 'accepted' });
});

test.each([true, false])('who was promised money hears that it waits, and what became of it: %s', async (approve) => {
  const { world, order } = await sold({ price: '900' }, 2);
  await world.done(world.buyer, ask(order.id));
  await world.done(world.seller, decide((await latest(world, order.id)).id, true));
  await world.work();
  expect(world.news(world.buyer)).toContain('refund_ask_waits');
  expect(world.news(world.buyer)).not.toContain('refund_ask_accepted');
  const [refund] = (await world.money(order.id)).refunds;
  await world.done(world.admin, { kind: 'approve_refund', refundId: refund?.id ?? '', approve });
  await world.settle();
  expect(world.news(world.buyer)).toContain(approve ? 'refund_ask_accepted' : 'refund_stopped');
  await prove(world);
});

describe('a refund that waited', () => {
  test('for days, and whose first call is lost, is handed over again with its own key and not given up', async () => {
    const { world, order } = await sold({ price: '900' }, 2);
    await world.done(world.seller, wholeOf(order.id));
    await world.work();
    const [refund] = (await world.money(order.id)).refunds;
    expect(refund).toMatchObject({ state: 'pending_approval', submittedAt: null });
    await world.pass(30 * HOUR);
    world.sandbox.fault({ op: 'createRefund', kind: 'drop_before', times: 3 });
    await world.done(world.admin, { kind: 'approve_refund', refundId: refund?.id ?? '', approve: true });
    const approvedAt = world.clock.at;
    for (let minute = 0; minute < 5; minute += 1) await world.pass(60_000);
    expect((await world.money(order.id)).refunds.map(({ state }) => state)).not.toContain('failed');
    world.sandbox.clearFaults();
    await world.pass(HOUR);
    expect((await world.money(order.id)).refunds).toMatchObject([{ state: 'succeeded' }]);
    expect((await world.money(order.id)).refunds[0]?.submittedAt).toBeGreaterThanOrEqual(approvedAt);
    expect(world.sandboxBalance()).toEqual({ MYR: -1800 });
    await prove(world);
  });
});

describe('the limit', () => {
  test('holds for all parts of a payment together, and not for what was stopped', async () => {
    const { world, order } = await sold({ price: '900' }, 2);
    await world.done(world.seller, { ...wholeOf(order.id), amount: '600' });
    await world.done(world.seller, { ...wholeOf(order.id), amount: '500' });
    const [, second] = (await world.money(order.id)).refunds;
    expect((await world.money(order.id)).refunds.map(({ state }) => state)).toEqual(['requested', 'pending_approval']);
    await world.done(world.admin, { kind: 'approve_refund', refundId: second?.id ?? '', approve: false });
    await world.done(world.seller, { ...wholeOf(order.id), amount: '400' });
    expect((await world.money(order.id)).refunds.map(({ state }) => state)).toEqual([
      ...['requested', 'rejected', 'requested'],
    ]);
    await prove(world);
  });

  test.each([
    ['a fresh rate says that it is below', '0.00028', 0, 'requested'],
    ['a fresh rate says that it is above', '0.28', 0, 'pending_approval'],
    ['the rate is old', '0.00028', 5 * 24 * HOUR, 'pending_approval'],
    ['no rate is known', null, 0, 'pending_approval'],
  ])('is compared in its own currency: %s', async (_, rate, age, state) => {
    const { world, order } = await sold({ price: '900' }, 2);
    // The market sells in ringgit; its limit is in dollars from now on.
    await world.store.transact(null, async (tx) => {
      await tx.people.updateCommunity(world.communityId, { currency: 'USD' });
      return null;
    });
    const asOf = world.clock.at - age;
    world.deps.rates.find = (base, quote) =>
      rate !== null && base === 'MYR' && quote === 'USD' ? { base, quote, rate, source: 'test', asOf } : undefined;
    await world.done(world.admin, { kind: 'configure_refunds', requestHours: '24', approvalLimit: '100' });
    await world.done(world.seller, wholeOf(order.id));
    expect((await world.money(order.id)).refunds).toMatchObject([{ state }]);
  });
});

describeWith('postgres', 'a refund above the limit', () => {
  test('waits for a second person, and goes out once', () => aboveTheLimit('postgres'));
});

test('the rules are for those who run the community, within sense', async () => {
  const { world } = await sold();
  const rules = (requestHours: string, approvalLimit: string) =>
    ({ kind: 'configure_refunds', requestHours, approvalLimit }) as const;
  expect(await world.act(world.seller, rules('24', '10'))).toMatchObject({ fault: { code: 'not_found' } });
  for (const hours of ['0', '-1', 'soon', '9999'])
    expect(await world.act(world.admin, rules(hours, '10'))).toMatchObject({ fault: { code: 'quantity_invalid' } });
  expect(await world.act(world.admin, rules('24', '-10'))).toMatchObject({ ok: false });
  expect(await world.act(world.admin, rules('24', '0'))).toMatchObject({ ok: true });
});
