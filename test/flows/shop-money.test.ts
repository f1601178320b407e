import { expect, onTestFinished, test } from 'vitest';
import { reconcileDay } from '../../src/app/recon/reconcile.ts';
import { dayOf } from '../../src/domain/statement.ts';
import { describeWith } from '../support/env.ts';
import { prove } from '../support/proof.ts';
import { type Engine, MINUTE, openWorld } from '../support/world.ts';

const DAY = 24 * 60 * MINUTE;
const myr = (amount: number) => ({ amount, currency: 'MYR' });

async function aShopOfTwoDays(engine: Engine): Promise<void> {
  const world = await openWorld({ members: 2, engine });
  onTestFinished(() => world.close());
  const { listingId } = await world.post({ stock: '50' });
  const sell = async () => {
    const order = await world.buy(world.buyer, listingId);
    world.sandbox.pay(await world.openBill(order), { mode: 'now' });
    await world.settle();
    return order;
  };
  const order = await sell();
  const first = dayOf(world.clock.at);
  world.clock.at += DAY;
  await sell();
  await world.done(world.seller, { kind: 'refund', orderId: order.id, amount: '5', lines: [], restock: false });
  await world.settle();
  world.sandbox.payOut(world.shop.id);
  const accounts = await world.store.read((reads) => reads.people.merchantAccounts(world.shop.id));
  const account = accounts.find((one) => one.channel === 'sandbox');
  await reconcileDay(world.deps, account?.id ?? '', first);
  await reconcileDay(world.deps, account?.id ?? '', dayOf(world.clock.at));
  const see = async (personId: string) =>
    world.core.load({ name: 'money', shopId: world.shop.id }, { personId, communityId: world.communityId });
  const panel = await see(world.seller);
  expect(panel).toMatchObject({
    ok: true,
    value: {
      totals: [
        { channel: 'sandbox', gross: myr(2500), fees: myr(24), refunds: myr(500), net: myr(1976), left: myr(0) },
      ],
      days: [
        { day: dayOf(world.clock.at), gross: myr(1250), fees: myr(12), refunds: myr(500), net: myr(738) },
        { day: first, gross: myr(1250), fees: myr(12), refunds: myr(0), net: myr(1238) },
      ],
      payouts: [{ amount: myr(1976), arrived: false, at: world.clock.at + DAY }],
    },
  });
  world.clock.at += DAY;
  expect(await see(world.admin)).toMatchObject({ ok: true, value: { payouts: [{ arrived: true }] } });
  expect(await see(world.buyer)).toMatchObject({ ok: false, fault: { code: 'not_found' } });
  await prove(world);
}

test("a shop's money by day adds up to its books, and tells what is on its way and what has arrived", () =>
  aShopOfTwoDays('sqlite'));

describeWith('postgres', "a shop's money", () => {
  test('by day adds up to its books', () => aShopOfTwoDays('postgres'));
});

test('an event that speaks of nothing of ours is tried for hours, given up to a steward, and tried again at their word', async () => {
  const world = await openWorld();
  onTestFinished(() => world.close());
  const { listingId } = await world.post();
  const order = await world.buy(world.buyer, listingId);
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  const event = world.sandbox.events().findLast(({ type }) => type === 'payment.succeeded');
  await world.deliver(() => []);
  const body = JSON.stringify({ ...event, id: 'evt_odd' }).replaceAll(
    /"reference":"[^"]*"/g,
    '"reference":"unknown-one"',
  );
  await world.core.onProviderNotice('sandbox', world.noticeOf(body));
  for (let round = 1; round <= 8; round += 1) {
    world.clock.at += 7 * 60 * MINUTE;
    await world.core.sweep();
  }
  const dead = await world.store.read((reads) => reads.inbox.eventsIn(['dead'], 10));
  expect(dead).toMatchObject([{ eventId: 'evt_odd', state: 'dead' }]);
  const cases = () => world.store.read((reads) => reads.payments.cases(world.communityId, 10));
  const [one] = await cases();
  expect(one).toMatchObject({ kind: 'poison_event', params: { inboxId: dead[0]?.id } });
  await world.done(world.admin, { kind: 'resolve_case', caseId: one?.id ?? '', decision: 'replay' });
  expect(await world.store.read((reads) => reads.inbox.work(dead[0]?.id ?? ''))).toMatchObject({ state: 'pending' });
  await world.core.sweep();
  expect(await world.store.read((reads) => reads.inbox.work(dead[0]?.id ?? ''))).toMatchObject({ state: 'parked' });
  expect(await cases()).toEqual([]);
});
