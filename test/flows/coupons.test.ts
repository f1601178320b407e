// A coupon from its issue to its last use: on both engines, with the real core and the sandbox.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reply } from '../../src/ports/core.ts';
import type { IntentOf } from '../../src/ports/intents.ts';
import { describeWith } from '../support/env.ts';
import { prove } from '../support/proof.ts';
import { type Engine, MINUTE, openWorld, type World } from '../support/world.ts';

const HARD_TEST_MS = 180_000;
const DAY = 24 * 60 * MINUTE;
type Form = IntentOf<'coupon_issue'>;

const codes = (replies: readonly Reply[]): Record<string, number> => {
  const counted: Record<string, number> = {};
  for (const reply of replies) {
    const code = reply.ok ? 'ok' : reply.fault.code;
    counted[code] = (counted[code] ?? 0) + 1;
  }
  return counted;
};

function stories(engine: Engine): void {
  let world: World;
  let listingId: string;
  let count = 0;
  beforeAll(async () => {
    world = await openWorld({ engine, members: 100 });
    ({ listingId } = await world.post({ price: '100.00', stock: '100000' }));
  }, HARD_TEST_MS);
  afterAll(() => world.close());

  const formOf = (changes: Partial<Form>): Form => ({
    ...{ kind: 'coupon_issue', shopId: world.shop.id, couponKind: 'percent', value: '10', code: `CODE${++count}` },
    ...{ codes: '', minSpend: '', maxUses: '', maxPerPerson: '', budget: '', days: '', firstPurchase: false },
    ...changes,
  });
  /** Answers the code and a look at the coupon. */
  const issue = async (changes: Partial<Form> = {}) => {
    const form = formOf(changes);
    await world.done(form.shopId === null ? world.admin : world.seller, form);
    const [row] = await world.store.read((reads) => reads.coupons.coupons(world.communityId, form.shopId, 1));
    if (!row) throw new Error('nothing was issued');
    const now = async () => {
      const coupon = await world.store.read((reads) => reads.coupons.coupon(row.id));
      return { inUse: coupon?.inUse, spent: coupon?.spent, over: coupon?.overUses };
    };
    return { id: row.id, code: form.code, now };
  };
  const use = (personId: string, orderId: string, code: string) =>
    world.act(personId, { kind: 'coupon_use', orderId, code });
  const stateOf = async (orderId: string) =>
    (await world.store.read((reads) => reads.coupons.redemptionsOf(orderId))).map((one) => one.state);
  const someone = () => world.arrive(`Guest ${++count}`);
  const pay = async (orderId: string) => {
    world.sandbox.pay(await world.openBill(await world.order(orderId)), { mode: 'now' });
    await world.settle();
  };

  test('a code lowers the bill at once, however it is typed; paid, it is redeemed; refunded in full, it comes back', async () => {
    const { code, now } = await issue({ maxUses: '5' });
    const guest = await someone();
    const order = await world.buy(guest, listingId);
    expect(await use(guest, order.id, ` ${code.toLowerCase().replace('code', 'co-de ')} `)).toMatchObject({ ok: true });
    expect((await world.order(order.id)).total).toBe(9000);
    expect(await stateOf(order.id)).toEqual(['reserved']);
    // Again changes nothing.
    await use(guest, order.id, code);
    expect(await now()).toEqual({ inUse: 1, spent: 1000, over: 0 });
    expect((await world.panel(guest, order.id)).coupons).toMatchObject([{ label: code }]);

    await pay(order.id);
    expect((await world.order(order.id)).state).toBe('paid');
    expect(await stateOf(order.id)).toEqual(['redeemed']);
    expect((await world.money(order.id)).captures).toMatchObject([{ amount: 9000 }]);

    await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: true });
    await world.settle();
    expect(await stateOf(order.id)).toEqual(['returned']);
    expect(await now()).toEqual({ inUse: 0, spent: 0, over: 0 });
    expect((await world.money(order.id)).refunds).toMatchObject([{ amount: 9000, state: 'succeeded' }]);
    await prove(world);
  });

  test('goes back when the bill expires, is cancelled, or its buyer takes it off', async () => {
    const { id, code, now } = await issue({ maxUses: '1' });
    const guest = await someone();
    const first = await world.buy(guest, listingId);
    await use(guest, first.id, code);
    await world.done(guest, { kind: 'coupon_drop', orderId: first.id, couponId: id });
    expect((await world.order(first.id)).total).toBe(10_000);
    expect(await now()).toMatchObject({ inUse: 0, spent: 0 });
    await use(guest, first.id, code);
    await world.done(guest, { kind: 'cancel_order', orderId: first.id });
    expect(await now()).toMatchObject({ inUse: 0, spent: 0 });

    const second = await world.buy(guest, listingId);
    await use(guest, second.id, code);
    const other = await someone();
    const third = await world.buy(other, listingId);
    expect(await use(other, third.id, code)).toMatchObject({ fault: { code: 'coupon_used_up' } });
    await world.pass(16 * MINUTE);
    expect((await world.order(second.id)).state).toBe('expired');
    expect([await stateOf(first.id), await stateOf(second.id)]).toEqual([['released'], ['released']]);
    expect(await now()).toMatchObject({ inUse: 0, spent: 0 });
    await prove(world);
  });

  test('paid after its release, it is taken anew, or honoured above the limit; the sum never changes', async () => {
    const { code, now } = await issue({ maxUses: '1' });
    const late = await someone();
    const order = await world.buy(late, listingId);
    await use(late, order.id, code);
    const checkout = await world.openBill(await world.order(order.id));
    // The channel is cut off when the bill ends, and takes the money all the same.
    world.sandbox.pay(checkout, { mode: 'now' });
    world.clock.at += 16 * MINUTE;
    const quick = await someone();
    const steal = await world.buy(quick, listingId);
    await world.store.transact(null, async (tx) => {
      const current = await tx.orders.order(order.id);
      const payment = await tx.payments.paymentOf(order.id);
      if (!current || !payment) throw new Error('no bill');
      await tx.orders.moveOrder(current, 'expired');
      await tx.payments.movePayment(payment.id, 'open', 'expired');
      const [one] = await tx.coupons.redemptionsOf(order.id);
      const hold = (await tx.catalog.holdsOf(order.id)).find((held) => held.state === 'held');
      if (!one || !hold) throw new Error('no reservation');
      await tx.coupons.moveRedemption(one.id, 'reserved', 'released');
      await tx.coupons.giveCode(one.codeId);
      await tx.coupons.givePersonUse(one.couponId, one.personId);
      await tx.coupons.giveCoupon(one.couponId, one.amount);
      await tx.catalog.endHold(hold.id, 'released', world.clock.at);
      await tx.catalog.releaseStock(hold.variantId, hold.quantity);
      return null;
    });
    expect(await use(quick, steal.id, code)).toMatchObject({ ok: true });
    await world.settle();
    expect(await world.order(order.id)).toMatchObject({ state: 'paid', total: 9000 });
    expect(await stateOf(order.id)).toEqual(['redeemed']);
    expect(await now()).toEqual({ inUse: 1, spent: 1000, over: 1 });
    await prove(world);
  });

  test(
    'a hundred at one moment at a coupon for one, for seven, and at a budget for three: no more get it',
    async () => {
      for (const [limit, granted] of [
        [{ maxUses: '1' }, 1],
        [{ maxUses: '7' }, 7],
        [{ budget: '30.00' }, 3],
      ] as const) {
        const { code, now } = await issue(limit);
        const orders = await Promise.all(world.buyers.map((buyer) => world.buy(buyer, listingId)));
        const replies = await Promise.all(
          world.buyers.map((buyer, index) => use(buyer, orders[index]?.id ?? '', code)),
        );
        expect(codes(replies)).toEqual({ ok: granted, coupon_used_up: 100 - granted });
        expect(await now()).toEqual({ inUse: granted, spent: granted * 1000, over: 0 });
        const totals = await Promise.all(orders.map(async (one) => (await world.order(one.id)).total));
        expect(totals.filter((total) => total === 9000)).toHaveLength(granted);
        await Promise.all(
          world.buyers.map((buyer, index) =>
            world.act(buyer, { kind: 'cancel_order', orderId: orders[index]?.id ?? '' }),
          ),
        );
        expect(await now()).toEqual({ inUse: 0, spent: 0, over: 0 });
      }
      await prove(world);
    },
    HARD_TEST_MS,
  );

  test('one person at many orders keeps to the limit of a person', async () => {
    const { code, now } = await issue({ maxPerPerson: '1' });
    const guest = await someone();
    const more = await Promise.all([1, 2].map(() => world.post({ price: '100.00' })));
    const cards = [listingId, ...more.map((one) => one.listingId)];
    const orders = await Promise.all(cards.map((card) => world.buy(guest, card)));
    const replies = await Promise.all(orders.map((order) => use(guest, order.id, code)));
    expect(codes(replies)).toEqual({ ok: 1, coupon_used_up: 2 });
    expect(await now()).toMatchObject({ inUse: 1 });
    await prove(world);
  });

  test('a code for one order works once; a coupon of another shop, a paused and an ended one are simply unknown', async () => {
    expect(await world.act(world.seller, formOf({ codes: '3', code: '' }))).toMatchObject({
      fault: { code: 'text_empty' },
    });
    const { id } = await issue({ codes: '3', code: 'Flyers' });
    const made = await world.store.read((reads) => reads.coupons.codesOfCoupon(id, 10));
    expect(new Set(made.map((one) => one.code)).size).toBe(3);
    const [one] = made;
    const [a, b] = [await someone(), await someone()];
    const [first, second] = [await world.buy(a, listingId), await world.buy(b, listingId)];
    expect(await use(a, first.id, one?.shown ?? '')).toMatchObject({ ok: true });
    expect(await use(b, second.id, one?.shown ?? '')).toMatchObject({ fault: { code: 'coupon_used_up' } });
    const paused = await issue();
    await world.done(world.seller, { kind: 'coupon_set', couponId: paused.id, state: 'paused' });
    expect(await use(b, second.id, paused.code)).toMatchObject({ fault: { code: 'coupon_unknown' } });
    const short = await issue({ days: '1' });
    world.clock.at += 2 * DAY;
    const third = await world.buy(await someone(), listingId);
    expect(await use(third.buyerId, third.id, short.code)).toMatchObject({ fault: { code: 'coupon_unknown' } });
    expect(await use(third.buyerId, third.id, 'NOBODY')).toMatchObject({ fault: { code: 'coupon_unknown' } });
  });

  test('who guesses codes has five tries a minute', async () => {
    const { code } = await issue();
    const guest = await someone();
    const order = await world.buy(guest, listingId);
    for (let guess = 1; guess <= 5; guess++)
      expect(await use(guest, order.id, `GUESS${guess}`)).toMatchObject({ fault: { code: 'coupon_unknown' } });
    expect(await use(guest, order.id, code)).toMatchObject({ fault: { code: 'too_fast' } });
    world.clock.at += MINUTE;
    expect(await use(guest, order.id, code)).toMatchObject({ ok: true });
  });

  test('too little in the order says how much is missing, and a change of units moves or drops the coupon', async () => {
    const { code, now } = await issue({ couponKind: 'percent', value: '12.5', minSpend: '150' });
    const guest = await someone();
    const order = await world.buy(guest, listingId);
    expect(await use(guest, order.id, code)).toMatchObject({
      fault: { code: 'coupon_min_spend', params: { missing: '50.00', currency: 'MYR' } },
    });
    await world.done(guest, { kind: 'set_quantity', orderId: order.id, quantity: 2 });
    expect(await use(guest, order.id, code)).toMatchObject({ ok: true });
    expect((await world.order(order.id)).total).toBe(17_500);
    await world.done(guest, { kind: 'set_quantity', orderId: order.id, quantity: 4 });
    expect((await world.order(order.id)).total).toBe(35_000);
    expect(await now()).toMatchObject({ inUse: 1, spent: 5000 });
    await world.done(guest, { kind: 'set_quantity', orderId: order.id, quantity: 1 });
    expect((await world.order(order.id)).total).toBe(10_000);
    expect(await stateOf(order.id)).toEqual(['released']);
    expect(await world.timeline(order.id)).toContain('coupon_dropped');
    await prove(world);
  });

  test('a coupon of everything makes a free order, which is paid and redeemed at once', async () => {
    const { code } = await issue({ value: '100', maxUses: '1' });
    const guest = await someone();
    const order = await world.buy(guest, listingId);
    await use(guest, order.id, code);
    expect(await world.order(order.id)).toMatchObject({ state: 'paid', total: 0 });
    expect(await stateOf(order.id)).toEqual(['redeemed']);
    await world.done(guest, { kind: 'cancel_order', orderId: order.id });
    expect(await stateOf(order.id)).toEqual(['returned']);
    await prove(world);
  });

  test('one coupon a shop and one of the market; a second of the shop is refused and changes nothing', async () => {
    const [own, second, market] = [await issue(), await issue(), await issue({ shopId: null, value: '50' })];
    const guest = await someone();
    const order = await world.buy(guest, listingId);
    expect(await use(guest, order.id, own.code)).toMatchObject({ ok: true });
    expect(await use(guest, order.id, second.code)).toMatchObject({ fault: { code: 'coupon_conflict' } });
    expect(await use(guest, order.id, market.code)).toMatchObject({ ok: true });
    const { quote, total } = await world.order(order.id);
    expect(total).toBe(4500);
    expect(quote?.applied.map((one) => one.funder).toSorted()).toEqual(['community', 'shop']);
    expect(await second.now()).toEqual({ inUse: 0, spent: 0, over: 0 });
    await prove(world);
  });

  test('nobody but the seller issues for a shop, nobody but a steward for the market, and no code twice', async () => {
    const guest = await someone();
    expect(await world.act(guest, formOf({}))).toMatchObject({ fault: { code: 'not_allowed' } });
    expect(await world.act(world.seller, formOf({ shopId: null }))).toMatchObject({ fault: { code: 'not_allowed' } });
    const { id, code } = await issue();
    expect(await world.act(world.seller, formOf({ code: code.toLowerCase() }))).toMatchObject({
      fault: { code: 'coupon_code_taken' },
    });
    expect(await world.act(guest, { kind: 'coupon_set', couponId: id, state: 'ended' })).toMatchObject({
      fault: { code: 'not_allowed' },
    });
    const panel = await world.core.load(
      { name: 'coupons', shopId: world.shop.id },
      { personId: guest, communityId: world.communityId },
    );
    expect(panel).toMatchObject({ ok: false, fault: { code: 'not_found' } });
  });

  test.each([
    [{ couponKind: 'percent', value: '0' }, 'coupon_value_invalid'],
    [{ couponKind: 'percent', value: '100.01' }, 'coupon_value_invalid'],
    [{ couponKind: 'buy_x_get_y', value: '2+0' }, 'coupon_value_invalid'],
    [{ couponKind: 'tiered', value: '100' }, 'coupon_value_invalid'],
    [{ couponKind: 'fixed', value: '0' }, 'amount_empty'],
    [{ maxUses: '0' }, 'quantity_invalid'],
    [{ code: '- -' }, 'coupon_value_invalid'],
  ] as const)('a coupon of %j is refused: %s', async (changes, code) => {
    expect(await world.act(world.seller, formOf(changes))).toMatchObject({ fault: { code } });
  });

  test('every kind is issued in one message and shown with what it did', async () => {
    for (const [couponKind, value] of [
      ['fixed', '5.00'],
      ['tiered', '100=10; 200=30'],
      ['buy_x_get_y', '2+1'],
      ['free_shipping', ''],
    ] as const)
      await issue({ couponKind, value });
    const panel = await world.core.load(
      { name: 'coupons', shopId: world.shop.id },
      { personId: world.seller, communityId: world.communityId },
    );
    if (!panel.ok) throw new Error(panel.fault.code);
    expect(panel.value.coupons.slice(0, 4).map((one) => one.rule.kind)).toEqual([
      'free_shipping',
      'buy_x_get_y',
      'tiered',
      'fixed',
    ]);
  });
}

describe('coupons [SQLite]', () => stories('sqlite'));
describeWith('postgres', 'coupons', () => stories('postgres'));
