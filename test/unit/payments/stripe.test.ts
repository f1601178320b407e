// What only Stripe's own wire can show: the parameters to the letter, keys and their end, events in any order, both kinds of account.
import { describe, expect, test } from 'vitest';
import { money } from '../../../src/domain/money.ts';
import { createStripeChannel } from '../../../src/payments/stripe/channel.ts';
import { declineCodeOf } from '../../../src/payments/stripe/declines.ts';
import {
  DECLINE_CODES,
  type ChannelNotice,
  type CreatePayment,
  type DeclineCode,
} from '../../../src/ports/payment-channel.ts';
import { requestTo, stripeRig } from '../../support/payment-channels.ts';

type StripeRig = Awaited<ReturnType<typeof stripeRig>>;
const DAY_MS = 24 * 60 * 60_000;

const sent = ({ fake }: StripeRig, path: string) =>
  fake.requests.filter((one) => one.path === path && one.method === 'POST');
const refOf = (rig: StripeRig, channelRef: string | null = null) => ({
  account: rig.account,
  reference: 'attempt-1',
  channelRef,
});

/** A bill of these lines, in this currency. */
async function opened(rig: StripeRig, changes: Partial<CreatePayment> = {}) {
  const opening = await rig.channel.createPayment(requestTo(rig, changes));
  const [request] = sent(rig, '/v1/checkout/sessions').slice(-1);
  if (!request) throw new Error('nothing was sent');
  return { opening, request, form: request.form };
}

const line = (title: string, quantity: number, amount: number, kind: 'item' | 'delivery' | 'tax' = 'item') => ({
  ...{ kind, title, quantity, amount },
});
const unit = (name: string, quantity: number, amount: number, currency = 'eur') => ({
  quantity: String(quantity),
  price_data: { currency, unit_amount: String(amount), product_data: { name } },
});

async function paid(rig: StripeRig, amount = money(1_250, 'EUR')) {
  await rig.channel.createPayment(requestTo(rig, { amount }));
  await rig.provider.pay('attempt-1', 'now');
  const [payment] = (await rig.channel.retrievePayment(refOf(rig))).payments;
  if (!payment) throw new Error('not paid');
  return payment;
}

