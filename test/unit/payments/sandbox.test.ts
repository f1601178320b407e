import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { money } from '../../../src/domain/money.ts';
import { createSandboxChannel } from '../../../src/payments/sandbox/channel.ts';
import { ChannelTrouble } from '../../../src/ports/payment-channel.ts';
import { accountAt, requestTo, sandboxRig, START } from '../../support/payment-channels.ts';

const HOUR = 3_600_000;
const SECRET = 'whsec_0123456789abcdef0123456789abcdef';

type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string };

/** Somebody else's server in the provider's place. */
async function impostor(answer: (seen: Seen, res: ServerResponse) => void) {
  const seen: Seen[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { method = '', url = '', headers } = req;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      seen.push(one);
      answer(one, res);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const baseUrl = `http://127.0.0.1:${address.port}`;
  const channel = createSandboxChannel({ baseUrl, apiKey: 'sk_1', webhookSecret: SECRET, timeoutMs: 200 });
  return { seen, channel, account: accountAt('sandbox'), now: () => START, provider: undefined };
}

const json = (res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

const checkout = (changes: Record<string, unknown> = {}) => ({
  id: 'chk_1',
  object: 'checkout',
  url: 'http://127.0.0.1:9/checkout/chk_1?k=t',
  status: 'open',
  paymentStatus: 'unpaid',
  amount: 1_250,
  currency: 'EUR',
  reference: 'attempt-1',
  account: 'shop-1',
  livemode: false,
  metadata: {},
  payments: [],
  declines: [],
  ...changes,
});

const refundOf = (changes: Record<string, unknown> = {}) => ({
  account: accountAt('sandbox'),
  reference: 'refund-1',
  idempotencyKey: 'refund:refund-1',
  paymentRef: 'pay_1',
  amount: money(500, 'EUR'),
  ...changes,
});

const ref = { account: accountAt('sandbox'), reference: 'attempt-1', channelRef: null };

describe('settings', () => {
  test.each(['', ' '.repeat(40), 'changeme', 'x'.repeat(31)])(
    'a webhook secret like %j is refused',
    (webhookSecret) => {
      const settings = { baseUrl: 'http://127.0.0.1:1', apiKey: 'sk_1', webhookSecret };
      expect(() => createSandboxChannel(settings)).toThrow(/shorter than 32 bytes/);
    },
  );

  test('a missing API key is refused', () => {
    const settings = { baseUrl: 'http://127.0.0.1:1', apiKey: ' ', webhookSecret: SECRET };
    expect(() => createSandboxChannel(settings)).toThrow(/API key/);
  });

  test('the page may have another origin than the API', () => {
    const settings = { baseUrl: 'http://127.0.0.1:1/', apiKey: 'sk_1', webhookSecret: SECRET };
    expect(createSandboxChannel(settings).capabilities.checkoutOrigins).toEqual(['http://127.0.0.1:1']);
    const paged = createSandboxChannel({ ...settings, pageUrl: 'https://pay.example/x' });
    expect(paged.capabilities.checkoutOrigins).toEqual(['https://pay.example']);
  });
});

describe('what is sent', () => {
  test('names the account, the key, the order and every line; untitled lines get a word', async () => {
    const rig = await impostor((_seen, res) => json(res, 200, checkout({ amount: 2_000 })));
    const opened = await rig.channel.createPayment(
      requestTo(rig, {
        amount: money(2_000, 'EUR'),
        lines: [
          { kind: 'item', title: `${'a'.repeat(299)}🌶️`, quantity: 2, amount: 1_500 },
          { kind: 'delivery', title: '', quantity: 1, amount: 400 },
          { kind: 'tax', title: ' ', quantity: 1, amount: 100 },
        ],
      }),
    );
    expect(opened.state).toBe('open');
    const [sent] = rig.seen;
    expect(sent).toMatchObject({
      method: 'POST',
      url: '/v1/checkouts',
      headers: {
        authorization: 'Bearer sk_1',
        'sandbox-account': 'shop-1',
        'idempotency-key': 'attempt-1:create',
        'content-type': 'application/json',
      },
    });
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      reference: 'attempt-1',
      amount: 2_000,
      currency: 'EUR',
      lines: [
        { title: 'a'.repeat(299), quantity: 2, amount: 1_500 },
        { title: 'Delivery', quantity: 1, amount: 400 },
        { title: 'Tax', quantity: 1, amount: 100 },
      ],
      description: 'K7PM2QXD',
      returnUrl: 'http://127.0.0.1:9/return',
      cancelUrl: 'http://127.0.0.1:9/return',
      expiresAt: START + 900_000,
      locale: 'en',
      metadata: { orderId: 'order-1', attemptId: 'attempt-1', shop: 'Kitchen' },
    });
  });
});

