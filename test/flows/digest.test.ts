// The evening of a shop: told once a day, at its seller's hour, and only when there is something to tell.
import { assert, integer, property, constantFrom } from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createCore } from '../../src/app/core.ts';
import { dayOf, nextClock, stampOf } from '../../src/app/calendar.ts';
import { type Engine, MINUTE, openWorld, type World } from '../support/world.ts';

async function fresh(engine: Engine = 'sqlite', members = 2) {
  const world = await openWorld({ engine, members });
  onTestFinished(() => world.close());
  // It is eight in the evening when the world begins: the first digest is due tomorrow.
  await world.settle();
  return world;
}
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const digests = (world: World, personId = world.seller) =>
  world.told.flatMap((one) =>
    one.name === 'notice' && one.personId === personId && one.message.name === 'digest' ? [one.message] : [],
  );

async function paid(world: World, listingId: string) {
  const order = await world.buy(world.buyer, listingId);
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  await world.settle();
  return order;
}

test.each(['sqlite', 'postgres'] as const)('tells once a day what was sold and what waits (%s)', async (engine) => {
  const world = await fresh(engine);
  const { listingId } = await world.post({ stock: '3', holdMinutes: '1440' });
  await paid(world, listingId);
  await world.buy(world.buyers[1] ?? '', listingId);
  await world.pass(DAY - HOUR);
  expect(digests(world)).toEqual([]);
  await world.pass(HOUR);
  await Promise.all([world.core.sweep(), world.core.sweep(), createCore(world.deps).sweep()]);
  await world.work();
  const [message, ...more] = digests(world);
  expect(more).toEqual([]);
  if (!message) throw new Error('nothing was told');
  const viewer = { personId: world.seller, communityId: world.communityId };
  expect(await world.core.load(message, viewer)).toMatchObject({
    value: {
      ...{ sold: 1, totals: [{ amount: 1250, currency: 'MYR' }], toShip: 1, refunds: 0, cases: 0, questions: 0 },
      low: [{ title: 'Mango box' }],
    },
  });
  expect(await world.core.load(message, { ...viewer, personId: world.buyer })).toMatchObject({ ok: false });
});

test('a day without anything is quiet, and low stock alone is no news', async () => {
  const world = await fresh();
  await world.post({ stock: '1' });
  for (let day = 0; day < 3; day += 1) await world.pass(DAY);
  expect(digests(world)).toEqual([]);
});

test('what the market slept through is told in one, and then at the usual hour again', async () => {
  const world = await fresh();
  const { listingId } = await world.post({ stock: '9' });
  await paid(world, listingId);
  world.clock.at += 5 * DAY + 13 * HOUR;
  await world.settle();
  expect(digests(world)).toHaveLength(1);
  await paid(world, listingId);
  await world.pass(10 * HOUR);
  expect(digests(world)).toHaveLength(1);
  await world.pass(HOUR);
  expect(digests(world)).toHaveLength(2);
  const [first, second] = digests(world);
  expect(second?.since).toBe(first?.until);
});

test('its hour is the seller’s to choose and to turn off, and stays on the wall when the zone changes', async () => {
  const world = await fresh();
  const set = (time: string, by = world.seller) => world.act(by, { kind: 'set_digest', shopId: world.shop.id, time });
  const dueAt = async () => (await world.store.read((reads) => reads.selling.digest(world.shop.id)))?.dueAt ?? null;
  for (const wrong of ['25', '20:60', 'evening', '-1', '8 pm'])
    expect(await set(wrong)).toMatchObject({ fault: { code: 'time_invalid' } });
  expect(await set('20:00', world.buyer)).toMatchObject({ fault: { code: 'not_allowed' } });
  await set('٢١:٣٠');
  expect(await dueAt()).toBe(world.clock.at + 90 * MINUTE);
  const settings = { name: 'Night Market', currency: 'MYR', timeZone: 'UTC', locale: 'en' };
  await world.done(world.admin, { kind: 'configure', ...settings });
  expect(await dueAt()).toBe(world.clock.at + 9.5 * HOUR);
  await set('');
  expect(await dueAt()).toBeNull();
  const { listingId } = await world.post({ stock: '9' });
  await paid(world, listingId);
  await world.pass(2 * DAY);
  expect(digests(world)).toEqual([]);
  await set('8.30');
  await world.pass(DAY);
  expect(digests(world)).toHaveLength(1);
});

test('the clock comes once on every day of every zone, whatever it leaps over or shows twice', () => {
  const zones = constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Beirut',
    'Asia/Kuala_Lumpur',
  );
  assert(
    property(zones, integer({ min: 0, max: 1439 }), integer({ min: 0, max: 700 }), (zone, minute, day) => {
      let at = Date.UTC(2025, 0, 1) + day * DAY;
      const days: string[] = [];
      for (let round = 0; round < 5; round += 1) {
        const next = nextClock(at, minute, zone);
        expect(next).toBeGreaterThan(at);
        days.push(dayOf(next, zone));
        at = next;
      }
      expect(new Set(days).size).toBe(days.length);
    }),
  );
  // Half past two is leapt over in Berlin on this night, and shown twice on the other.
  expect(stampOf(nextClock(Date.UTC(2026, 2, 29), 150, 'Europe/Berlin'), 'Europe/Berlin')).toBe(
    '2026-03-29T03:30:00+02:00',
  );
  const twice = nextClock(Date.UTC(2026, 9, 24, 22), 150, 'Europe/Berlin');
  expect(stampOf(twice, 'Europe/Berlin')).toBe('2026-10-25T02:30:00+02:00');
  expect(dayOf(nextClock(twice, 150, 'Europe/Berlin'), 'Europe/Berlin')).toBe('2026-10-26');
});
