import { expect, test } from 'vitest';
import type { CheckoutObject } from '../../../sandbox/objects.ts';
import { bench, checkoutBody, START, type Refused } from './support.ts';

test('a checkout is answered with its page, its amount and nothing paid', async () => {
  const { sandbox, api } = await bench();
  const checkout = await api.checkout({ reference: 'attempt-7', amount: 999 });
  expect(checkout).toMatchObject({
    object: 'checkout',
    status: 'open',
    paymentStatus: 'unpaid',
    amount: 999,
    currency: 'EUR',
    reference: 'attempt-7',
    account: 'shop-1',
    livemode: false,
    metadata: { orderId: 'o1', attemptId: 'a1', shop: 'Kitchen' },
    payments: [],
    declines: [],
    createdAt: START,
  });
  expect(checkout.url.startsWith(`${sandbox.url}/checkout/${checkout.id}?k=`)).toBe(true);
  expect(await api.read(checkout.id)).toEqual(checkout);
});

test('a call without the key of this sandbox is refused and writes nothing', async () => {
  const { sandbox } = await bench();
  for (const authorization of [undefined, 'Bearer ', 'Bearer sk_sandbox_other', sandbox.apiKey]) {
    const response = await fetch(`${sandbox.url}/v1/checkouts`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'sandbox-account': 'shop-1',
        'idempotency-key': 'k',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: JSON.stringify(checkoutBody()),
    });
    expect(response.status).toBe(401);
  }
  expect(sandbox.events()).toEqual([]);
});

test.each([
  ['amount', { amount: 0 }, 'invalid_request'],
  ['amount', { amount: 12.5 }, 'invalid_request'],
  ['amount', { amount: 2 ** 53 }, 'invalid_request'],
  ['amount', { amount: '1250' }, 'invalid_request'],
  ['currency', { currency: 'eur' }, 'invalid_request'],
  ['reference', { reference: '=1+1' }, 'invalid_request'],
  ['return address', { returnUrl: 'javascript:alert(1)' }, 'invalid_request'],
  ['unknown property', { surprise: 1 }, 'invalid_request'],
  ['sum of lines', { lines: [{ title: 'Sambal', quantity: 1, amount: 1 }] }, 'lines_do_not_add_up'],
  ['expiry', { expiresAt: START }, 'expires_in_the_past'],
])('a checkout with a wrong %s is refused: %j', async (_what, wrong, code) => {
  const { api } = await bench();
  const answer = await api.request<Refused>('POST', '/checkouts', { key: 'k1' }, checkoutBody(wrong));
  expect(answer).toMatchObject({ status: 400, body: { error: { code, retryable: false } } });
});

test('lines may take away as well as add, as long as they add up to the amount', async () => {
  const { api } = await bench();
  const lines = [
    { title: 'Sambal', quantity: 2, amount: 2_000 },
    { title: 'Coupon', quantity: 1, amount: -750 },
  ];
  expect((await api.checkout({ amount: 1_250, lines })).amount).toBe(1_250);
});

test('the same key and body give the first answer again, in any order of properties', async () => {
  const { api } = await bench();
  const body = checkoutBody();
  const first = await api.request<CheckoutObject>('POST', '/checkouts', { key: 'k1' }, body);
  const reordered = Object.fromEntries(Object.entries(body).toReversed());
  const again = await api.request<CheckoutObject>('POST', '/checkouts', { key: 'k1' }, reordered);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('sandbox-replayed')).toBe('true');
});

test('the same key with another body is a mismatch, and the key of another account is another key', async () => {
  const { api } = await bench();
  await api.checkout({}, { key: 'k1' });
  const other = await api.request('POST', '/checkouts', { key: 'k1' }, checkoutBody({ amount: 1 }));
  expect(other).toMatchObject({ status: 409, body: { error: { code: 'idempotency_mismatch', retryable: false } } });
  await api.checkout({}, { key: 'k1', account: 'shop-2' });
});

test('a change without a key is refused', async () => {
  const { api } = await bench();
  const answer = await api.request('POST', '/checkouts', {}, checkoutBody());
  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'idempotency_key_required' } } });
});

test('a malformed body does not use up its key, a refusal of the work does', async () => {
  const { api } = await bench();
  await api.checkout({ reference: 'taken' });
  const malformed = await api.request('POST', '/checkouts', { key: 'k1' }, checkoutBody({ amount: -1 }));
  expect(malformed.status).toBe(400);
  expect((await api.request('POST', '/checkouts', { key: 'k1' }, checkoutBody())).status).toBe(200);

  const body = checkoutBody({ reference: 'taken' });
  const refused = await api.request('POST', '/checkouts', { key: 'k2' }, body);
  expect(refused).toMatchObject({ status: 409, body: { error: { code: 'reference_in_use' } } });
  const replayed = await api.request('POST', '/checkouts', { key: 'k2' }, body);
  expect(replayed.body).toEqual(refused.body);
  expect(replayed.headers.get('sandbox-replayed')).toBe('true');
});