describe('a session', () => {
  test('carries the bill, its names and its end, and nothing else', async () => {
    const rig = await stripeRig();
    const { form, request } = await opened(rig);
    const names = { order_id: 'order-1', attempt_id: 'attempt-1', shop_id: 's-1' };
    expect(form).toEqual({
      mode: 'payment',
      client_reference_id: 'attempt-1',
      line_items: [unit('Sambal', 1, 1_250)],
      metadata: names,
      payment_intent_data: {
        metadata: names,
        description: 'Kitchen K7PM2QXD',
        capture_method: 'automatic',
        statement_descriptor_suffix: 'K7PM2QXD',
      },
      success_url: 'http://127.0.0.1:9/return',
      cancel_url: 'http://127.0.0.1:9/return',
      locale: 'en',
      expires_at: String((rig.now() + (15 + 31) * 60_000) / 1000),
    });
    expect(request).toMatchObject({ key: 'attempt:attempt-1:create', account: '' });
  });

  test('adds up to the minor unit, however prices were reduced', async () => {
    const rig = await stripeRig();
    const lines = [
      line('Tea', 3, 1_000),
      line('Cup', 2, 900),
      line('Gift', 1, 0),
      line('', 1, 499, 'delivery'),
      line('SST 6%', 1, 144, 'tax'),
    ];
    const { form } = await opened(rig, { lines, amount: money(2_543, 'EUR'), locale: 'pt-BR' });
    expect(form['line_items']).toEqual([
      unit('Tea × 3', 1, 1_000),
      unit('Cup', 2, 450),
      unit('Gift', 1, 0),
      unit('Entrega', 1, 499),
      unit('SST 6%', 1, 144),
    ]);
    expect(rig.fake.session('attempt-1').amount_total).toBe(2_543);
  });

  test('is one line where Stripe cannot write each: too many, or parts finer than it counts', async () => {
    const many = await stripeRig();
    const hundred = Array.from({ length: 101 }, (_, index) => line(`Item ${index}`, 1, 10));
    expect((await opened(many, { lines: hundred, amount: money(1_010, 'EUR') })).form['line_items']).toEqual([
      unit('K7PM2QXD', 1, 1_010),
    ]);
    const fine = await stripeRig();
    const fils = [line('Dates', 1, 1_125), line('Halwa', 1, 1_125)];
    expect((await opened(fine, { lines: fils, amount: money(2_250, 'KWD') })).form['line_items']).toEqual([
      unit('K7PM2QXD', 1, 2_250, 'kwd'),
    ]);
  });

  test.each([
    ['en', 'en'],
    ['ms', 'ms'],
    ['zh-CN', 'zh'],
    ['zh-TW', 'zh-TW'],
    ['es', 'es'],
    ['pt-BR', 'pt-BR'],
    ['ar', 'auto'],
  ])('speaks to a reader of %s in %s', async (locale, theirs) => {
    expect((await opened(await stripeRig(), { locale })).form['locale']).toBe(theirs);
  });

  test('of a bill that stays open for longer than a page can ends by itself', async () => {
    const rig = await stripeRig();
    const { form, opening } = await opened(rig, { expiresAt: rig.now() + 3 * DAY_MS });
    expect(opening.state).toBe('open');
    expect(form['expires_at']).toBeUndefined();
  });

  test('may be opened until the last moment of its bill', async () => {
    const rig = await stripeRig();
    const request = requestTo(rig);
    await rig.provider.pass(15 * 60_000 - 1_000);
    expect((await rig.channel.createPayment(request)).state).toBe('open');
  });

  test.each([
    ['card'],
    ['alipay'],
    ['wechat_pay'],
    ['pix'],
    ['klarna'],
    ['affirm'],
    ['afterpay_clearpay'],
    ['fpx'],
    ['grabpay'],
    ['promptpay'],
  ])('offers %s where the operator says so', async (method) => {
    const rig = await stripeRig();
    const channel = createStripeChannel({ ...rig.settings, paymentMethods: ['card', method] });
    expect((await channel.createPayment(requestTo(rig))).state).toBe('open');
    expect(sent(rig, '/v1/checkout/sessions')[0]?.form['allowed_payment_method_types']).toEqual(['card', method]);
  });

  test.each(['Kitchen *best*', '12345678', 'A name longer than it may be', 'ÜBER'])(
    'has nothing on the statement that Stripe refuses (%s)',
    async (description) => {
      const { opening, form } = await opened(await stripeRig(), { description });
      expect(opening.state).toBe('open');
      expect(form['payment_intent_data']).not.toHaveProperty('statement_descriptor_suffix');
    },
  );
});

describe('keys', () => {
  test('the buyer changed languages between two tries: the first session is found', async () => {
    const rig = await stripeRig();
    rig.provider.breakNext('createPayment', 'after');
    expect((await rig.channel.createPayment(requestTo(rig))).state).toBe('unknown');
    const again = await rig.channel.createPayment(requestTo(rig, { locale: 'es' }));
    expect(again).toMatchObject({ state: 'open', channelRef: rig.fake.session('attempt-1').id });
    expect(await rig.provider.made()).toEqual({ attempts: 1, refunds: 0 });
  });

  test('a stored 500 that did nothing stays unknown: no second key is ever tried', async () => {
    const rig = await stripeRig();
    rig.fake.fault('createSession', '500_not_done');
    for (let tries = 1; tries <= 3; tries++)
      expect((await rig.channel.createPayment(requestTo(rig))).state).toBe('unknown');
    expect(await rig.provider.made()).toEqual({ attempts: 0, refunds: 0 });
    expect(new Set(sent(rig, '/v1/checkout/sessions').map((one) => one.key)).size).toBe(1);
  });

  test('a refund whose key was forgotten is found by our name for it', async () => {
    const rig = await stripeRig();
    const payment = await paid(rig);
    rig.provider.breakNext('createRefund', 'after');
    const refund = {
      ...{ account: rig.account, reference: 'refund-1', idempotencyKey: 'refund:refund-1' },
      ...{ paymentRef: payment.channelRef, amount: money(500, 'EUR') },
    };
    expect(await rig.channel.createRefund(refund)).toEqual({ state: 'unknown' });
    await rig.provider.pass(25 * 60 * 60_000);
    const asked = { account: rig.account, reference: 'refund-1', channelRef: null, paymentRef: payment.channelRef };
    expect((await rig.channel.retrieveRefund(asked)).state).toBe('succeeded');
    expect((await rig.provider.made()).refunds).toBe(1);
  });

  test.each(['409', '429'] as const)('being put off (%s) is no outcome', async (kind) => {
    const rig = await stripeRig();
    rig.fake.fault('createSession', kind);
    await expect(rig.channel.createPayment(requestTo(rig))).rejects.toMatchObject({ retryable: true });
    expect(await rig.provider.made()).toEqual({ attempts: 0, refunds: 0 });
  });

  test.each(['503', 'wrong_shape'] as const)('an answer that says nothing (%s) concludes nothing', async (kind) => {
    const rig = await stripeRig();
    rig.fake.fault('createSession', kind);
    expect((await rig.channel.createPayment(requestTo(rig))).state).toBe('unknown');
    expect((await rig.channel.createPayment(requestTo(rig))).state).toBe('open');
    expect((await rig.provider.made()).attempts).toBe(1);
  });

  test('a key that is refused is the operator’s to put right', async () => {
    const rig = await stripeRig();
    const channel = createStripeChannel({ ...rig.settings, secretKey: 'sk_test_another' });
    await expect(channel.createPayment(requestTo(rig))).rejects.toThrow(/STRIPE_SECRET_KEY/);
  });
});

