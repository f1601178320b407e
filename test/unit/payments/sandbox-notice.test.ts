import { describe, expect, test } from 'vitest';
import type { SandboxEvent } from '../../../sandbox/objects.ts';
import { readNotice } from '../../../src/payments/sandbox/notice.ts';
import type { RawNotice } from '../../../src/ports/payment-channel.ts';
import { requestTo, sandboxRig } from '../../support/payment-channels.ts';

/** A rig with one attempt open, and the ways to read what its provider says. */
async function rig() {
  const one = await sandboxRig();
  await one.channel.createPayment(requestTo(one));
  const verify = (raw: RawNotice) => readNotice(raw, one.settings.webhookSecret);
  const read = (event: unknown) => verify(one.provider.sign(JSON.stringify(event)));
  const newest = (type: string): SandboxEvent => {
    const found = one.sandbox.events().findLast((event) => event.type === type);
    if (!found) throw new Error(`no ${type}`);
    return found;
  };
  /** The newest event of that type, with some of its fields other than they were. */
  const changed = (type: string, object: Record<string, unknown>, event: Record<string, unknown> = {}) => {
    const original = newest(type);
    return read({ ...original, ...event, data: { object: { ...original.data.object, ...object } } });
  };
  return { ...one, verify, read, newest, changed };
}

test('the signature covers the bytes as they came, also where they are no UTF-8', async () => {
  const { verify, provider, newest } = await rig().then(async (one) => {
    await one.provider.pay('attempt-1', 'now');
    return one;
  });
  const raw = provider.sign(JSON.stringify(newest('payment.succeeded')));
  expect(verify({ ...raw, body: new Uint8Array(raw.body) })).toBeDefined();
  expect(verify({ ...raw, headers: { 'Sandbox-Signature': raw.headers['sandbox-signature'] ?? '' } })).toBeDefined();
  expect(verify({ ...raw, body: Buffer.concat([Buffer.from([0xff]), raw.body]) })).toBeUndefined();
});

describe('what a notice says of a payment', () => {
  test('paid, slow, and slow that ended', async () => {
    const one = await rig();
    await one.provider.pay('attempt-1', 'slow_fail');
    expect(one.read(one.newest('payment.pending'))?.about).toMatchObject({
      truth: {
        state: 'pending',
        nextAction: { kind: 'wait' },
        payments: [{ state: 'pending', amount: 1_250, fee: 0 }],
      },
    });
    expect(one.read(one.newest('checkout.completed'))?.about).toMatchObject({ truth: { state: 'pending' } });
    await one.provider.pass(60_000);
    // Whether the buyer may try again stands at the checkout, which this event does not tell of.
    expect(one.read(one.newest('payment.failed'))?.about).toMatchObject({
      truth: { state: 'unknown', declineCode: 'bank_unavailable', payments: [{ state: 'failed' }] },
    });
  });

  test('a decline on the page leaves the attempt open', async () => {
    const one = await rig();
    await one.provider.pay('attempt-1', 'decline');
    const about = one.read(one.newest('payment.failed'))?.about;
    expect(about).toMatchObject({ truth: { state: 'open', declineCode: 'declined', payments: [{ state: 'failed' }] } });
  });

  test('an expiry ends it; the payment that comes late is told by its own event', async () => {
    const one = await rig();
    await one.provider.pay('attempt-1', 'late');
    await one.provider.pass(15 * 60_000);
    expect(one.read(one.newest('checkout.expired'))?.about).toMatchObject({ truth: { state: 'ended', payments: [] } });
    await one.provider.pass(90_000);
    expect(one.read(one.newest('payment.succeeded'))?.about).toMatchObject({
      truth: { state: 'succeeded', payments: [{ state: 'succeeded', amount: 1_250, fee: 12 }] },
    });
  });

  test('its channel reference is the checkout, its object the payment', async () => {
    const one = await rig();
    await one.provider.pay('attempt-1', 'now');
    const { channelRef } = await one.channel.retrievePayment({
      account: one.account,
      reference: 'attempt-1',
      channelRef: null,
    });
    const event = one.newest('payment.succeeded');
    const notice = one.read(event);
    expect(notice).toMatchObject({ eventId: event.id, type: event.type, objectId: event.data.object.id });
    expect(notice?.about).toMatchObject({ truth: { channelRef } });
  });
});