describe('what may have been executed', () => {
  const proxies: [string, (res: ServerResponse) => unknown][] = [
    ['a 502 of a proxy', (res) => res.writeHead(502).end('<html>')],
    ['a 503 of a proxy', (res) => res.writeHead(503).end('<html>')],
    ['a 404 of a proxy', (res) => res.writeHead(404).end('<html>')],
    ['a 429 without words', (res) => res.writeHead(429).end()],
    ['a 500', (res) => json(res, 500, { error: { code: 'internal_error', message: '', retryable: false } })],
    ['a redirect', (res) => res.writeHead(307, { location: '/v1/elsewhere' }).end()],
    ['an empty 200', (res) => res.writeHead(200).end()],
    ['a 201', (res) => json(res, 201, checkout())],
    ['half an answer', (res) => res.writeHead(200, { 'content-length': 500 }).end('{"id":')],
    ['no answer in time', () => undefined],
    ['real money', (res) => json(res, 200, checkout({ livemode: true }))],
    ['a fraction of a cent', (res) => json(res, 200, checkout({ amount: 1_250.5 }))],
    [
      'an unsafe amount',
      (res) => res.writeHead(200).end(JSON.stringify(checkout()).replace('1250', '9007199254740993')),
    ],
    ['another amount', (res) => json(res, 200, checkout({ amount: 1_251 }))],
    ['another currency', (res) => json(res, 200, checkout({ currency: 'USD' }))],
    ['another account', (res) => json(res, 200, checkout({ account: 'shop-2' }))],
    ['a script for a page', (res) => json(res, 200, checkout({ url: 'javascript:alert(1)' }))],
  ];

  test.each(proxies)('%s leaves a new attempt unknown, and the buyer is sent nowhere', async (_name, answer) => {
    const rig = await impostor((_seen, res) => void answer(res));
    expect(await rig.channel.createPayment(requestTo(rig))).toEqual({ state: 'unknown', payments: [] });
    expect(rig.seen.filter(({ url }) => url.includes('elsewhere'))).toEqual([]);
  });

  test.each(proxies.slice(0, 10))('%s leaves a refund unknown', async (_name, answer) => {
    const rig = await impostor((_seen, res) => void answer(res));
    expect(await rig.channel.createRefund(refundOf())).toEqual({ state: 'unknown' });
  });

  test('nobody at the other end is unknown', async () => {
    const settings = { baseUrl: 'http://127.0.0.1:1', apiKey: 'sk_1', webhookSecret: SECRET };
    const rig = { channel: createSandboxChannel(settings), account: accountAt('sandbox'), now: () => START };
    const request = requestTo({ ...rig, provider: undefined });
    expect(await rig.channel.createPayment(request)).toEqual({ state: 'unknown', payments: [] });
    expect(await rig.channel.createRefund(refundOf())).toEqual({ state: 'unknown' });
  });

  test('a call that is still under way is put off, and done once', async () => {
    const rig = await sandboxRig({ timeoutMs: 200 });
    rig.sandbox.fault({ op: 'createCheckout', kind: 'stall' });
    expect(await rig.channel.createPayment(requestTo(rig))).toEqual({ state: 'unknown', payments: [] });
    await expect(rig.channel.createPayment(requestTo(rig))).rejects.toMatchObject({ retryable: true });
    await rig.provider.pass(1);
    expect((await rig.channel.createPayment(requestTo(rig))).state).toBe('open');
    expect(await rig.provider.made()).toEqual({ attempts: 1, refunds: 0 });
  });

  test('after the provider forgot the key, its reference still stops a second checkout and a second refund', async () => {
    const rig = await sandboxRig();
    await rig.channel.createPayment(requestTo(rig));
    await rig.provider.pay('attempt-1', 'now');
    const [payment] = (await rig.channel.retrievePayment(ref)).payments;
    const refund = refundOf({ paymentRef: payment?.channelRef ?? '' });
    rig.sandbox.fault({ op: 'createRefund', kind: '500_stored' });
    expect(await rig.channel.createRefund(refund)).toEqual({ state: 'unknown' });
    await rig.provider.pass(25 * HOUR);
    expect((await rig.channel.createRefund(refund)).state).toBe('succeeded');
    // The bill's own end is over by now: the provider refuses that first, and yet the checkout is there and paid.
    expect((await rig.channel.createPayment({ ...requestTo(rig), expiresAt: START + 1 })).state).toBe('succeeded');
    expect(await rig.provider.made()).toEqual({ attempts: 1, refunds: 1 });
  });

  test('the same key with another body is the attempt that exists', async () => {
    const rig = await sandboxRig();
    const first = await rig.channel.createPayment(requestTo(rig));
    const again = await rig.channel.createPayment(requestTo(rig, { returnUrl: 'http://127.0.0.1:9/moved' }));
    expect(again).toEqual(first);
  });

  test('the reference of another bill is not taken for this one', async () => {
    const rig = await sandboxRig();
    await rig.channel.createPayment(requestTo(rig));
    const other = requestTo(rig, { amount: money(9_900, 'EUR'), idempotencyKey: 'another' });
    expect(await rig.channel.createPayment(other)).toEqual({ state: 'unknown', payments: [] });
  });

  test('a refusal that cannot be looked into is unknown', async () => {
    const inUse = { error: { code: 'reference_in_use', message: '', retryable: false } };
    const rig = await impostor(({ method }, res) => (method === 'POST' ? json(res, 409, inUse) : res.destroy()));
    expect(await rig.channel.createPayment(requestTo(rig))).toEqual({ state: 'unknown', payments: [] });
    expect(await rig.channel.createRefund(refundOf())).toEqual({ state: 'unknown' });
  });
});