describe('asking', () => {
  test('does with objects that are named and not brought along', async () => {
    const rig = await stripeRig();
    rig.fake.parts.expands = false;
    const payment = await paid(rig);
    expect(payment).toMatchObject({ state: 'succeeded', amount: 1_250, currency: 'EUR', fee: 66 });
    const lines = await rig.channel.fetchStatement?.({ account: rig.account, from: rig.now(), to: rig.now() + 1_000 });
    expect(lines).toMatchObject([{ kind: 'payment', objectId: payment.channelRef, reference: 'attempt-1', fee: 66 }]);
  });

  test('finds a session that was never answered among more than fit a page', async () => {
    const rig = await stripeRig();
    rig.provider.breakNext('createPayment', 'after');
    await rig.channel.createPayment(requestTo(rig));
    for (let other = 0; other < 120; other++)
      await rig.channel.createPayment(requestTo(rig, { reference: `other-${other}`, attemptId: `other-${other}` }));
    const { openedAt } = requestTo(rig);
    expect((await rig.channel.retrievePayment({ ...refOf(rig), openedAt })).channelRef).toBe(
      rig.fake.session('attempt-1').id,
    );
  });

  test.each([
    ['card_declined', 'insufficient_funds', 'insufficient_funds'],
    ['expired_card', undefined, 'expired_card'],
    ['incorrect_cvc', undefined, 'incorrect_cvc'],
    ['incorrect_number', undefined, 'incorrect_details'],
    ['processing_error', undefined, 'processing_error'],
    ['card_declined', 'stolen_card', 'lost_or_stolen'],
    ['card_declined', 'card_not_supported', 'card_not_supported'],
    ['card_declined', 'authentication_required', 'authentication_required'],
    ['card_declined', 'card_velocity_exceeded', 'limit_exceeded'],
    ['card_declined', 'fraudulent', 'suspected_fraud'],
    ['card_declined', 'issuer_not_available', 'bank_unavailable'],
    ['card_declined', 'a word of tomorrow', 'declined'],
  ])('a card refused with %s, %s is told as %s', async (code, decline, told) => {
    const rig = await stripeRig();
    await rig.channel.createPayment(requestTo(rig));
    rig.fake.buyers.decline(
      rig.fake.session('attempt-1').id,
      decline === undefined ? { code } : { code, decline_code: decline },
    );
    expect(await rig.channel.retrievePayment(refOf(rig))).toMatchObject({ state: 'open', declineCode: told });
    expect(DECLINE_CODES).toContain<DeclineCode>(declineCodeOf({ code, decline_code: decline }));
  });
});