describe('what is rightly signed', () => {
  async function paid() {
    const one = await rig();
    await one.provider.pay('attempt-1', 'now');
    return one;
  }

  test('is told as it says, for the core to compare', async () => {
    const { changed } = await paid();
    const told = (object: Record<string, unknown>) => changed('payment.succeeded', object)?.about;
    expect(told({ amount: 1 })).toMatchObject({ truth: { payments: [{ amount: 1 }] } });
    expect(told({ currency: 'VND' })).toMatchObject({ truth: { payments: [{ currency: 'VND' }] } });
    expect(told({ reference: 'attempt-2' })).toMatchObject({ reference: 'attempt-2' });
    expect(told({ metadata: { orderId: 'order-2' } })).toMatchObject({ orderId: 'order-2' });
    expect(told({ metadata: {} })).toMatchObject({ orderId: '' });
  });

  test('belongs to no account when event and object name two', async () => {
    const { changed, account } = await paid();
    expect(changed('payment.succeeded', { account: 'shop-2' }, { account: 'shop-2' })?.account).toBe('shop-2');
    for (const notice of [
      changed('payment.succeeded', { account: 'shop-2' }),
      changed('payment.succeeded', {}, { account: 'shop-2' }),
    ]) {
      expect(notice).toBeDefined();
      expect([account.accountRef, 'shop-2']).not.toContain(notice?.account);
    }
  });

  test.each([
    ['real money', { livemode: true }],
    ['an amount in words', { amount: '1250' }],
    ['a fraction', { amount: 12.5 }],
    ['an unsafe amount', { amount: 2 ** 53 }],
    ['nothing', { amount: 0 }],
    ['less than nothing', { amount: -1_250 }],
    ['a negative fee', { fee: -1 }],
    ['no currency', { currency: undefined }],
    ['a currency in small letters', { currency: 'eur' }],
    ['a reference of another kind', { reference: '=1+1' }],
    ['another object', { object: 'checkout' }],
    ['metadata that is no text', { metadata: { orderId: 1 } }],
  ])('but says %s, is not taken', async (_name, object) => {
    const { changed } = await paid();
    expect(changed('payment.succeeded', object)).toBeUndefined();
  });

  test('but says it is live, is not taken, whatever its type', async () => {
    const { changed } = await paid();
    expect(changed('payment.succeeded', {}, { livemode: true })).toBeUndefined();
    expect(changed('payment.succeeded', {}, { livemode: true, type: 'payout.paid' })).toBeUndefined();
  });

  test('and of a type we do not know is stored and not acted upon', async () => {
    const { changed } = await paid();
    const notice = changed('payment.succeeded', { object: 'payout' }, { type: 'payout.paid' });
    expect(notice).toMatchObject({ type: 'payout.paid', account: 'shop-1', about: { kind: 'other' } });
  });

  test('about a refund carries its amount', async () => {
    const one = await paid();
    const { payments } = await one.channel.retrievePayment({
      account: one.account,
      reference: 'attempt-1',
      channelRef: null,
    });
    await one.channel.createRefund({
      account: one.account,
      reference: 'refund-1',
      idempotencyKey: 'refund:refund-1',
      paymentRef: payments[0]?.channelRef ?? '',
      amount: { amount: 400, currency: 'EUR' },
    });
    expect(one.changed('refund.succeeded', { amount: 401 })?.about).toMatchObject({
      kind: 'refund',
      reference: 'refund-1',
      truth: { state: 'succeeded', amount: 401, currency: 'EUR' },
    });
  });
});
