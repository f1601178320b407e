// What every payment channel promises. A new channel gets a fixture in test/support/payment-channels.ts and inherits all of it.
import { describe, expect, test } from 'vitest';
import { money } from '../../src/domain/money.ts';
import { createChannels } from '../../src/payments/registry.ts';
import {
  ChannelTrouble,
  type ChannelAttempt,
  type ChannelPayment,
  type RawNotice,
} from '../../src/ports/payment-channel.ts';
import { channelFixtures, requestTo, type Break, type Provider, type Rig } from '../support/payment-channels.ts';

test('every channel of the registry has a fixture here', () => {
  const sandbox = { baseUrl: 'http://127.0.0.1:1', apiKey: 'sk', webhookSecret: 'w'.repeat(32) };
  const telegram = { token: '42:TEST', providerToken: '1:TEST:card' };
  const stripe = { secretKey: 'sk_test_fake', webhookSecrets: [], accounts: 'market' } as const;
  expect([...createChannels({ sandbox, stripe, telegram }).keys()]).toEqual(channelFixtures.map(({ code }) => code));
});

const refOf = (rig: Rig, reference = 'attempt-1', channelRef: string | null = null) => ({
  account: rig.account,
  reference,
  channelRef,
});

/** Pays the whole of a new attempt at once, and answers the payment. */
async function paid(rig: Rig & { provider: Provider }, reference = 'attempt-1', amount = money(1_250, 'EUR')) {
  await rig.channel.createPayment(requestTo(rig, { reference, amount }));
  await rig.provider.pay(reference, 'now');
  const truth = await rig.channel.retrievePayment(refOf(rig, reference));
  const [payment] = truth.payments;
  if (!payment) throw new Error('not paid');
  return payment;
}

const refundOf = (rig: Rig, payment: ChannelPayment, amount = 500, reference = 'refund-1') => ({
  account: rig.account,
  reference,
  idempotencyKey: `refund:${reference}`,
  paymentRef: payment.channelRef,
  amount: money(amount, payment.currency),
});