describe('refusals', () => {
  test('what the provider will never take is trouble that stays', async () => {
    const rig = await sandboxRig();
    const past = rig.channel.createPayment(requestTo(rig, { expiresAt: START - 1 }));
    await expect(past).rejects.toThrow(ChannelTrouble);
    await expect(past).rejects.toMatchObject({ retryable: false, message: /expires_in_the_past/ });
    const nothing = rig.channel.createRefund(refundOf({ paymentRef: 'pay_none' }));
    await expect(nothing).rejects.toMatchObject({ retryable: false, message: /not_found/ });
  });

  test('a refund of a payment that is not there yet fails', async () => {
    const rig = await sandboxRig();
    await rig.channel.createPayment(requestTo(rig));
    await rig.provider.pay('attempt-1', 'slow_success');
    const [payment] = (await rig.channel.retrievePayment(ref)).payments;
    expect(await rig.channel.createRefund(refundOf({ paymentRef: payment?.channelRef }))).toEqual({ state: 'failed' });
  });

  test('a refund reference that names another refund is never taken for this one', async () => {
    const rig = await sandboxRig();
    await rig.channel.createPayment(requestTo(rig));
    await rig.provider.pay('attempt-1', 'now');
    const [payment] = (await rig.channel.retrievePayment(ref)).payments;
    const refund = refundOf({ paymentRef: payment?.channelRef });
    expect((await rig.channel.createRefund(refund)).state).toBe('succeeded');
    const other = { ...refund, amount: money(501, 'EUR'), idempotencyKey: 'another' };
    expect(await rig.channel.createRefund(other)).toEqual({ state: 'unknown' });
  });

  test('a wrong API key is trouble that stays, for every call, and is not printed', async () => {
    const { settings, account } = await sandboxRig();
    const channel = createSandboxChannel({ ...settings, apiKey: 'sk_sandbox_wrong' });
    const request = requestTo({ channel, account, now: () => START, provider: undefined });
    for (const call of [
      () => channel.createPayment(request),
      () => channel.retrievePayment(ref),
      () => channel.cancelPayment(ref),
      () => channel.createRefund(refundOf()),
      () => channel.retrieveRefund(ref),
      () => Promise.resolve(channel.fetchStatement?.({ account, from: 0, to: START })),
    ]) {
      const refused = call();
      await expect(refused).rejects.toThrow(ChannelTrouble);
      await expect(refused).rejects.toMatchObject({ retryable: false });
      await expect(refused).rejects.not.toThrow(/sk_sandbox/);
    }
  });

  test('a statement that does not come whole is trouble that passes', async () => {
    const rig = await sandboxRig();
    for (const kind of ['garbage_200', 'drop_before', '503'] as const) {
      rig.sandbox.fault({ op: 'statement', kind });
      const asked = Promise.resolve(rig.channel.fetchStatement?.({ account: rig.account, from: 0, to: START }));
      await expect(asked).rejects.toMatchObject({ retryable: true });
    }
  });
});

describe("the provider's words", () => {
  async function read(changes: Record<string, unknown>) {
    const rig = await impostor((_seen, res) => json(res, 200, checkout(changes)));
    return rig.channel.retrievePayment({ ...ref, channelRef: 'chk_1' });
  }

  test('of two declines the newer one counts', async () => {
    const declines = [
      { code: 'expired_card', at: 2 },
      { code: 'insufficient_funds', at: 1 },
    ];
    expect(await read({ declines })).toMatchObject({ state: 'open', declineCode: 'expired_card' });
    expect(await read({ declines: declines.toReversed() })).toMatchObject({ declineCode: 'expired_card' });
  });

  test.each([
    ['insufficient_funds', 'insufficient_funds'],
    ['card_declined', 'declined'],
    ['expired_card', 'expired_card'],
    ['suspected_fraud', 'suspected_fraud'],
    ['bank_unavailable', 'bank_unavailable'],
    ['constructor', 'declined'],
    ['a_new_word', 'declined'],
  ])('the decline %s is our %s', async (code, declineCode) => {
    expect(await read({ declines: [{ code, at: 1 }] })).toMatchObject({ declineCode });
  });

  test('a state that we do not know is pending, never failed and never paid', async () => {
    const payments = [{ id: 'pay_1', status: 'held', amount: 1_250, currency: 'EUR', fee: 0, createdAt: START }];
    expect(await read({ paymentStatus: 'in_review', payments })).toMatchObject({
      state: 'pending',
      payments: [{ state: 'pending' }],
    });
  });

  test('new fields change nothing', async () => {
    expect(await read({ colour: 'green' })).toMatchObject({ state: 'open' });
  });
});
