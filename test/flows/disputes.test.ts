import { describe, expect, onTestFinished, test } from 'vitest';
import { describeWith } from '../support/env.ts';
import { prove } from '../support/proof.ts';
import { type Engine, MINUTE, openWorld, type World } from '../support/world.ts';

const DAY = 24 * 60 * MINUTE;

async function sold(options: Parameters<typeof openWorld>[0] = {}) {
  const world = await openWorld(options);
  onTestFinished(() => world.close());
  const { listingId } = await world.post();
  const order = await world.buy(world.buyer, listingId);
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  await world.settle();
  const [capture] = (await world.money(order.id)).captures;
  if (!capture) throw new Error('nothing was paid');
  return { world, order, capture };
}

const disputesOf = (world: World, orderId: string) => world.store.read((reads) => reads.disputes.disputesOf(orderId));
const whole = (orderId: string) => ({ kind: 'refund', orderId, amount: '', lines: [], restock: false }) as const;

/** The whole story: taken, told, answered, won. */
async function wonStory(engine: Engine): Promise<void> {
  const { world, order, capture } = await sold({ engine });
  const { id } = world.sandbox.dispute(capture.channelRef);
  await world.settle();
  expect(await world.balances()).toMatchObject({ 'sandbox.disputed': 1250, 'sandbox.channel_fee': 512 });
  expect(await disputesOf(world, order.id)).toMatchObject([{ state: 'needs_response', withdrawn: 1250, fee: 500 }]);
  for (const person of [world.seller, world.admin]) {
    expect(world.news(person)).toContain('dispute_answer');
  }
  await prove(world);
  world.sandbox.stepDispute(id, 'answer');
  await world.pass(MINUTE);
  world.sandbox.stepDispute(id, 'won');
  await world.pass(MINUTE);
  expect(await disputesOf(world, order.id)).toMatchObject([{ state: 'won', withdrawn: 0, fee: 500 }]);
  expect(await world.balances()).toMatchObject({ 'sandbox.channel': 1250 - 12 - 500, 'sandbox.sales': -1250 });
  const story = (await world.timeline(order.id)).filter((kind) => kind.startsWith('dispute_'));
  expect(story).toEqual([
    ...['dispute_needs_response', 'dispute_withdrawn', 'dispute_fee', 'dispute_under_review'],
    ...['dispute_won', 'dispute_reinstated'],
  ]);
  await prove(world);
}

