import { expect, test } from 'vitest';
import { bench, MINUTE, START } from './support.ts';

const types = (events: { type: string }[]): string[] => events.map(({ type }) => type);

test('a decline leaves the checkout open with its reason, and paying afterwards works', async () => {
  const { sandbox, api } = await bench();
  const { id } = await api.checkout();
  const declined = sandbox.pay(id, { mode: 'decline', reason: 'insufficient_funds' });
  expect(declined).toMatchObject({
    status: 'open',
    paymentStatus: 'unpaid',
    payments: [{ status: 'failed', fee: 0, declineCode: 'insufficient_funds' }],
    declines: [{ code: 'insufficient_funds', at: START }],
  });
  expect(sandbox.book('shop-1')).toEqual([]);

  const paid = sandbox.pay(id, { mode: 'now' });
  expect(paid).toMatchObject({ status: 'complete', paymentStatus: 'paid' });
  expect(paid.payments[1]).toMatchObject({ status: 'succeeded', amount: 1_250, currency: 'EUR', fee: 12 });
  expect(types(sandbox.events())).toEqual(['payment.failed', 'payment.succeeded', 'checkout.completed']);
  expect(sandbox.balance('shop-1')).toEqual({ EUR: 1_238 });
});

test('a payment event names its checkout, reference, account, amount and metadata', async () => {
  const { sandbox, api } = await bench();
  const { id, reference } = await api.checkout();
  sandbox.pay(id, { mode: 'now' });
  expect(sandbox.events()[0]).toMatchObject({
    object: 'event',
    type: 'payment.succeeded',
    account: 'shop-1',
    livemode: false,
    createdAt: START,
    data: {
      object: {
        object: 'payment',
        status: 'succeeded',
        checkout: id,
        reference,
        account: 'shop-1',
        amount: 1_250,
        currency: 'EUR',
        fee: 12,
        livemode: false,
        metadata: { orderId: 'o1', attemptId: 'a1', shop: 'Kitchen' },
      },
    },
  });
});

test('paying twice makes two payments of one checkout', async () => {
  const { sandbox, api } = await bench();
  const { id } = await api.checkout();
  const paid = sandbox.pay(id, { mode: 'twice' });
  expect(paid.payments.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  expect(sandbox.balance('shop-1')).toEqual({ EUR: 2 * 1_238 });
  expect(() => sandbox.pay(id, { mode: 'now' })).toThrow('complete');
});

test.each([
  ['slow_success', 'paid', 'payment.succeeded', { EUR: 1_238 }],
  ['slow_fail', 'failed', 'payment.failed', {}],
] as const)('a %s is pending until its time and then %s', async (mode, paymentStatus, type, balance) => {
  const { sandbox, clock, api } = await bench();
  const { id } = await api.checkout();
  const slow = sandbox.pay(id, { mode, afterMs: 5_000 });
  expect(slow).toMatchObject({ status: 'complete', paymentStatus: 'pending', declines: [] });
  expect(slow.payments[0]).not.toHaveProperty('declineCode');

  clock.at += 4_999;
  await sandbox.tick();
  expect((await api.read(id)).paymentStatus).toBe('pending');
  clock.at += 1;
  await sandbox.tick();
  expect(await api.read(id)).toMatchObject({ status: 'complete', paymentStatus });
  expect(types(sandbox.events())).toEqual(['payment.pending', 'checkout.completed', type]);
  expect(sandbox.balance('shop-1')).toEqual(balance);
});

test('a late payment comes 90 seconds after the expiry and stands on an expired checkout', async () => {
  const { sandbox, clock, api } = await bench();
  const { id, expiresAt } = await api.checkout();
  expect(sandbox.pay(id, { mode: 'late' })).toMatchObject({ status: 'open', paymentStatus: 'unpaid', payments: [] });

  clock.at = expiresAt + 89_999;
  await sandbox.tick();
  expect(await api.read(id)).toMatchObject({ status: 'expired', paymentStatus: 'unpaid', payments: [] });
  clock.at += 1;
  await sandbox.tick();
  expect(await api.read(id)).toMatchObject({
    status: 'expired',
    paymentStatus: 'paid',
    payments: [{ status: 'succeeded', createdAt: clock.at }],
  });
  expect(types(sandbox.events())).toEqual(['checkout.expired', 'payment.succeeded']);
});

test('a late payment comes 90 seconds after the merchant expired the checkout early', async () => {
  const { sandbox, clock, api } = await bench();
  const { id } = await api.checkout();
  sandbox.pay(id, { mode: 'late' });
  clock.at += MINUTE;
  await api.request('POST', `/checkouts/${id}/expire`, {});
  clock.at += 90_000;
  await sandbox.tick();
  expect(await api.read(id)).toMatchObject({ status: 'expired', paymentStatus: 'paid' });
});

test('a clock that jumps past expiry and late payment at once settles both in one tick', async () => {
  const { sandbox, clock, api } = await bench();
  const { id } = await api.checkout();
  sandbox.pay(id, { mode: 'late' });
  clock.at += 72 * 60 * MINUTE;
  await sandbox.tick();
  expect(await api.read(id)).toMatchObject({ status: 'expired', paymentStatus: 'paid' });
});

test('an expired checkout takes no payment, even before the worker has seen that it expired', async () => {
  const { sandbox, clock, api } = await bench();
  const { id, expiresAt } = await api.checkout();
  clock.at = expiresAt;
  expect(() => sandbox.pay(id, { mode: 'now' })).toThrow('expired');
  expect(await api.read(id)).toMatchObject({ status: 'expired', paymentStatus: 'unpaid' });
  expect(sandbox.book('shop-1')).toEqual([]);
});

test('a fee of less than one unit is no line', async () => {
  const { sandbox, api } = await bench();
  const { id } = await api.checkout({ amount: 99 });
  sandbox.pay(id, { mode: 'now' });
  expect(sandbox.book('shop-1')).toMatchObject([{ kind: 'payment', amount: 99 }]);
});
