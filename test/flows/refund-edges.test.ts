// Refunds where it is easy to pay too much, twice, or never: failures, bounces, cases, mixed ways, channels that are away.
import { expect, onTestFinished, test } from 'vitest';
import { prove } from '../support/proof.ts';
import { MINUTE, openWorld, type World } from '../support/world.ts';

const HOUR = 60 * MINUTE;

async function fresh(members = 1) {
  const world = await openWorld({ members });
  onTestFinished(() => world.close());
  return world;
}

async function sold(world: World, changes: Parameters<World['post']>[0] = {}, quantity = 1) {
  const { listingId, variantId } = await world.post(changes);
  const order = await world.buy(world.buyer, listingId, quantity);
  if ((changes.shippingFee ?? '') !== '') {
    await world.done(world.buyer, { kind: 'choose_delivery', orderId: order.id, method: 'ship' });
    const address = { recipient: 'Siti', lines: 'Ipoh', phone: '' };
    await world.done(world.buyer, { kind: 'set_address', orderId: order.id, ...address });
  }
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  await world.settle();
  const [line] = await world.store.read((reads) => reads.orders.lines(order.id));
  return { orderId: order.id, variantId, lineId: line?.id ?? '' };
}
const whole = (orderId: string) => ({ kind: 'refund', orderId, amount: '', lines: [], restock: true }) as const;
const caseOf = async (world: World, kind: string) => {
  const open = await world.store.read((reads) => reads.payments.cases(world.communityId, 10));
  return open.find((one) => one.kind === kind)?.id ?? '';
};
const minutes = async (world: World, count: number) => {
  for (let minute = 0; minute < count; minute += 1) await world.pass(MINUTE);
};

test('a failed part is sent again by its case: that part, not the rest of the payment', async () => {
  const world = await fresh();
  const { orderId } = await sold(world);
  world.sandbox.refundMode(world.shop.id, 'pending_then_failed');
  await world.done(world.seller, { ...whole(orderId), amount: '5.00', restock: false });
  await minutes(world, 2);
  expect((await world.money(orderId)).refunds).toMatchObject([{ state: 'failed', amount: 500 }]);

  world.sandbox.refundMode(world.shop.id, 'instant');
  const caseId = await caseOf(world, 'refund_failed');
  await world.done(world.admin, { kind: 'resolve_case', caseId, decision: 'refund' });
  await world.settle();
  const { refunds } = await world.money(orderId);
  expect(refunds.map(({ state, amount }) => [state, amount])).toEqual([
    ['failed', 500],
    ['succeeded', 500],
  ]);
  expect((await world.order(orderId)).state).toBe('paid');
  await prove(world);
});

test('a failed refund of units is sent again with its units, which are back on sale once', async () => {
  const world = await fresh();
  const { orderId, variantId, lineId } = await sold(world, {}, 2);
  world.sandbox.refundMode(world.shop.id, 'pending_then_failed');
  await world.done(world.seller, { ...whole(orderId), lines: [{ lineId, quantity: 1 }] });
  await minutes(world, 2);
  world.sandbox.refundMode(world.shop.id, 'instant');
  const caseId = await caseOf(world, 'refund_failed');
  await world.done(world.admin, { kind: 'resolve_case', caseId, decision: 'refund' });
  await world.settle();
  expect(await world.stock(variantId)).toEqual({ onHand: 4, held: 0, sold: 1 });
  expect((await world.panel(world.buyer, orderId)).lines).toMatchObject([{ refundedQuantity: 1 }]);
  await prove(world);
});

test('money that does not match and waits for a decision cannot be put away unseen', async () => {
  const world = await fresh();
  const { listingId } = await world.post();
  const order = await world.buy(world.buyer, listingId);
  world.sandbox.pay(await world.openBill(order), { mode: 'now' });
  const paid = JSON.stringify(world.sandbox.events().find((event) => event.type === 'payment.succeeded'));
  const event = JSON.parse(paid) as { id: string; data: { object: { amount: number } } };
  event.id += 'x';
  event.data.object.amount = 1;
  await world.core.onProviderNotice('sandbox', world.noticeOf(JSON.stringify(event)));
  await world.settle();
  const cases = await world.store.read((reads) => reads.payments.cases(world.communityId, 10));
  const withMoney = cases.find((one) => one.params['captureId'] !== undefined)?.id ?? '';
  const without = cases.find((one) => one.params['captureId'] === undefined)?.id ?? '';
  await world.done(world.admin, { kind: 'resolve_case', caseId: without, decision: 'dismiss' });
  const dismiss = { kind: 'resolve_case', caseId: withMoney, decision: 'dismiss' } as const;
  expect(await world.act(world.admin, dismiss)).toMatchObject({ ok: false });
  const shown = await world.core.load({ name: 'cases' }, { personId: world.admin, communityId: world.communityId });
  expect(shown).toMatchObject({ value: { cases: [{ decisions: ['deliver', 'refund'] }] } });

  await world.done(world.admin, { ...dismiss, decision: 'refund' });
  await world.settle();
  expect(await world.balances()).toEqual({ 'sandbox.channel': -12, 'sandbox.channel_fee': 12 });
  await prove(world);
});

