// The bot's two channels on the wire: what is asked of Telegram, and what is made of its answers and of its silence.
import { Api } from 'grammy';
import { describe, expect, test } from 'vitest';
import { invoicePayload, readInvoicePayload } from '../../../src/domain/invoice-payload.ts';
import { money } from '../../../src/domain/money.ts';
import { createChannels } from '../../../src/payments/registry.ts';
import { ChannelTrouble } from '../../../src/ports/payment-channel.ts';
import { accountAt, requestTo, START, telegramRig } from '../../support/payment-channels.ts';

type Rig = Awaited<ReturnType<typeof telegramRig>>;

const stars = () => telegramRig('telegram_stars', { timeoutMs: 500 });
const refOf = (rig: Rig, reference = 'attempt-1', channelRef: string | null = null) => ({
  ...{ account: rig.account, reference, channelRef, openedAt: rig.now() },
});

const ALLOWED = ['pre_checkout_query', 'message'] as const;

/** Somebody pays this attempt's invoice; the question before the money is answered with yes. */
async function paid(rig: Rig, reference = 'attempt-1') {
  const { fake } = rig;
  const api = new Api(fake.token, { apiRoot: fake.apiRoot });
  const person = fake.person({ firstName: 'Bea' });
  person.starts();
  await api.getUpdates({ allowed_updates: ALLOWED });
  const { channelRef: link = '' } = await rig.channel.createPayment(requestTo(rig, { reference }));
  const outcome = person.pays(link);
  const query = await fake.until(() => fake.updates.find((one) => one.pre_checkout_query), 'a question');
  await api.answerPreCheckoutQuery(query.pre_checkout_query?.id ?? '', true);
  const done = await outcome;
  if (!done.paid) throw new Error(done.error);
  return { chargeId: done.chargeId, link };
}

const refundOf = (rig: Rig, chargeId: string, amount = 1_250) => ({
  ...{ account: rig.account, reference: 'refund-1', idempotencyKey: 'refund:1', paymentRef: chargeId },
  ...{ amount: money(amount, 'XTR'), openedAt: rig.now() },
});

describe('an invoice', () => {
  test('in Stars has one price, no provider, and titles within their limits', async () => {
    const rig = await stars();
    const title = 'Sambal 🌶️ '.repeat(20);
    const lines = [{ kind: 'item', title, quantity: 2, amount: 1_250 } as const];
    await rig.channel.createPayment(requestTo(rig, { lines }));
    const [call] = rig.fake.calls('createInvoiceLink');
    expect(call?.params).toMatchObject({
      ...{ currency: 'XTR', provider_token: '', payload: 'attempt-1:order-1:s-1' },
      prices: [{ amount: 1_250 }],
    });
    expect(rig.fake.invalidRequests).toEqual([]);
  });

  test('by card goes line by line, and adds up to the bill', async () => {
    const rig = await telegramRig('telegram_payments');
    const lines = [
      { kind: 'item', title: 'Sambal', quantity: 2, amount: 1_000 },
      { kind: 'delivery', title: '', quantity: 1, amount: 200 },
      { kind: 'tax', title: 'SST', quantity: 1, amount: 50 },
    ] as const;
    await rig.channel.createPayment(requestTo(rig, { lines }));
    const [call] = rig.fake.calls('createInvoiceLink');
    expect(call?.params).toMatchObject({
      ...{ currency: 'EUR', provider_token: '1:TEST:card' },
      prices: [
        { label: 'Sambal × 2', amount: 1_000 },
        { label: '🚚', amount: 200 },
        { label: 'SST', amount: 50 },
      ],
    });
    expect(rig.fake.invalidRequests).toEqual([]);
  });

  test.each(['before', 'after'] as const)('whose line breaks %s it was made is trouble that passes', async (when) => {
    const rig = await stars();
    rig.fake.faults.drop(when, { method: 'createInvoiceLink' });
    await expect(rig.channel.createPayment(requestTo(rig))).rejects.toMatchObject({ retryable: true });
    expect(await rig.channel.retrievePayment(refOf(rig))).toEqual({ state: 'absent', payments: [] });
    expect((await rig.channel.createPayment(requestTo(rig))).state).toBe('open');
  });

  test.each([
    ['put off', 429, true],
    ['not of a known bot', 401, false],
    ['refused', 400, false],
    ['lost in a fault of Telegram', 502, true],
  ])('that is %s is trouble (%i)', async (_, status, retryable) => {
    const rig = await stars();
    if (status === 429) rig.fake.faults.tooMany(3, { method: 'createInvoiceLink' });
    else rig.fake.faults.status(status, { method: 'createInvoiceLink' });
    const opened = rig.channel.createPayment(requestTo(rig));
    await expect(opened).rejects.toThrow(ChannelTrouble);
    await expect(opened).rejects.toMatchObject({ retryable });
    await expect(opened).rejects.not.toThrow(rig.fake.token);
  });

  test('is not made for an account of another bot', async () => {
    const rig = await stars();
    const account = accountAt('telegram_stars', '7:s-1');
    await expect(rig.channel.createPayment(requestTo(rig, { account }))).rejects.toMatchObject({ retryable: false });
    expect(rig.fake.calls('createInvoiceLink')).toEqual([]);
  });
});

