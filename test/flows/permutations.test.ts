// News of one purchase in every order in which it can come: the end is what the set of the news says, and nothing happens twice.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prove } from '../support/proof.ts';
import { MINUTE, openWorld, type World } from '../support/world.ts';

const EVENTS = ['return', 'webhook', 'poll', 'cancel', 'expire', 'refund'] as const;
type Event = (typeof EVENTS)[number];
type Sequence = readonly Event[];

const WAYS = ['now', 'twice', 'late', 'decline', 'slow_success', 'slow_fail'] as const;
type Way = (typeof WAYS)[number];

const HOLD_MS = 15 * MINUTE;
/** Beyond the bill's end; with a poll as well, not yet as far as the late money. */
const EXPIRE_MS = HOLD_MS + 10_000;
const POLL_MS = 31_000;
const SLOW_MS = 20_000;
const LATE_MS = 90_000;
/** The sandbox's list of events grows with each order of a world: a new world begins after this many. */
const ORDERS_A_WORLD = 60;

const LONG_ONES = 25;

/** Every order of every choice of up to `longest` different events. */
function sequences(longest: number): Sequence[] {
  const grow = (done: Sequence): Sequence[] =>
    done.length === longest
      ? [done]
      : [done, ...EVENTS.filter((event) => !done.includes(event)).flatMap((event) => grow([...done, event]))];
  return grow([]);
}

/** All of the short ones and some of the long; with PASAR_PERMUTATIONS=all every one of the 1,957. */
function wanted(): Sequence[] {
  if (process.env['PASAR_PERMUTATIONS'] === 'all') return sequences(EVENTS.length);
  const long = fc.shuffledSubarray([...EVENTS], { minLength: 4 });
  return [...sequences(3), ...fc.sample(long, LONG_ONES)];
}

/** What the design says, without a database: when the market learns of the money decides between sold, late and never. */
function expected(way: Way, events: Sequence) {
  const dueAfter = { now: 0, twice: 0, slow_success: SLOW_MS, late: Infinity, decline: Infinity, slow_fail: Infinity }[
    way
  ];
  let [state, elapsed, back] = ['pending_payment', 0, false];
  for (const event of events) {
    if (event === 'poll') elapsed += POLL_MS;
    if (event === 'expire') elapsed += EXPIRE_MS;
    if (event === 'cancel') {
      if (state === 'pending_payment') state = 'cancelled';
      if (state === 'paid') back = true;
    } else if (event === 'refund') {
      if (state === 'paid') back = true;
    } else if (state === 'pending_payment' && elapsed >= dueAfter) state = 'paid';
    else if (state === 'pending_payment' && elapsed >= HOLD_MS) state = 'expired';
  }
  const pays = way !== 'decline' && way !== 'slow_fail';
  if (state === 'pending_payment' || state === 'expired') state = pays ? 'paid' : 'expired';
  if (state === 'paid' && back) state = 'closed';
  const captures = way === 'twice' ? 2 : pays ? 1 : 0;
  const kept = state === 'paid' ? 1 : 0;
  return { state, captures, refunded: captures - kept, sold: kept };
}

async function happen(world: World, order: { id: string; payToken: string }, event: Event): Promise<void> {
  switch (event) {
    case 'return':
      return world.core.returned(order.payToken);
    case 'webhook':
      return world.deliver((news) => [...news, ...news].toReversed());
    case 'poll':
      world.clock.at += POLL_MS;
      await world.sandbox.tick();
      return world.core.sweep();
    case 'expire':
      world.clock.at += EXPIRE_MS;
      await world.sandbox.tick();
      return world.core.sweep();
    case 'cancel':
      await world.act(world.buyer, { kind: 'cancel_order', orderId: order.id });
      return;
    case 'refund':
      await world.act(world.seller, { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: true });
      return;
    default:
      event satisfies never;
  }
}

async function live(world: World, listingId: string, way: Way, events: Sequence) {
  const order = await world.buy(world.buyer, listingId);
  const reason = way === 'decline' ? { reason: 'insufficient_funds' as const } : {};
  const slow = way.startsWith('slow') ? { afterMs: SLOW_MS } : {};
  world.sandbox.pay(await world.openBill(order), { mode: way, ...reason, ...slow });
  for (const event of events) await happen(world, order, event);
  await world.work();
  world.clock.at += HOLD_MS + MINUTE + LATE_MS;
  await world.settle();
  const { captures, refunds } = await world.money(order.id);
  const returned = refunds.filter((one) => one.state === 'succeeded');
  expect(returned).toHaveLength(refunds.length);
  return { state: (await world.order(order.id)).state, captures: captures.length, refunded: returned.length };
}

describe.each(WAYS)('paying %s', (way) => {
  test('ends as the set of the news says, in whatever order it comes', async () => {
    const all = wanted();
    for (let first = 0; first < all.length; first += ORDERS_A_WORLD) {
      const world = await openWorld();
      const { listingId, variantId } = await world.post({ stock: '1000' });
      let sold = 0;
      for (const events of all.slice(first, first + ORDERS_A_WORLD)) {
        const end = expected(way, events);
        const story = `${way}: ${events.join(', ')}`;
        sold += end.sold;
        const { state, captures, refunded } = await live(world, listingId, way, events);
        expect({ story, state, captures, refunded }).toEqual({
          ...{ story, state: end.state, captures: end.captures, refunded: end.refunded },
        });
        expect({ story, ...(await world.stock(variantId)) }).toEqual({ story, onHand: 1000 - sold, held: 0, sold });
      }
      await prove(world);
      await world.close();
    }
  }, 300_000);
});