describe('events', () => {
  const noticesOf = async (rig: StripeRig): Promise<ChannelNotice[]> =>
    (await Promise.all(rig.provider.notices().map(async (raw) => rig.channel.verifyNotice?.(raw)))).filter(
      (one) => one !== undefined,
    );

  test('say what is true now, in whatever order they come', async () => {
    const rig = await stripeRig();
    await rig.channel.createPayment(requestTo(rig));
    await rig.provider.pay('attempt-1', 'decline');
    await rig.provider.pay('attempt-1', 'slow_success');
    await rig.provider.pass(60_000);
    const told = (await noticesOf(rig)).filter((one) => one.about.kind === 'attempt');
    expect(told.map((one) => one.type)).toEqual([
      'payment_intent.payment_failed',
      'checkout.session.completed',
      'payment_intent.succeeded',
      'checkout.session.async_payment_succeeded',
    ]);
    for (const { about } of told)
      expect(about).toMatchObject({ reference: 'attempt-1', orderId: 'order-1', truth: { state: 'succeeded' } });
  });

  test('of a slow payment that failed end the attempt', async () => {
    const rig = await stripeRig();
    await rig.channel.createPayment(requestTo(rig));
    await rig.provider.pay('attempt-1', 'slow_fail');
    expect((await noticesOf(rig)).at(-1)?.about).toMatchObject({
      truth: { state: 'pending', nextAction: { kind: 'wait' } },
    });
    await rig.provider.pass(60_000);
    expect((await noticesOf(rig)).at(-1)?.about).toMatchObject({ truth: { state: 'failed', payments: [] } });
  });

  test('that cannot be looked into now conclude nothing', async () => {
    const rig = await stripeRig();
    await paid(rig);
    rig.fake.fault('read', '503', 10);
    const last = rig.provider.notices().at(-1);
    const notice = last && (await rig.channel.verifyNotice?.(last));
    expect(notice?.about).toMatchObject({
      kind: 'attempt',
      truth: { state: 'unknown', payments: [{ state: 'pending' }] },
    });
  });

  test('whose sum is not what Stripe shows hand on their own claim, which proves nothing', async () => {
    const rig = await stripeRig();
    await paid(rig);
    const event = rig.fake.events().findLast((one) => one.type === 'checkout.session.completed');
    if (!event) throw new Error('no event');
    const read = async (changes: Record<string, unknown>, around: Record<string, unknown> = {}) =>
      rig.channel.verifyNotice?.(
        rig.provider.sign(
          JSON.stringify({ ...event, ...around, data: { object: { ...event.data.object, ...changes } } }),
        ),
      );
    expect((await read({ amount_total: 1 }))?.about).toMatchObject({
      truth: { payments: [{ state: 'pending', amount: 1 }] },
    });
    expect((await read({ currency: 'usd' }))?.about).toMatchObject({
      truth: { payments: [{ state: 'pending', currency: 'USD' }] },
    });
    expect(await read({}, { livemode: true })).toMatchObject({ account: 'live:s-1' });
    expect(await read({}, { account: 'acct_other' })).toMatchObject({
      account: 'acct_other',
      about: { truth: { state: 'unknown' } },
    });
    expect(await read({ client_reference_id: null })).toMatchObject({ about: { kind: 'other' } });
  });

  test('are signed under any of the secrets in use, and under no other', async () => {
    const rig = await stripeRig();
    await paid(rig);
    const raw = rig.provider.notices().at(-1);
    if (!raw) throw new Error('no event');
    const under = (webhookSecrets: readonly string[]) =>
      createStripeChannel({ ...rig.settings, webhookSecrets }).verifyNotice?.(raw);
    expect(await under([rig.fake.webhookSecret])).toBeDefined();
    expect(await under(['whsec_the_new_one', rig.fake.webhookSecret])).toBeDefined();
    expect(await under(['whsec_the_new_one'])).toBeUndefined();
    const [time = '', own = ''] = (raw.headers['stripe-signature'] ?? '').split(',');
    const rolled = {
      ...raw,
      headers: { 'Stripe-Signature': `${time},v1=${'0'.repeat(64)},${own},v0=${'a'.repeat(64)}` },
    };
    expect(await rig.channel.verifyNotice?.(rolled)).toBeDefined();
    const marked = { ...raw, body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), raw.body]) };
    expect(await rig.channel.verifyNotice?.(marked)).toBeUndefined();
  });

  test('of a refund made at Stripe itself, a dispute and a warning name the payment and its order', async () => {
    const rig = await stripeRig();
    const payment = await paid(rig);
    rig.fake.buyers.refundElsewhere(payment.channelRef, 250);
    rig.fake.buyers.warn(payment.channelRef);
    const dispute = rig.fake.buyers.dispute(payment.channelRef, { amount: 1_000 });
    const told = (await noticesOf(rig)).slice(2);
    const whose = { reference: 'attempt-1', orderId: 'order-1', paymentRef: payment.channelRef };
    expect(told[0]?.about).toMatchObject({
      kind: 'paid_back',
      ...whose,
      refundRef: expect.stringMatching(/^re_/) as string,
      amount: 250,
      currency: 'EUR',
    });
    expect(told[1]?.about).toEqual({ kind: 'warning', ...whose, reason: 'unauthorized_use_of_card' });
    const now = { channelRef: dispute.id, state: 'needs_response', amount: 1_000, withdrawn: 1_000, fee: 1_500 };
    expect(told.slice(2)).toMatchObject([
      { about: { kind: 'dispute', ...whose, dispute: now } },
      { about: { kind: 'dispute', ...whose, dispute: now } },
    ]);
    rig.fake.buyers.moveDispute(dispute.id, 'under_review');
    rig.fake.buyers.moveDispute(dispute.id, 'won');
    expect(await rig.channel.retrieveDispute?.({ account: rig.account, channelRef: dispute.id })).toMatchObject({
      ...{ state: 'won', withdrawn: 0, respondBy: null },
    });
  });
});