describe('Stars can be asked about', () => {
  test('by our reference: the payment, and nothing of another attempt or shop', async () => {
    const rig = await stars();
    const { chargeId, link } = await paid(rig);
    const payment = { channelRef: chargeId, state: 'succeeded', amount: 1_250, currency: 'XTR', fee: 0 };
    const found = await rig.channel.retrievePayment(refOf(rig, 'attempt-1', link));
    expect(found).toEqual({ state: 'succeeded', channelRef: link, payments: [payment] });
    expect(await rig.channel.cancelPayment(refOf(rig, 'attempt-1', link))).toMatchObject({ state: 'succeeded' });
    expect(await rig.channel.retrievePayment(refOf(rig, 'attempt-2'))).toEqual({ state: 'absent', payments: [] });
    const other = { ...rig.account, shopId: 's-2', accountRef: `${rig.fake.bot.id}:s-2` };
    expect((await rig.channel.retrievePayment({ ...refOf(rig), account: other })).payments).toEqual([]);
  });

  test('without an answer nothing is concluded', async () => {
    const rig = await stars();
    const { chargeId, link } = await paid(rig);
    const unknown = { state: 'unknown', payments: [] };
    const times = { method: 'getStarTransactions' };
    rig.fake.faults.drop('before', times);
    expect(await rig.channel.retrievePayment(refOf(rig, 'attempt-1', link))).toEqual(unknown);
    rig.fake.faults.status(502, times);
    expect(await rig.channel.cancelPayment(refOf(rig, 'attempt-1', link))).toEqual(unknown);
    rig.fake.faults.slow(1_500, times);
    expect(await rig.channel.createRefund(refundOf(rig, chargeId))).toEqual({ state: 'unknown' });
    expect(rig.fake.calls('refundStarPayment')).toEqual([]);
  });

  test('among thousands by few questions, and fewer the next time', async () => {
    const rig = await stars();
    const seconds = START / 1_000;
    const book = rig.fake.starTransactions as { id: string; amount: number; date: number; source?: unknown }[];
    const user = { id: 9, is_bot: false, first_name: 'Old' };
    for (let n = 0; n < 5_000; n += 1) {
      const source = { type: 'user', transaction_type: 'invoice_payment', user, invoice_payload: `old-${n}:o:s-1` };
      book.push({ id: `old-${n}`, amount: 1, date: seconds - 1_000_000 + n * 100, source });
    }
    const { link } = await paid(rig);
    const asked = async () => {
      const before = rig.fake.calls('getStarTransactions').length;
      expect((await rig.channel.retrievePayment(refOf(rig, 'attempt-1', link))).state).toBe('succeeded');
      return rig.fake.calls('getStarTransactions').length - before;
    };
    // Older ones stand before and after the instant that is looked for, as other bills were paid meanwhile.
    book.splice(0, book.length, ...book.toSorted((a, b) => a.date - b.date));
    expect(await asked()).toBeLessThan(45);
    const old = await rig.channel.retrievePayment({ ...refOf(rig, 'old-4999'), openedAt: 0 });
    expect(old.payments).toMatchObject([{ channelRef: 'old-4999', amount: 1 }]);
  });
});

