import { expect, test } from 'vitest';
import { bench } from './support.ts';

async function paidBench() {
  const made = await bench();
  const { id } = await made.api.checkout({ amount: 10_000 });
  const payment = made.sandbox.pay(id, { mode: 'now' }).payments[0]?.id;
  const refund = (reference: string, amount: number, more: Record<string, unknown> = {}, key = `key-${reference}`) =>
    made.api.refund({ payment, amount, currency: 'EUR', reference, ...more }, { key });
  return { ...made, payment, refund };
}

test('a refund succeeds at once and keeps the fee', async () => {
  const { sandbox, api, refund, payment } = await paidBench();
  const { status, body } = await refund('r1', 4_000);
  expect(status).toBe(200);
  expect(body).toMatchObject({ object: 'refund', status: 'succeeded', amount: 4_000, payment, reference: 'r1' });
  expect(sandbox.balance('shop-1')).toEqual({ EUR: 10_000 - 100 - 4_000 });
  expect((await api.get(`/refunds/${body.id}`)).body).toEqual(body);
  expect((await api.get('/refunds?reference=r1')).body).toEqual({ object: 'list', data: [body] });
  expect(sandbox.events().at(-1)).toMatchObject({ type: 'refund.succeeded', data: { object: { id: body.id } } });
});

test('the same reference with the same content is the same refund, whatever the key', async () => {
  const { sandbox, refund } = await paidBench();
  const first = await refund('r1', 4_000);
  const again = await refund('r1', 4_000, {}, 'another-key');
  expect(again.body).toEqual(first.body);
  expect(sandbox.book('shop-1').filter(({ kind }) => kind === 'refund')).toHaveLength(1);
  const other = await refund('r1', 4_001, {}, 'third-key');
  expect(other).toMatchObject({ status: 409, body: { error: { code: 'reference_in_use' } } });
});

test('refunds in parallel never exceed the payment', async () => {
  const { sandbox, refund } = await paidBench();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => refund(`r${index}`, 3_000)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
  for (const { status, body } of answers) {
    if (status !== 200) expect(body).toMatchObject({ error: { code: 'refund_exceeds_payment', retryable: false } });
  }
  expect((await refund('rest', 1_000)).status).toBe(200);
  expect((await refund('more', 1)).status).toBe(400);
  expect(sandbox.balance('shop-1')).toEqual({ EUR: -100 });
});

test.each([
  ['another currency', { currency: 'USD' }, 400, 'currency_mismatch'],
  ['a payment that is not there', { payment: 'pay_none' }, 404, 'not_found'],
  ['nothing', { amount: 0 }, 400, 'invalid_request'],
  ['less than nothing', { amount: -5 }, 400, 'invalid_request'],
])('a refund of %s is refused', async (_what, wrong, status, code) => {
  const { refund } = await paidBench();
  expect(await refund('r1', 100, wrong)).toMatchObject({ status, body: { error: { code } } });
});

test('a payment that failed or is under way has nothing to refund', async () => {
  const { sandbox, api } = await bench();
  for (const mode of ['decline', 'slow_success'] as const) {
    const { id } = await api.checkout();
    const payment = sandbox.pay(id, { mode }).payments[0]?.id;
    const answer = await api.refund({ payment, amount: 1, currency: 'EUR', reference: mode });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'payment_not_refundable' } } });
  }
});

test('a pending refund holds its amount and moves money only when it succeeds', async () => {
  const { sandbox, clock, api, refund } = await paidBench();
  sandbox.refundMode('shop-1', 'pending_then_succeeded');
  const { body } = await refund('r1', 10_000);
  expect(body.status).toBe('pending');
  expect(sandbox.balance('shop-1')).toEqual({ EUR: 9_900 });
  expect((await refund('r2', 1)).body).toMatchObject({ error: { code: 'refund_exceeds_payment' } });

  clock.at += 10_000;
  await sandbox.tick();
  expect((await api.get(`/refunds/${body.id}`)).body).toMatchObject({ status: 'succeeded' });
  expect(sandbox.balance('shop-1')).toEqual({ EUR: -100 });
  expect(sandbox.events().map(({ type }) => type)).toContain('refund.pending');
});

test('a refund that fails gives its amount back to be refunded, and stays on the list as failed', async () => {
  const { sandbox, clock, api, refund } = await paidBench();
  sandbox.refundMode('shop-1', 'pending_then_failed');
  await refund('r1', 10_000);
  clock.at += 10_000;
  await sandbox.tick();
  expect((await api.get('/refunds?reference=r1')).body).toMatchObject({ data: [{ status: 'failed' }] });
  expect(sandbox.balance('shop-1')).toEqual({ EUR: 9_900 });
  sandbox.refundMode('shop-1', 'instant');
  expect((await refund('r2', 10_000)).body).toMatchObject({ status: 'succeeded' });
});

test('a refund that the bank sends back is two lines in the book', async () => {
  const { sandbox, clock, refund } = await paidBench();
  sandbox.refundMode('shop-1', 'succeeded_then_failed');
  expect((await refund('r1', 4_000)).body.status).toBe('succeeded');
  clock.at += 10_000;
  await sandbox.tick();
  const lines = sandbox.book('shop-1').filter(({ reference }) => reference === 'r1');
  expect(lines).toMatchObject([
    { kind: 'refund', amount: -4_000 },
    { kind: 'refund_failed', amount: 4_000 },
  ]);
  expect(sandbox.balance('shop-1')).toEqual({ EUR: 9_900 });
  await sandbox.tick();
  expect(sandbox.book('shop-1')).toHaveLength(4);
});