describe('a shop on its own account', () => {
  test('is charged there, keeps its books apart, and pays the community its part', async () => {
    const rig = await stripeRig({ accounts: 'shops' });
    await rig.channel.createPayment(requestTo(rig, { marketFee: money(63, 'EUR') }));
    await rig.provider.pay('attempt-1', 'now');
    const [request] = sent(rig, '/v1/checkout/sessions');
    expect(request).toMatchObject({
      account: rig.account.accountRef,
      form: { payment_intent_data: { application_fee_amount: '63' } },
    });
    expect(request?.form['payment_intent_data']).not.toHaveProperty('statement_descriptor_suffix');
    const [payment] = (await rig.channel.retrievePayment(refOf(rig))).payments;
    expect(payment).toMatchObject({ amount: 1_250, fee: 66 + 63 });
    expect(rig.fake.books.balance('')).toEqual({});
    expect(rig.fake.books.balance(rig.account.accountRef)).toEqual({ eur: 1_250 - 129 });
    expect(rig.fake.books.balance(rig.other.accountRef)).toEqual({});
    const last = rig.provider.notices().at(-1);
    expect(last && (await rig.channel.verifyNotice?.(last))).toMatchObject({ account: rig.account.accountRef });
  });

  test('gets the community’s part back with what it gives back', async () => {
    const rig = await stripeRig({ accounts: 'shops' });
    await rig.channel.createPayment(requestTo(rig, { marketFee: money(100, 'EUR') }));
    await rig.provider.pay('attempt-1', 'now');
    const [payment] = (await rig.channel.retrievePayment(refOf(rig))).payments;
    const refund = {
      ...{ account: rig.account, reference: 'refund-1', idempotencyKey: 'refund:refund-1' },
      ...{ paymentRef: payment?.channelRef ?? '', amount: money(625, 'EUR') },
    };
    expect((await rig.channel.createRefund(refund)).state).toBe('succeeded');
    expect(sent(rig, '/v1/refunds')[0]?.form).toMatchObject({ refund_application_fee: 'true', amount: '625' });
    expect(rig.fake.books.balance(rig.account.accountRef)).toEqual({ eur: 1_250 - 166 - 625 + 50 });
  });

  test('has a statement with its payouts, and what left with them', async () => {
    const rig = await stripeRig({ accounts: 'shops' });
    const payment = await paid(rig);
    const from = rig.now();
    await rig.provider.pass(60_000);
    rig.fake.buyers.payOut(rig.account.accountRef, 'eur');
    const lines = await rig.channel.fetchStatement?.({ account: rig.account, from, to: rig.now() + 1_000 });
    const payoutRef = rig.fake.books.shelf(rig.account.accountRef).payouts[0]?.id;
    expect(lines).toMatchObject([
      { kind: 'payment', objectId: payment.channelRef, amount: 1_250, fee: 66, payoutRef },
      { kind: 'payout', objectId: payoutRef, amount: -1_184, fee: 0, payoutRef },
    ]);
  });
});
