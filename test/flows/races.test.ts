// Many people at one thing at one moment, on both engines: somebody wins, everybody gets a clear answer, nothing is left hanging.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Reply } from '../../src/ports/core.ts';
import { describeWith } from '../support/env.ts';
import { prove, secondCore } from '../support/proof.ts';
import { type Engine, MINUTE, openWorld, type World } from '../support/world.ts';

const BUYERS = 100;
const ROUNDS = 100;
const HARD_TEST_MS = 180_000;

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const codes = (replies: readonly Reply[]): Record<string, number> => {
  const counted: Record<string, number> = {};
  for (const reply of replies) {
    const code = reply.ok ? 'ok' : reply.fault.code;
    counted[code] = (counted[code] ?? 0) + 1;
  }
  return counted;
};
const whole = (orderId: string) => ({ kind: 'refund', orderId, amount: '', lines: [], restock: false }) as const;

/** Bought, paid and settled by the world's first buyer. */
async function sold(world: World, price: string) {
  const { listingId, variantId } = await world.post({ price });
  const order = await world.buy(world.buyer, listingId);
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  await world.settle();
  return { orderId: order.id, variantId };
}

function races(engine: Engine): void {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ engine, members: BUYERS });
  }, HARD_TEST_MS);
  afterAll(() => world.close());

  test(
    `${BUYERS} buyers at the last item, ${ROUNDS} rounds: one holds it and pays, the others read that it is gone`,
    async () => {
      const { listingId, variantId } = await world.post({ stock: '0' });
      for (let round = 1; round <= ROUNDS; round += 1) {
        await world.done(world.seller, { kind: 'set_stock', variantId, stock: '1' });
        const replies = await Promise.all(world.buyers.map((buyer) => world.act(buyer, { kind: 'buy', listingId })));
        expect(codes(replies)).toEqual({ ok: 1, sold_out: BUYERS - 1 });
        expect(await world.stock(variantId)).toEqual({ onHand: 1, held: 1, sold: round - 1 });

        const shown = replies.find((reply) => reply.ok)?.show;
        if (shown?.name !== 'order') throw new Error('the winner was shown no bill');
        const order = await world.order(shown.orderId);
        world.sandbox.pay(await world.openBill(order), { mode: 'now' });
        await world.deliver();
        await world.work();
        expect((await world.order(order.id)).state).toBe('paid');
        expect(await world.stock(variantId)).toEqual({ onHand: 0, held: 0, sold: round });
      }
      await world.settle();
      await prove(world);
      expect(world.sandbox.book(world.shop.id).filter((line) => line.kind === 'payment')).toHaveLength(ROUNDS);
    },
    HARD_TEST_MS,
  );

  test('twenty pay at one moment for one unit that nobody holds: one has it, nineteen have their money back', async () => {
    const { listingId, variantId } = await world.post({ holdMinutes: '', stock: '1' });
    const orders = await Promise.all(world.buyers.slice(0, 20).map((buyer) => world.buy(buyer, listingId)));
    const checkouts = await Promise.all(orders.map((order) => world.openBill(order)));
    for (const checkout of checkouts) world.sandbox.pay(checkout, { mode: 'now' });
    await Promise.all([world.deliverAtOnce(), ...orders.map((order) => world.core.returned(order.payToken))]);
    await world.settle();

    const after = await Promise.all(orders.map((order) => world.order(order.id)));
    expect(after.map((order) => order.state).toSorted()).toEqual([...times(19, () => 'expired'), 'paid']);
    expect(await world.stock(variantId)).toEqual({ onHand: 0, held: 0, sold: 1 });
    const money = await Promise.all(orders.map((order) => world.money(order.id)));
    const refunds = money.flatMap((one) => one.refunds);
    expect(refunds.map((one) => one.state)).toEqual(times(19, () => 'succeeded'));
    await prove(world);
  });

  test('notice, return page and poll at one moment are one payment, and no refund', async () => {
    const { listingId, variantId } = await world.post({ stock: '10' });
    const orders = await Promise.all(world.buyers.slice(0, 10).map((buyer) => world.buy(buyer, listingId)));
    const checkouts = await Promise.all(orders.map((order) => world.openBill(order)));
    for (const checkout of checkouts) world.sandbox.pay(checkout, { mode: 'now' });
    world.clock.at += MINUTE;
    const roads = orders.flatMap((order) => times(3, () => world.core.returned(order.payToken)));
    await Promise.all([world.deliverAtOnce(), world.core.sweep(), ...roads, world.core.sweep()]);
    await world.settle();

    expect(await world.stock(variantId)).toEqual({ onHand: 0, held: 0, sold: 10 });
    const money = await Promise.all(orders.map((order) => world.money(order.id)));
    expect(money.map(({ captures, refunds }) => [captures.length, refunds.length])).toEqual(times(10, () => [1, 0]));
    await prove(world);
  });

  test.each([
    { price: '100.00', part: '30.00', granted: 3 },
    { price: '10.00', part: '0.50', granted: 20 },
  ])('twenty refunds of $part at once on one payment of $price give $granted', async ({ price, part, granted }) => {
    const { orderId } = await sold(world, price);
    const replies = await Promise.all(times(20, () => world.act(world.seller, { ...whole(orderId), amount: part })));
    expect(codes(replies)).toEqual({ ok: granted, ...(granted < 20 ? { refund_too_much: 20 - granted } : {}) });
    await world.settle();
    const { captures, refunds } = await world.money(orderId);
    expect(refunds.map((one) => one.state)).toEqual(times(granted, () => 'succeeded'));
    const back = refunds.reduce((sum, one) => sum + one.amount, 0);
    expect(captures).toMatchObject([{ refunding: back }]);
    await prove(world);
  });

  test('ten equal presses at once are one press', async () => {
    const { listingId, variantId } = await world.post();
    const presses = await Promise.all(
      times(10, () => world.act(world.buyer, { kind: 'buy', listingId }, `tap-${engine}`)),
    );
    expect(codes(presses)).toEqual({ ok: 10 });
    expect(new Set(presses.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(await world.stock(variantId)).toMatchObject({ held: 1 });
    const [first] = presses;
    const orderId = first?.ok && first.show?.name === 'order' ? first.show.orderId : '';
    const order = await world.order(orderId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    await world.settle();
    const refunds = await Promise.all(times(10, () => world.act(world.seller, whole(orderId), `refund-${engine}`)));
    expect(codes(refunds)).toEqual({ ok: 10 });
    await world.settle();
    expect((await world.money(orderId)).refunds).toHaveLength(1);
    await prove(world);
  });

  test('ten different presses of Buy by one person at once are one bill', async () => {
    const { listingId, variantId } = await world.post();
    const presses = await Promise.all(times(10, () => world.act(world.buyer, { kind: 'buy', listingId })));
    expect(codes(presses)).toEqual({ ok: 10 });
    expect(new Set(presses.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(await world.stock(variantId)).toMatchObject({ held: 1 });
    await world.pass(20 * MINUTE);
    await prove(world);
  });

  test('nobody gets more than the limit per person, or more open bills than allowed, by tapping fast', async () => {
    const limited = await world.post({ limitPerPerson: '2', stock: '50' });
    const others = await Promise.all(times(6, () => world.post({ stock: '50' })));
    const person = world.buyers[50] ?? '';
    await Promise.all(
      others.flatMap(({ listingId }) => [
        world.act(person, { kind: 'buy', listingId }),
        world.act(person, { kind: 'buy', listingId: limited.listingId, quantity: 2 }),
      ]),
    );
    const orders = await world.store.read((reads) => reads.orders.ordersOf(person, 50));
    const open = orders.filter((order) => order.state === 'pending_payment');
    expect(open.length).toBeLessThanOrEqual(3);
    expect((await world.stock(limited.variantId)).held).toBeLessThanOrEqual(2);
    await world.pass(20 * MINUTE);
    expect(await world.stock(limited.variantId)).toMatchObject({ held: 0 });
    await prove(world);
  });

  test('one event a thousand times, fifty at once, has one effect and one receipt', async () => {
    const { listingId, variantId } = await world.post();
    const order = await world.buy(world.buyers[60] ?? '', listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    const notice = world.notices().at(-1);
    if (!notice) throw new Error('the sandbox told nothing');
    const before = world.news(world.seller).filter((kind) => kind === 'sold').length;
    for (let round = 1; round <= 20; round += 1) {
      const answers = await Promise.all(times(50, () => world.core.onProviderNotice('sandbox', notice)));
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    }
    await world.settle();
    expect(await world.stock(variantId)).toEqual({ onHand: 4, held: 0, sold: 1 });
    expect((await world.money(order.id)).captures).toHaveLength(1);
    expect(world.news(world.seller).filter((kind) => kind === 'sold')).toHaveLength(before + 1);
    await prove(world);
  });
}

describe('races [SQLite]', () => races('sqlite'));
describeWith('postgres', 'races', () => races('postgres'));

describeWith('postgres', 'two processes on one database', () => {
  test(
    'share buyers, notices and sweeps without selling, paying or refunding anything twice',
    async () => {
      const world = await openWorld({ engine: 'postgres', members: 40 });
      onTestFinished(() => world.close());
      const second = await secondCore(world);
      onTestFinished(() => second.close());
      const cores = [world.core, second.core] as const;
      const coreOf = (index: number) => cores[index % 2 === 0 ? 0 : 1];
      const { communityId, chatId } = world;
      const { listingId, variantId } = await world.post({ stock: '10', holdMinutes: '1' });
      for (let round = 1; round <= 3; round += 1) {
        await world.done(world.seller, { kind: 'set_stock', variantId, stock: '10' });
        const replies = await Promise.all(
          world.buyers.map((personId, index) =>
            coreOf(index).handle({
              ...{ key: `${round}:${personId}`, communityId, chatId, personId },
              intent: { kind: 'buy', listingId },
            }),
          ),
        );
        expect(codes(replies)).toEqual({ ok: 10, sold_out: 30 });
        const orders = await Promise.all(
          replies.flatMap((reply) =>
            reply.ok && reply.show?.name === 'order' ? [world.order(reply.show.orderId)] : [],
          ),
        );
        // Half of them pay, one of those twice; the others let their time run out under both sweeps.
        const paying = orders.slice(0, 5);
        const checkouts = await Promise.all(paying.map((order) => world.openBill(order)));
        for (const [index, checkout] of checkouts.entries()) {
          world.sandbox.pay(checkout, { mode: index === 0 ? 'twice' : 'now' });
        }
        const notices = world.notices();
        await Promise.all(notices.flatMap((one) => cores.map((core) => core.onProviderNotice('sandbox', one))));
        world.clock.at += 2 * MINUTE;
        await Promise.all(cores.flatMap((core) => [core.sweep(), core.sweep()]));
        await world.settle();
        expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: round * 5 });
        const money = await Promise.all(orders.map((order) => world.money(order.id)));
        expect(money.flatMap((one) => one.captures)).toHaveLength(6);
        expect(money.flatMap((one) => one.refunds.map((refund) => refund.state))).toEqual(['succeeded']);
      }
      await prove(world);
    },
    HARD_TEST_MS,
  );
});