test('a refund asked for while its channel is switched off is paid when the channel is back', async () => {
  const world = await fresh();
  const { orderId } = await sold(world);
  const channels = new Map(world.deps.channels);
  const all = world.deps.channels as Map<string, NonNullable<ReturnType<typeof channels.get>>>;
  all.delete('sandbox');
  await world.done(world.buyer, { kind: 'cancel_order', orderId });
  await world.work();
  await world.core.sweep();
  expect((await world.money(orderId)).refunds).toMatchObject([{ amount: 1250 }]);
  for (const [code, channel] of channels) all.set(code, channel);
  await world.pass(HOUR);
  expect((await world.money(orderId)).refunds).toMatchObject([{ state: 'succeeded' }]);
  expect((await world.order(orderId)).state).toBe('closed');
  await prove(world);
});

test('a refund that never reached its channel for a day fails for good, and a person is asked', async () => {
  const world = await fresh();
  const { orderId } = await sold(world);
  world.sandbox.fault({ op: 'createRefund', kind: 'drop_before', times: 1_000 });
  await world.done(world.seller, { ...whole(orderId), restock: false });
  for (let hour = 0; hour < 30; hour += 1) await world.pass(HOUR);
  world.sandbox.clearFaults();
  for (let day = 0; day < 3; day += 1) await world.pass(24 * HOUR);
  expect((await world.money(orderId)).refunds).toMatchObject([{ state: 'failed' }]);
  expect((await world.panel(world.buyer, orderId)).refundable.amount).toBe(1250);
  expect(await caseOf(world, 'refund_failed')).not.toBe('');
  await prove(world);
});

test('an order whose goods all went back is not sent any more, and ends although its fee was kept', async () => {
  const world = await fresh();
  const { orderId, variantId, lineId } = await sold(world, { shippingFee: '8.00' });
  world.sandbox.refundMode(world.shop.id, 'pending_then_succeeded');
  await world.done(world.seller, { ...whole(orderId), lines: [{ lineId, quantity: 1 }] });
  await world.work();
  expect(await world.act(world.seller, { kind: 'ship', orderId, tracking: '' })).toMatchObject({
    fault: { code: 'order_not_shippable' },
  });
  await minutes(world, 3);
  expect((await world.order(orderId)).state).toBe('closed');
  expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  // The fee can still be given back.
  await world.done(world.seller, whole(orderId));
  await minutes(world, 3);
  expect(await world.balances()).toMatchObject({ 'sandbox.channel': -20, 'sandbox.channel_fee': 20 });
  await prove(world);
});

test('the same line named twice counts once for each, and never for more units than were bought', async () => {
  const world = await fresh();
  const { orderId, lineId } = await sold(world, { price: '0.05' }, 2);
  const one = { lineId, quantity: 1 };
  const replies = await world.act(world.seller, { ...whole(orderId), lines: [one, one, one] });
  expect(replies).toMatchObject({ fault: { code: 'quantity_invalid', params: { max: 2 } } });
  await world.done(world.seller, { ...whole(orderId), lines: [one, one] });
  await world.settle();
  expect((await world.money(orderId)).refunds).toMatchObject([{ amount: 10, lines: [{ lineId, quantity: 2 }] }]);
  await prove(world);
});

test('all that is left, typed as an amount, gives the goods back as well', async () => {
  const world = await fresh();
  const { orderId, variantId } = await sold(world);
  await world.done(world.seller, { ...whole(orderId), amount: '12.50' });
  await world.settle();
  expect(await world.stock(variantId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  expect((await world.order(orderId)).state).toBe('closed');
  await prove(world);
});

test('an amount typed beside units is what is paid; the units go back on sale', async () => {
  const world = await fresh();
  const { orderId, variantId, lineId } = await sold(world, {}, 2);
  await world.done(world.seller, { ...whole(orderId), amount: '4.00', lines: [{ lineId, quantity: 1 }] });
  await world.settle();
  expect((await world.money(orderId)).refunds).toMatchObject([{ amount: 400, state: 'succeeded' }]);
  expect(await world.stock(variantId)).toEqual({ onHand: 4, held: 0, sold: 1 });
  await prove(world);
});