describe('a dispute', () => {
  test('takes the money, tells the deadline, and gives the money back when it is won', () => wonStory('sqlite'));

  test('leaves to be refunded only what the bank does not hold', async () => {
    const { world, order, capture } = await sold();
    world.sandbox.dispute(capture.channelRef, { amount: 1000 });
    await world.settle();
    expect((await world.panel(world.buyer, order.id)).refundable.amount).toBe(250);
    expect(await world.act(world.seller, { ...whole(order.id), amount: '2.51' })).toMatchObject({
      fault: { code: 'refund_too_much', params: { left: 250 } },
    });
    expect(await world.act(world.seller, whole(order.id))).toMatchObject({ ok: true });
    await world.settle();
    expect((await world.money(order.id)).refunds).toMatchObject([{ amount: 250, state: 'succeeded' }]);
    await prove(world);
  });

  test('that took everything makes a refund and a cancellation impossible, and says so', async () => {
    const { world, order, capture } = await sold();
    world.sandbox.stepDispute(world.sandbox.dispute(capture.channelRef).id, 'lost');
    await world.settle();
    const refused = { ok: false, fault: { code: 'refund_too_much', params: { left: 0 } } };
    expect(await world.act(world.seller, whole(order.id))).toMatchObject(refused);
    expect(await world.act(world.seller, { kind: 'cancel_order', orderId: order.id })).toMatchObject(refused);
    await prove(world);
  });

  test('is found by asking when every notice about its end was lost', async () => {
    const { world, order, capture } = await sold();
    const { id } = world.sandbox.dispute(capture.channelRef);
    await world.settle();
    world.sandbox.stepDispute(id, 'won');
    await world.deliver(() => []);
    await world.pass(DAY);
    expect(await disputesOf(world, order.id)).toMatchObject([{ state: 'won', withdrawn: 0 }]);
    await prove(world);
  });

  test('reminds of its deadline three days and one day before, and then expires', async () => {
    const { world, order, capture } = await sold();
    world.sandbox.dispute(capture.channelRef);
    await world.settle();
    const told = () => world.news(world.seller).filter((kind) => kind === 'dispute_answer').length;
    const before = told();
    await world.pass(4 * DAY - MINUTE);
    expect(told() - before).toBe(0);
    await world.pass(2 * MINUTE);
    expect(told() - before).toBe(1);
    await world.pass(2 * DAY);
    await world.pass(MINUTE);
    expect(told() - before).toBe(2);
    await world.pass(DAY);
    expect(await disputesOf(world, order.id)).toMatchObject([{ state: 'expired', withdrawn: 1250 }]);
    expect(world.news(world.seller)).toContain('dispute_expired');
    await prove(world);
  });

  test('of another account, currency or order touches no money', async () => {
    const { world, order, capture } = await sold();
    world.sandbox.dispute(capture.channelRef);
    const event = world.sandbox.events().findLast(({ type }) => type === 'dispute.opened');
    await world.deliver(() => []);
    const forged = (change: (text: string) => string, n: number) => {
      const body = change(JSON.stringify({ ...event, id: `evt_forged_${n}` }));
      return world.core.onProviderNotice('sandbox', world.noticeOf(body));
    };
    await forged((text) => text.replaceAll('"MYR"', '"USD"'), 1);
    await forged((text) => text.replaceAll(order.id, world.shop.id), 2);
    await forged((text) => text.replaceAll(world.shop.id, 'another-account'), 3);
    expect(await disputesOf(world, order.id)).toEqual([]);
    expect((await world.money(order.id)).captures).toMatchObject([{ withdrawn: 0 }]);
    const open = await world.store.read((reads) => reads.payments.cases(world.communityId, 10));
    expect(open.map((one) => one.params['what'])).toEqual(['dispute', 'dispute']);
  });

  test('that is known of one payment and told of another one is a conflict, and touches neither', async () => {
    const { world, order, capture } = await sold();
    world.sandbox.dispute(capture.channelRef);
    const event = world.sandbox.events().findLast(({ type }) => type === 'dispute.opened');
    await world.settle();
    const { listingId } = await world.post();
    const other = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(other), { mode: 'now' });
    await world.settle();
    const [second] = (await world.money(other.id)).captures;
    const body = JSON.stringify({ ...event, id: 'evt_moved' })
      .replaceAll(capture.channelRef, second?.channelRef ?? '')
      .replaceAll(order.id, other.id);
    await world.core.onProviderNotice('sandbox', world.noticeOf(body));
    expect((await world.money(other.id)).captures).toMatchObject([{ withdrawn: 0 }]);
    expect((await world.money(order.id)).captures).toMatchObject([{ withdrawn: 1250 }]);
    const open = await world.store.read((reads) => reads.payments.cases(world.communityId, 10));
    expect(open).toMatchObject([{ kind: 'payment_conflict', orderId: other.id, params: { what: 'dispute' } }]);
    await prove(world);
  });

  test('a warning of fraud moves nothing and is told once', async () => {
    const { world, order, capture } = await sold();
    const before = await world.balances();
    world.sandbox.warn(capture.channelRef);
    await world.deliver((events) => [...events, ...events]);
    await world.work();
    expect(world.news(world.seller).filter((kind) => kind === 'fraud_warning')).toHaveLength(1);
    expect(await world.balances()).toEqual(before);
    expect(await world.timeline(order.id)).toContain('fraud_warning');
  });
});

describeWith('postgres', 'a dispute', () => {
  test('takes the money and gives it back when it is won', () => wonStory('postgres'));
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((one, index) => permutations(items.toSpliced(index, 1)).map((rest) => [one, ...rest]));
}

/** One instant for all of them, as where a channel counts seconds, or one second apart. Nobody is asked: the notices alone must do. */
test.each([
  ['won', 0],
  ['won', 1000],
  ['lost', 0],
  ['lost', 1000],
] as const)(
  'in every order of its events, also twice, a dispute that is %s ends the same (%d ms apart)',
  async (end, apart) => {
    const world = await openWorld();
    onTestFinished(() => world.close());
    const { listingId } = await world.post({ stock: '100' });
    const ends = new Set<string>();
    for (const order of permutations([0, 1, 2, 3])) {
      const bought = await world.buy(world.buyer, listingId);
      world.sandbox.pay(await world.openBill(bought), { mode: 'now' });
      await world.deliver();
      const [capture] = (await world.money(bought.id)).captures;
      const { id } = world.sandbox.dispute(capture?.channelRef ?? '', { inquiry: true });
      for (const step of ['take', 'answer', end] as const) {
        world.clock.at += apart;
        world.sandbox.stepDispute(id, step);
      }
      await world.deliver((events) => [...order, order[0] ?? 0].flatMap((index) => events[index] ?? []));
      const [dispute] = await disputesOf(world, bought.id);
      const [paid] = (await world.money(bought.id)).captures;
      ends.add(JSON.stringify([dispute?.state, dispute?.withdrawn, dispute?.fee, paid?.withdrawn]));
    }
    expect([...ends]).toEqual([JSON.stringify(end === 'won' ? ['won', 0, 500, 0] : ['lost', 1250, 500, 1250])]);
    await prove(world);
  },
);