describe('a refund of Stars', () => {
  test('twice is one, and one that was made elsewhere is found', async () => {
    const rig = await stars();
    const { chargeId } = await paid(rig);
    const done = { state: 'succeeded', channelRef: chargeId };
    const ref = { account: rig.account, reference: 'refund-1', channelRef: null, paymentRef: chargeId };
    expect(await rig.channel.retrieveRefund({ ...ref, openedAt: rig.now() })).toEqual({ state: 'absent' });
    expect(await rig.channel.createRefund(refundOf(rig, chargeId))).toEqual(done);
    expect(await rig.channel.createRefund(refundOf(rig, chargeId))).toEqual(done);
    expect(await rig.channel.retrieveRefund({ ...ref, openedAt: rig.now() })).toEqual(done);
    expect(rig.fake.calls('refundStarPayment')).toHaveLength(1);
  });

  test('of a part, of too much, or of what this shop never got fails before anything is asked', async () => {
    const rig = await stars();
    const { chargeId } = await paid(rig);
    const other = { ...rig.account, shopId: 's-2', accountRef: `${rig.fake.bot.id}:s-2` };
    for (const wish of [
      refundOf(rig, chargeId, 1),
      refundOf(rig, chargeId, 1_251),
      refundOf(rig, 'never'),
      { ...refundOf(rig, chargeId), account: other },
    ]) {
      expect(await rig.channel.createRefund(wish)).toEqual({ state: 'failed' });
    }
    expect(rig.fake.calls('refundStarPayment')).toEqual([]);
  });

  test('that Telegram refuses has failed, and one that it put off comes again', async () => {
    const rig = await stars();
    const { chargeId } = await paid(rig);
    rig.fake.faults.status(400, { method: 'refundStarPayment', description: 'Bad Request: BALANCE_TOO_LOW' });
    expect(await rig.channel.createRefund(refundOf(rig, chargeId))).toEqual({ state: 'failed' });
    rig.fake.faults.tooMany(2, { method: 'refundStarPayment' });
    await expect(rig.channel.createRefund(refundOf(rig, chargeId))).rejects.toMatchObject({ retryable: true });
    rig.fake.faults.drop('after', { method: 'refundStarPayment' });
    expect(await rig.channel.createRefund(refundOf(rig, chargeId))).toEqual({ state: 'unknown' });
    expect((await rig.channel.createRefund(refundOf(rig, chargeId))).state).toBe('succeeded');
  });
});

describe('the name of an invoice', () => {
  test('comes back as it went, and is refused when it would not fit', () => {
    const name = { reference: crypto.randomUUID(), orderId: crypto.randomUUID(), shopId: crypto.randomUUID() };
    const payload = invoicePayload(name);
    expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(128);
    expect(readInvoicePayload(payload)).toEqual(name);
    expect(() => invoicePayload({ ...name, shopId: 'x'.repeat(60) })).toThrow(RangeError);
    expect(() => invoicePayload({ ...name, shopId: 'a:b' })).toThrow(RangeError);
  });

  test.each(['', ':', '::', 'a:b', 'a:b:c:d', 'a:b:', ' a:b:c', 'a:b:ç', `a:b:${'x'.repeat(61)}`])(
    '"%s" is none of ours',
    (payload) => {
      expect(readInvoicePayload(payload)).toBeUndefined();
    },
  );
});

test('a token that is none stops the start, without being told', () => {
  for (const token of ['', 'TEST', ':x', '42:', '42:a b']) {
    expect(() => createChannels({ telegram: { token } })).toThrow(/TELEGRAM_BOT_TOKEN/);
  }
  expect(() => createChannels({ telegram: { token: '42:TEST', providerToken: ' ' } })).toThrow(/PROVIDER_TOKEN/);
});
