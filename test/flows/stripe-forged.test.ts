// What is not Stripe's own word does nothing at all; what is rightly signed and does not fit waits for a person.
import { assert, asyncProperty, integer, constantFrom } from 'fast-check';
import { expect, test } from 'vitest';
import type { RawNotice } from '../../src/ports/payment-channel.ts';
import { openStripeWorld, type StripeWorld } from '../support/stripe-world.ts';
import type { FakeEvent } from '../support/stripe/objects.ts';

const TRIES = 10_000;

async function paidUnheard(world: StripeWorld) {
  const { listingId } = await world.post();
  const order = await world.buy(world.buyer, listingId);
  world.fake.buyers.pay(await world.openBill(order));
  const event = world.fake.events().findLast((one) => one.type === 'checkout.session.completed');
  if (!event) throw new Error('no event');
  return { order, event };
}

test(`of ${TRIES} changed signatures and bodies none is taken, and no row is written`, async () => {
  const world = await openStripeWorld();
  const { order, event } = await paidUnheard(world);
  const raw = world.noticeOf(JSON.stringify(event));
  const before = world.rows();
  const [name = '', header = ''] = Object.entries(raw.headers)[0] ?? [];
  const asked = world.fake.requests.length;
  let tried = 0;
  const taken: string[] = [];
  const how = constantFrom('bit', 'cut', 'grow', 'drop', 'header', 'case', 'twice', 'mark', 'time', 'none' as const);
  await assert(
    asyncProperty(
      how,
      integer({ min: 0, max: 1_000_000 }),
      integer({ min: 1, max: 255 }),
      async (kind, place, value) => {
        const changed = change(kind, { raw, name, header, place, value });
        if (!changed) return;
        tried += 1;
        const { status } = await world.core.onProviderNotice('stripe', changed);
        if (status !== 401) taken.push(`${kind} ${place} ${value}: ${status}`);
      },
    ),
    { numRuns: TRIES + 200 },
  );
  expect(taken).toEqual([]);
  expect(tried).toBeGreaterThanOrEqual(TRIES);
  expect(world.rows()).toEqual(before);
  expect(world.fake.requests.length).toBe(asked);
  expect((await world.order(order.id)).state).toBe('pending_payment');
  // As it was, it is taken.
  expect((await world.core.onProviderNotice('stripe', raw)).status).toBe(200);
  expect((await world.order(order.id)).state).toBe('paid');
}, 120_000);

type Given = { raw: RawNotice; name: string; header: string; place: number; value: number };

/** Undefined where the change would change nothing. */
function change(kind: string, { raw, name, header, place, value }: Given): RawNotice | undefined {
  const body = Buffer.from(raw.body);
  const at = place % body.length;
  const spot = place % header.length;
  const headed = (text: string): RawNotice => ({ ...raw, headers: { [name]: text } });
  switch (kind) {
    case 'bit':
      body[at] = (body[at] ?? 0) ^ value;
      return { ...raw, body };
    case 'cut':
      return { ...raw, body: body.subarray(0, at) };
    case 'grow':
      return { ...raw, body: Buffer.concat([body.subarray(0, at), Buffer.from([value]), body.subarray(at)]) };
    case 'drop':
      return { ...raw, body: Buffer.concat([body.subarray(0, at), body.subarray(at + 1)]) };
    case 'header': {
      const text = header.slice(0, spot) + String.fromCodePoint(value) + header.slice(spot + 1);
      return text === header ? undefined : headed(text);
    }
    case 'case':
      return headed(place % 2 === 0 ? header.toUpperCase() : `${header}${' \n\t'[value % 3] ?? ''}`);
    case 'twice':
      return { ...raw, headers: { [name]: header, [name.toUpperCase()]: header } };
    case 'mark':
      return { ...raw, body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]) };
    case 'time':
      return { ...raw, receivedAt: raw.receivedAt + (place % 2 === 0 ? 301_000 + place : -61_000 - place) };
    default:
      return headed('');
  }
}

test('rightly signed, and one field off: each waits for a person, and pays nothing', async () => {
  const off: [string, (event: FakeEvent) => FakeEvent][] = [
    ['amount', (event) => withObject(event, { amount_total: 1_249 })],
    ['currency', (event) => withObject(event, { currency: 'idr' })],
    ['order', (event) => withMetadata(event, { order_id: 'another' })],
    ['shop', (event) => withMetadata(event, { shop_id: 'another' })],
    ['account', (event) => ({ ...event, account: 'acct_another' })],
    ['mode', (event) => ({ ...event, livemode: true })],
  ];
  for (const [what, turn] of off) {
    const world = await openStripeWorld();
    const { order, event } = await paidUnheard(world);
    expect([what, (await world.carry(turn(event))).status]).toEqual([what, 200]);
    expect([what, (await world.order(order.id)).state]).toEqual([what, 'pending_payment']);
    expect((await world.money(order.id)).captures).toEqual([]);
    expect([what, (await world.cases()).map((one) => one.kind)]).toEqual([what, ['payment_conflict']]);
  }
});

const withObject = (event: FakeEvent, changes: Record<string, unknown>): FakeEvent => ({
  ...event,
  data: { object: { ...event.data.object, ...changes } },
});
const withMetadata = (event: FakeEvent, changes: Record<string, string>): FakeEvent =>
  withObject(event, { metadata: { ...(event.data.object['metadata'] as Record<string, string>), ...changes } });

test('what is of no attempt of ours is kept and tried again; what is of no kind of ours is kept and acknowledged', async () => {
  const world = await openStripeWorld();
  const { event } = await paidUnheard(world);
  const unknown = withObject({ ...event, id: 'evt_unknown' }, { client_reference_id: 'nobody', id: 'cs_test_nobody' });
  expect(await world.carry(unknown)).toEqual({ status: 200, body: 'ok' });
  expect(await world.carry({ ...event, id: 'evt_kind', type: 'customer.created' })).toEqual({
    status: 200,
    body: 'ok',
  });
  expect(await world.carry({ ...event, id: 'evt_kind', type: 'customer.created' })).toEqual({
    status: 200,
    body: 'duplicate',
  });
  const due = await world.store.read((reads) => reads.inbox.dueWork(world.clock.at + 60_000, 10));
  expect(due).toHaveLength(1);
});
