import { expect, test } from 'vitest';
import type { CheckoutObject } from '../../../sandbox/objects.ts';
import { bench, checkoutBody } from './support.ts';

test('an answer of 500 after the work is done stays the answer of its key, and the reference finds the work', async () => {
  const { sandbox, api } = await bench();
  sandbox.fault({ op: 'createCheckout', kind: '500_stored' });
  for (let time = 1; time <= 2; time++) {
    const answer = await api.request('POST', '/checkouts', { key: 'k1' }, checkoutBody());
    expect(answer).toMatchObject({ status: 500, body: { error: { code: 'internal_error' } } });
  }
  const found = await api.get<{ data: CheckoutObject[] }>('/checkouts?reference=attempt-1');
  expect(found.body.data).toMatchObject([{ status: 'open' }]);
});

test('a lost answer is given again to the same key, and the work is done once', async () => {
  const { sandbox, api } = await bench();
  sandbox.fault({ op: 'createCheckout', kind: 'drop_reply_after' });
  const call = () => api.request<CheckoutObject>('POST', '/checkouts', { key: 'k1' }, checkoutBody());
  await expect(call()).rejects.toThrow();
  const again = await call();
  expect(again.headers.get('sandbox-replayed')).toBe('true');
  expect((await api.get<{ data: unknown[] }>('/checkouts')).body.data).toEqual([again.body]);
});

test('a connection that breaks before the work leaves nothing', async () => {
  const { sandbox, api } = await bench();
  sandbox.fault({ op: 'createCheckout', kind: 'drop_before' });
  await expect(api.checkout()).rejects.toThrow();
  expect((await api.get('/checkouts')).body).toEqual({ object: 'list', data: [] });
});

test('work that is done after its connection broke is done at the next tick', async () => {
  const { sandbox, api } = await bench();
  sandbox.fault({ op: 'createCheckout', kind: 'execute_late' });
  await expect(api.request('POST', '/checkouts', { key: 'k1' }, checkoutBody())).rejects.toThrow();
  expect((await api.get('/checkouts')).body).toMatchObject({ data: [] });
  await sandbox.tick();
  expect((await api.get('/checkouts')).body).toMatchObject({ data: [{ reference: 'attempt-1' }] });
});

test.each([
  ['429', 429, true],
  ['409', 409, true],
  ['503', 503, true],
  ['500_before', 500, false],
] as const)(
  'a planned %s is answered as often as planned, to that account only, and keeps nothing',
  async (kind, ...expected) => {
    const { sandbox, api } = await bench();
    const [status, retryable] = expected;
    sandbox.fault({ op: '*', kind, times: 2, account: 'shop-1' });
    await api.checkout({}, { account: 'shop-2' });
    for (let time = 1; time <= 2; time++) {
      const answer = await api.request('POST', '/checkouts', { key: 'k1' }, checkoutBody());
      expect(answer).toMatchObject({ status, body: { error: { retryable } } });
    }
    expect((await api.request('POST', '/checkouts', { key: 'k1' }, checkoutBody())).status).toBe(200);
  },
);

test('a proxy may answer a reading call with a page of HTML and 200', async () => {
  const { sandbox, api } = await bench();
  const checkout = await api.checkout();
  sandbox.fault({ op: 'retrieve', kind: 'garbage_200' });
  await expect(api.read(checkout.id)).rejects.toThrow(SyntaxError);
  expect(await api.read(checkout.id)).toEqual(checkout);
});

test('faults that were planned can be taken back', async () => {
  const { sandbox, api } = await bench();
  sandbox.fault({ op: 'createCheckout', kind: '503', times: 100 });
  sandbox.clearFaults();
  await api.checkout();
});