describe.each(channelFixtures)('the channel $code', (fixture) => {
  const { code } = fixture;
  const start = () => fixture.start();

  /** An invoice of a chat platform has a new link each time; all of them are the same attempt. */
  function unlinked(rig: Rig, { nextAction, ...one }: ChannelAttempt): unknown {
    if (rig.channel.capabilities.nativeInvoice === null) return { nextAction, ...one };
    return { state: one.state, kind: nextAction?.kind, payments: one.payments };
  }

  /** Undefined where there is no provider: those tests then check that the channel says so in its capabilities. */
  async function rigs() {
    const rig = await start();
    const { provider } = rig;
    return provider ? { ...rig, provider } : undefined;
  }

  async function saysNotSupported(): Promise<void> {
    const { channel } = await start();
    expect(channel.capabilities).toMatchObject({ webhook: false, hostedPage: false, checkoutOrigins: [] });
    expect(Object.keys(channel)).not.toContain('verifyNotice');
    // What can be asked is proved on its own wire (test/unit/payments).
    if (channel.capabilities.canBeAsked) return;
    expect(channel.capabilities.refunds).toBe('by_hand');
    expect(Object.keys(channel)).not.toContain('fetchStatement');
  }

  test('has the code it is registered under, and capabilities that agree with its methods', async () => {
    const { channel } = await start();
    expect(channel.code).toBe(code);
    const { webhook, hostedPage, checkoutOrigins, refundWindowDays, lateTailMs } = channel.capabilities;
    expect(channel.verifyNotice !== undefined).toBe(webhook);
    expect(checkoutOrigins.length > 0).toBe(hostedPage);
    for (const origin of checkoutOrigins) expect(new URL(origin).origin).toBe(origin);
    expect(refundWindowDays).toBeGreaterThan(0);
    expect(lateTailMs).toBeGreaterThanOrEqual(0);
    expect(structuredClone(channel.capabilities)).toEqual(channel.capabilities);
  });

  test('opens an attempt, with a way on that fits its capabilities and no money', async () => {
    const rig = await start();
    const { hostedPage, checkoutOrigins, nativeInvoice } = rig.channel.capabilities;
    const opened = await rig.channel.createPayment(requestTo(rig));
    expect(opened).toMatchObject({ state: 'open', payments: [] });
    expect(opened.nextAction?.kind).toBe(hostedPage ? 'redirect' : nativeInvoice === null ? 'wait' : 'invoice');
    if (opened.nextAction?.kind === 'redirect') {
      expect(checkoutOrigins).toContain(new URL(opened.nextAction.url).origin);
    }
    expect(opened.declineCode).toBeUndefined();
  });

  test('the same call twice is one attempt and the same answer', async () => {
    const rig = await start();
    const first = await rig.channel.createPayment(requestTo(rig));
    const again = await rig.channel.createPayment(requestTo(rig));
    expect(unlinked(rig, again)).toEqual(unlinked(rig, first));
    const { nativeInvoice, canBeAsked } = rig.channel.capabilities;
    const found = await rig.channel.retrievePayment(refOf(rig, 'attempt-1', first.channelRef ?? null));
    // Of an invoice that nobody can be asked about, nothing may be concluded.
    expect(found).toEqual(nativeInvoice === null || canBeAsked ? first : { state: 'unknown', payments: [] });
    if (rig.provider) expect(await rig.provider.made()).toEqual({ attempts: 1, refunds: 0 });
  });

  test('the same call after the payment tells of the payment, not of the past', async () => {
    const rig = await rigs();
    if (!rig) return saysNotSupported();
    const payment = await paid(rig);
    const again = await rig.channel.createPayment(requestTo(rig));
    expect(again).toMatchObject({ state: 'succeeded', payments: [payment] });
    expect(await rig.provider.made()).toEqual({ attempts: 1, refunds: 0 });
  });

  test('a new key for a reference that exists finds what exists', async () => {
    const rig = await start();
    const first = await rig.channel.createPayment(requestTo(rig));
    const again = await rig.channel.createPayment(requestTo(rig, { idempotencyKey: 'another' }));
    expect(unlinked(rig, again)).toEqual(unlinked(rig, first));
    if (rig.provider) expect(await rig.provider.made()).toEqual({ attempts: 1, refunds: 0 });
  });

  describe.each<Break>(['after', 'late', 'garbage', 'error_kept', 'before'])('when the line breaks (%s)', (how) => {
    test('an attempt is unknown, never failed; asking by our reference finds the truth', async () => {
      const rig = await rigs();
      if (!rig) return saysNotSupported();
      rig.provider.breakNext('createPayment', how);
      expect(await rig.channel.createPayment(requestTo(rig))).toEqual({ state: 'unknown', payments: [] });
      await rig.provider.pass(1);
      const found = await rig.channel.retrievePayment(refOf(rig));
      expect(found.state).toBe(how === 'before' ? 'absent' : 'open');
      expect((await rig.channel.createPayment(requestTo(rig))).state).toBe('open');
      expect(await rig.provider.made()).toEqual({ attempts: 1, refunds: 0 });
    });

    test('a refund is unknown, never failed, and is done once', async () => {
      const rig = await rigs();
      if (!rig) return saysNotSupported();
      const refund = refundOf(rig, await paid(rig));
      rig.provider.breakNext('createRefund', how);
      expect(await rig.channel.createRefund(refund)).toEqual({ state: 'unknown' });
      await rig.provider.pass(1);
      const found = await rig.channel.retrieveRefund({ ...refOf(rig), reference: 'refund-1' });
      expect(found.state).toBe(how === 'before' ? 'absent' : 'succeeded');
      expect((await rig.channel.createRefund(refund)).state).toBe('succeeded');
      expect(await rig.provider.made()).toEqual({ attempts: 1, refunds: 1 });
    });
  });

  test('an answer to a question that does not come is unknown too', async () => {
    const rig = await rigs();
    if (!rig) return saysNotSupported();
    const refund = refundOf(rig, await paid(rig));
    await rig.channel.createRefund(refund);
    for (const how of ['before', 'garbage'] as const) {
      rig.provider.breakNext('retrieve', how);
      expect(await rig.channel.retrievePayment(refOf(rig))).toEqual({ state: 'unknown', payments: [] });
      rig.provider.breakNext('retrieve', how);
      expect(await rig.channel.cancelPayment(refOf(rig))).toEqual({ state: 'unknown', payments: [] });
      rig.provider.breakNext('retrieve', how);
      expect(await rig.channel.retrieveRefund({ ...refOf(rig), reference: 'refund-1' })).toEqual({ state: 'unknown' });
    }
  });

  test('being put off is trouble that passes, and nothing was done', async () => {
    const rig = await rigs();
    if (!rig) return saysNotSupported();
    rig.provider.breakNext('createPayment', 'put_off');
    const put = rig.channel.createPayment(requestTo(rig));
    await expect(put).rejects.toThrow(ChannelTrouble);
    await expect(put).rejects.toMatchObject({ retryable: true });
    expect(await rig.channel.retrievePayment(refOf(rig))).toEqual({ state: 'absent', payments: [] });
    expect((await rig.channel.createPayment(requestTo(rig))).state).toBe('open');
  });

  test('what it never heard of is absent', async () => {
    const rig = await rigs();
    if (!rig) return saysNotSupported();
    expect(await rig.channel.retrievePayment(refOf(rig))).toEqual({ state: 'absent', payments: [] });
    expect(await rig.channel.cancelPayment(refOf(rig))).toEqual({ state: 'absent', payments: [] });
    const refund = { account: rig.account, reference: 'refund-1' };
    expect(await rig.channel.retrieveRefund({ ...refund, channelRef: null })).toEqual({ state: 'absent' });
    expect(await rig.channel.retrieveRefund({ ...refund, channelRef: 'rfd_none' })).toEqual({ state: 'absent' });
  });

  test.each([
    [1, 'JPY'],
    [1_200, 'JPY'],
    [12_345, 'KWD'],
    [1_238, 'USD'],
    [99_999_999_999, 'USD'],
    [71_90, 'BRL'],
    [12_340, 'KWD'],
    [5, 'ISK'],
    [5, 'UGX'],
    [500, 'MGA'],
    [17_501, 'HUF'],
    [801, 'TWD'],
    [99_999_999, 'USD'],
  ])('%i minor units of %s go there and come back as they are', async (amount, currency) => {
    const rig = await start();
    const { currencies, minimum, maximum, step } = rig.channel.capabilities;
    if (currencies !== 'all' && !currencies.includes(currency)) return;
    // What it cannot charge never comes so far: the core compares first.
    if (amount < (minimum[currency] ?? 0) || amount > (maximum?.[currency] ?? Infinity)) return;
    if (amount % (step?.[currency] ?? 1) !== 0) return;
    const asked = requestTo(rig, { amount: money(amount, currency) });
    expect((await rig.channel.createPayment(asked)).state).toBe('open');
    if (!rig.provider) return saysNotSupported();
    await rig.provider.pay('attempt-1', 'now');
    const { payments } = await rig.channel.retrievePayment(refOf(rig));
    expect(payments).toMatchObject([{ state: 'succeeded', amount, currency }]);
    expect(Number.isSafeInteger(payments[0]?.fee)).toBe(true);
  });

  test('two payments of one attempt are told as two', async () => {
    const rig = await rigs();
    if (!rig) return saysNotSupported();
    if (rig.provider.never?.includes('twice')) return;
    await rig.channel.createPayment(requestTo(rig));
    await rig.provider.pay('attempt-1', 'twice');
    const { state, payments } = await rig.channel.retrievePayment(refOf(rig));
    expect(state).toBe('succeeded');
    expect(new Set(payments.map(({ channelRef }) => channelRef)).size).toBe(2);
  });

  test('a decline keeps the attempt open and says why', async () => {
    const rig = await rigs();
    if (!rig) return saysNotSupported();
    const opened = await rig.channel.createPayment(requestTo(rig));
    await rig.provider.pay('attempt-1', 'decline');
    const declined = await rig.channel.retrievePayment(refOf(rig));
    expect(declined).toMatchObject({ state: 'open', declineCode: 'declined', nextAction: opened.nextAction });
  });

  test('a slow payment is pending until it succeeds or fails', async () => {
    const rig = await rigs();
    if (!rig) return saysNotSupported();
    for (const [choice, end] of [
      ['slow_success', 'succeeded'],
      ['slow_fail', 'failed'],
    ] as const) {
      await rig.channel.createPayment(requestTo(rig, { reference: choice }));
      await rig.provider.pay(choice, choice);
      const waits = { state: 'pending', nextAction: { kind: 'wait' } };
      expect(await rig.channel.retrievePayment(refOf(rig, choice))).toMatchObject(waits);
      await rig.provider.pass(60_000);
      expect((await rig.channel.retrievePayment(refOf(rig, choice))).state).toBe(end);
    }
  });

  test('closing an unpaid attempt ends it, twice as well as once', async () => {
    const rig = await start();
    const { channelRef = null } = await rig.channel.createPayment(requestTo(rig));
    expect((await rig.channel.cancelPayment(refOf(rig))).state).toBe('ended');
    expect((await rig.channel.cancelPayment(refOf(rig, 'attempt-1', channelRef))).state).toBe('ended');
    if (!rig.provider) return saysNotSupported();
    expect((await rig.channel.retrievePayment(refOf(rig))).state).toBe('ended');
  });

  test('closing what was paid first answers with the payment', async () => {
    const rig = await rigs();
    if (!rig) return saysNotSupported();
    const payment = await paid(rig);
    expect(await rig.channel.cancelPayment(refOf(rig))).toMatchObject({ state: 'succeeded', payments: [payment] });
  });

  test('money after the end is told, within the tail that the capabilities name', async () => {
    const rig = await rigs();
    if (!rig) return saysNotSupported();
    if (rig.provider.never?.includes('late')) return;
    await rig.channel.createPayment(requestTo(rig));
    await rig.provider.pay('attempt-1', 'late');
    expect((await rig.channel.cancelPayment(refOf(rig))).state).toBe('ended');
    await rig.provider.pass(rig.channel.capabilities.lateTailMs);
    expect(await rig.channel.retrievePayment(refOf(rig))).toMatchObject({
      state: 'succeeded',
      payments: [{ state: 'succeeded', amount: 1_250, currency: 'EUR' }],
    });
  });

  test('another account hears nothing of it', async () => {
    const rig = await rigs();
    if (!rig) return saysNotSupported();
    const { channelRef } = await rig.channel.createPayment(requestTo(rig));
    const other = rig.other ?? { ...rig.account, accountRef: 'shop-2' };
    const ref = { account: other, reference: 'attempt-1', channelRef: channelRef ?? null };
    expect((await rig.channel.retrievePayment(ref)).state).toBe('absent');
    expect((await rig.channel.retrievePayment({ ...ref, channelRef: null })).state).toBe('absent');
  });

  test('an answer about another attempt is not believed', async () => {
    const rig = await rigs();
    if (!rig) return saysNotSupported();
    const { channelRef } = await rig.channel.createPayment(requestTo(rig));
    expect((await rig.channel.retrievePayment(refOf(rig, 'attempt-2', channelRef ?? null))).state).toBe('unknown');
  });

  describe('refunds', () => {
    test('the same refund twice moves money once', async () => {
      const rig = await rigs();
      if (!rig) {
        const { channel, account } = await start();
        const refund = { account, reference: 'refund-1', channelRef: null };
        if (channel.capabilities.canBeAsked) return saysNotSupported();
        expect(channel.capabilities.refunds).toBe('by_hand');
        // A channel that cannot know is never heard to say that money went back, or that it did not.
        expect(await channel.retrieveRefund(refund)).toEqual({ state: 'pending' });
        return;
      }
      const refund = refundOf(rig, await paid(rig));
      const first = await rig.channel.createRefund(refund);
      expect(first.state).toBe('succeeded');
      expect(await rig.channel.createRefund(refund)).toEqual(first);
      expect(await rig.channel.createRefund({ ...refund, idempotencyKey: 'another' })).toEqual(first);
      expect(await rig.channel.retrieveRefund({ ...refOf(rig), reference: 'refund-1' })).toEqual(first);
      expect(await rig.provider.made()).toEqual({ attempts: 1, refunds: 1 });
    });

    test('more than was paid fails for certain; what fits still goes', async () => {
      const rig = await rigs();
      if (!rig) return saysNotSupported();
      const payment = await paid(rig);
      expect(await rig.channel.createRefund(refundOf(rig, payment, 1_251))).toEqual({ state: 'failed' });
      expect((await rig.channel.createRefund(refundOf(rig, payment, 1_250, 'refund-2'))).state).toBe('succeeded');
      expect(await rig.channel.createRefund(refundOf(rig, payment, 1, 'refund-3'))).toEqual({ state: 'failed' });
    });

    test('takes its time, fails, or comes back from the bank, and says so when asked', async () => {
      const rig = await rigs();
      if (!rig) return saysNotSupported();
      const payment = await paid(rig);
      for (const [how, first, then] of [
        ['time', 'pending', 'succeeded'],
        ['time_and_fail', 'pending', 'failed'],
        ['success_and_return', 'succeeded', 'failed'],
      ] as const) {
        rig.provider.refundsTake(how);
        const told = await rig.channel.createRefund(refundOf(rig, payment, 100, how));
        expect(told.state).toBe(first);
        await rig.provider.pass(60_000);
        const ref = { ...refOf(rig, how), channelRef: told.channelRef ?? null };
        expect((await rig.channel.retrieveRefund(ref)).state).toBe(then);
      }
    });
  });

  describe('notices', () => {
    async function told(): Promise<
      (Rig & { provider: Provider; verify: (raw: RawNotice) => Promise<unknown> }) | undefined
    > {
      const rig = await rigs();
      if (!rig) return undefined;
      const { channel } = rig;
      return { ...rig, verify: async (raw) => channel.verifyNotice?.(raw) };
    }

    test('name the attempt, its order and the money as asking does', async () => {
      const rig = await told();
      if (!rig) return saysNotSupported();
      const payment = await paid(rig);
      await rig.channel.createRefund(refundOf(rig, payment));
      const notices = await Promise.all(rig.provider.notices().map((raw) => rig.verify(raw)));
      expect(notices.length).toBeGreaterThanOrEqual(2);
      expect(notices).toContainEqual(
        expect.objectContaining({
          account: rig.account.accountRef,
          occurredAt: rig.now(),
          about: expect.objectContaining({
            kind: 'attempt',
            reference: 'attempt-1',
            orderId: 'order-1',
            truth: expect.objectContaining({ state: 'succeeded', payments: [payment] }) as unknown,
          }) as unknown,
        }),
      );
      expect(notices).toContainEqual(
        expect.objectContaining({
          about: {
            kind: 'refund',
            reference: 'refund-1',
            truth: expect.objectContaining({ state: 'succeeded', amount: 500, currency: 'EUR' }) as unknown,
          },
        }),
      );
    });

    test('are taken from 300 seconds ago to 60 seconds ahead, and no further', async () => {
      const rig = await told();
      if (!rig) return saysNotSupported();
      await paid(rig);
      const raw = rig.provider.notices()[0];
      if (!raw) throw new Error('no notice');
      const at = rig.now();
      for (const late of [0, 299_000, 300_000, -59_000, -60_000]) {
        expect(await rig.verify({ ...raw, receivedAt: at + late })).toBeDefined();
      }
      for (const late of [301_000, -61_000, 24 * 3_600_000, -24 * 3_600_000]) {
        expect(await rig.verify({ ...raw, receivedAt: at + late })).toBeUndefined();
      }
    });

    test('of 1,000 changed ones none is taken', async () => {
      const rig = await told();
      if (!rig) return saysNotSupported();
      await paid(rig);
      const raw = rig.provider.notices().at(-1);
      if (!raw) throw new Error('no notice');
      expect(await rig.verify(raw)).toBeDefined();
      const taken: string[] = [];
      let tried = 0;
      const attempt = async (what: string, changed: RawNotice) => {
        tried += 1;
        if ((await rig.verify(changed)) !== undefined) taken.push(what);
      };
      const bits = raw.body.length * 8;
      for (let step = 0; step < 500; step++) {
        const bit = Math.floor((step * bits) / 500);
        const body = Buffer.from(raw.body);
        body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await attempt(`bit ${bit}`, { ...raw, body });
      }
      for (let step = 0; step < 200; step++) {
        await attempt(`cut ${step}`, {
          ...raw,
          body: raw.body.subarray(0, Math.floor((step * raw.body.length) / 200)),
        });
      }
      for (const [name, value] of Object.entries(raw.headers)) {
        for (let place = 0; place < value.length; place++) {
          for (const other of ['0', 'F', ' ', 'é']) {
            if (value[place] === other) continue;
            const header = value.slice(0, place) + other + value.slice(place + 1);
            await attempt(`${name} ${place} ${other}`, { ...raw, headers: { ...raw.headers, [name]: header } });
          }
        }
        for (const header of ['', value.toUpperCase(), `${value}, ${value}`, ` ${value}`, `${value}\n`]) {
          await attempt(`${name} as ${header}`, { ...raw, headers: { ...raw.headers, [name]: header } });
        }
        const twice = { ...raw.headers, [name]: value, [name.toUpperCase()]: value };
        await attempt(`${name} twice`, { ...raw, headers: twice });
      }
      await attempt('no headers', { ...raw, headers: {} });
      await attempt('appended', { ...raw, body: Buffer.concat([raw.body, Buffer.from(' ')]) });
      const stranger = await start();
      const text = Buffer.from(raw.body).toString();
      for (let step = 0; step < 20; step++) {
        const signed = stranger.provider?.sign(text, { at: raw.receivedAt - step * 1_000, receivedAt: raw.receivedAt });
        if (signed) await attempt(`secret of another ${step}`, signed);
      }
      expect(taken).toEqual([]);
      expect(tried).toBeGreaterThanOrEqual(1_000);
    });

    test('rightly signed, but not of the shape, are not taken', async () => {
      const rig = await told();
      if (!rig) return saysNotSupported();
      for (const body of ['', 'null', '[]', '{}', '"paid"', '{"id":"evt_1"}', '\u0000', '{"a":']) {
        expect(await rig.verify(rig.provider.sign(body))).toBeUndefined();
      }
    });
  });

  test('the statement holds every movement once, and adds up to what was paid, kept and given back', async () => {
    const rig = await rigs();
    if (!rig) return saysNotSupported();
    const fetchStatement = (from: number, to: number) =>
      rig.channel.fetchStatement?.({ account: rig.account, from, to });
    const from = rig.now();
    const payment = await paid(rig);
    await rig.provider.pass(60_000);
    const refund = await rig.channel.createRefund(refundOf(rig, payment));
    const lines = (await fetchStatement(from, rig.now() + 1)) ?? [];
    const ofPayment = { objectId: payment.channelRef, currency: 'EUR', occurredAt: from };
    const ofRefund = { objectId: refund.channelRef, currency: 'EUR', occurredAt: rig.now() };
    // What was kept of a payment stands in its own line, or in one beside it.
    const apart = lines.some((line) => line.kind === 'fee');
    expect(lines).toMatchObject([
      { kind: 'payment', ...ofPayment, amount: 1_250, fee: apart ? 0 : payment.fee },
      ...(apart ? [{ kind: 'fee', ...ofPayment, amount: -payment.fee }] : []),
      { kind: 'refund', ...ofRefund, amount: -500 },
    ]);
    for (const line of lines) expect(line.fee).toBeGreaterThanOrEqual(0);
    const moved = lines.reduce((total, line) => total + line.amount - line.fee, 0);
    expect(moved).toBe(1_250 - payment.fee - 500);
    expect(new Set(lines.map((line) => line.id)).size).toBe(lines.length);
    expect(await fetchStatement(from, rig.now())).toHaveLength(apart ? 2 : 1);
  });
});