test('a second call with a key that is under way is told so and may retry', async () => {
  const { sandbox, api } = await bench();
  sandbox.fault({ op: 'createCheckout', kind: 'stall' });
  const call = () => api.request<CheckoutObject & Refused>('POST', '/checkouts', { key: 'k1' }, checkoutBody());
  const both = [call(), call()];
  // Whichever arrived first is held back, so the other one is the first to be answered.
  expect(await Promise.race(both)).toMatchObject({
    status: 409,
    body: { error: { code: 'idempotency_in_progress', retryable: true } },
  });
  await sandbox.tick();
  const [held] = (await Promise.all(both)).filter(({ status }) => status === 200);
  expect((await call()).body).toEqual(held?.body);
});

test('an account sees nothing of another account', async () => {
  const { sandbox, api } = await bench();
  const mine = await api.checkout();
  const paid = sandbox.pay(mine.id, { mode: 'now' });
  const refund = await api.refund({ payment: paid.payments[0]?.id, amount: 5, currency: 'EUR', reference: 'r1' });
  const other = { account: 'shop-2' };
  expect((await api.get(`/checkouts/${mine.id}`, other)).status).toBe(404);
  expect((await api.get(`/refunds/${refund.body.id}`, other)).status).toBe(404);
  expect((await api.request('POST', `/checkouts/${mine.id}/expire`, other)).status).toBe(404);
  const theft = { payment: paid.payments[0]?.id, amount: 5, currency: 'EUR', reference: 'r2' };
  expect((await api.refund(theft, { ...other, key: 'k' })).status).toBe(404);
  expect((await api.get('/balance', other)).body).toEqual({});
  expect((await api.get('/events', other)).body).toMatchObject({ data: [], hasMore: false });
  expect((await api.get('/statement', other)).body).toMatchObject({ lines: [] });
  expect((await api.get(`/checkouts?reference=${mine.reference}`, other)).body).toMatchObject({ data: [] });
});

test('a checkout is found by its reference', async () => {
  const { api } = await bench();
  const wanted = await api.checkout({ reference: 'wanted' });
  await api.checkout();
  expect((await api.get('/checkouts?reference=wanted')).body).toEqual({ object: 'list', data: [wanted] });
  expect((await api.get('/checkouts?reference=other')).body).toEqual({ object: 'list', data: [] });
});

test('expiring an open checkout ends it once, a complete one refuses', async () => {
  const { sandbox, api } = await bench();
  const open = await api.checkout();
  for (let time = 1; time <= 2; time++) {
    const answer = await api.request<CheckoutObject>('POST', `/checkouts/${open.id}/expire`, {});
    expect(answer).toMatchObject({ status: 200, body: { status: 'expired', paymentStatus: 'unpaid' } });
  }
  expect(sandbox.events().map(({ type }) => type)).toEqual(['checkout.expired']);

  const paid = await api.checkout();
  sandbox.pay(paid.id, { mode: 'now' });
  const refused = await api.request('POST', `/checkouts/${paid.id}/expire`, {});
  expect(refused).toMatchObject({ status: 409, body: { error: { code: 'checkout_complete' } } });
});

test('events are read in order and from any point on', async () => {
  const { sandbox, api } = await bench();
  const checkout = await api.checkout();
  sandbox.pay(checkout.id, { mode: 'decline' });
  sandbox.pay(checkout.id, { mode: 'now' });
  type Page = { data: { id: string; type: string }[]; hasMore: boolean };
  const first = (await api.get<Page>('/events?limit=1')).body;
  expect(first).toMatchObject({ data: [{ type: 'payment.failed' }], hasMore: true });
  const rest = (await api.get<Page>(`/events?after=${first.data[0]?.id}`)).body;
  expect(rest.data.map(({ type }) => type)).toEqual(['payment.succeeded', 'checkout.completed']);
  expect(rest.hasMore).toBe(false);
});

test('bodies that are too large or no JSON are the callers fault', async () => {
  const { api } = await bench();
  const large = await api.request('POST', '/checkouts', { key: 'k' }, { description: 'x'.repeat(70_000) });
  expect(large).toMatchObject({ status: 413, body: { error: { code: 'body_too_large' } } });
  expect((await api.request('POST', '/checkouts', { key: 'k' }, 'text')).status).toBe(400);
  expect((await api.get('/nowhere')).status).toBe(404);
});

test('the sandbox says that it lives, and tells the time of its own clock', async () => {
  const { sandbox, clock } = await bench();
  clock.at += 3_600_000;
  const response = await fetch(`${sandbox.url}/livez`);
  expect(response.status).toBe(200);
  expect(response.headers.get('date')).toBe(new Date(clock.at).toUTCString());
});
