// One fixture for each payment channel: how to stand it up, and what its provider can be made to do.
import { onTestFinished } from 'vitest';
import { startSandbox } from '../../sandbox/server.ts';
import { money } from '../../src/domain/money.ts';
import type { CreatePayment, PaymentChannel, RawNotice } from '../../src/ports/payment-channel.ts';
import type { MerchantAccount } from '../../src/ports/store/people.ts';
import { createChannels, type ChannelSettings } from '../../src/payments/registry.ts';
import { startFakeStripe } from './stripe/fake.ts';
import { startFakeTelegram } from './telegram/fake.ts';

export const START = 1_800_000_000_000;
const MINUTE = 60_000;

/** How the line to the provider breaks. All but `before` and `put_off` do the work all the same. */
export type Break = 'before' | 'after' | 'late' | 'error_kept' | 'garbage' | 'put_off';
export type CallName = 'createPayment' | 'createRefund' | 'retrieve';

export type PayChoice = 'now' | 'twice' | 'slow_success' | 'slow_fail' | 'late' | 'decline';

/** The provider's side, by our references. */
export type Provider = {
  pay(reference: string, choice: PayChoice): Promise<void>;
  /** What cannot happen there. */
  readonly never?: readonly PayChoice[];
  breakNext(call: CallName, how: Break): void;
  refundsTake(how: 'at_once' | 'time' | 'time_and_fail' | 'success_and_return'): void;
  /** Moves the provider's clock, and lets it do what is due. */
  pass(ms: number): Promise<void>;
  /** How many payments and refunds of ours it has, so that nothing is done twice. */
  made(): Promise<{ attempts: number; refunds: number }>;
  /** Every notice so far, oldest first, as it would arrive now. */
  notices(): RawNotice[];
  /** A body signed as the provider signs: at `at`, arriving at `receivedAt`. */
  sign(body: string, times?: { at?: number; receivedAt?: number }): RawNotice;
};

export type Rig = {
  readonly channel: PaymentChannel;
  readonly account: MerchantAccount;
  readonly now: () => number;
  /** The account of another shop. */
  readonly other?: MerchantAccount;
  /** What its bills are in here; euros unless told. */
  readonly currency?: string;
  /** Undefined where nobody stands behind it whom a test could play: people alone, or a chat platform's own payments. */
  readonly provider: Provider | undefined;
};

export type ChannelFixture = { readonly code: string; start(): Promise<Rig> };

export function accountAt(channel: string, accountRef = 'shop-1'): MerchantAccount {
  return { id: 'ma-1', shopId: 's-1', channel, accountRef, createdAt: START };
}

export function requestTo(rig: Rig, changes: Partial<CreatePayment> = {}): CreatePayment {
  const amount = changes.amount ?? money(1_250, rig.currency ?? 'EUR');
  return {
    account: rig.account,
    reference: 'attempt-1',
    idempotencyKey: `${changes.reference ?? 'attempt-1'}:create`,
    amount,
    lines: [{ kind: 'item', title: 'Sambal', quantity: 1, amount: amount.amount }],
    payee: 'Kitchen',
    description: 'K7PM2QXD',
    orderId: 'order-1',
    attemptId: 'attempt-1',
    openedAt: rig.now(),
    returnUrl: 'http://127.0.0.1:9/return',
    cancelUrl: 'http://127.0.0.1:9/return',
    expiresAt: rig.now() + 15 * MINUTE,
    locale: 'en',
    ...changes,
  };
}

const FAULTS = {
  before: 'drop_before',
  after: 'drop_reply_after',
  late: 'execute_late',
  error_kept: '500_stored',
  garbage: 'garbage_200',
  put_off: '429',
} as const;
const CALLS = { createPayment: 'createCheckout', createRefund: 'createRefund', retrieve: 'retrieve' } as const;
const REFUND_MODES = {
  at_once: 'instant',
  time: 'pending_then_succeeded',
  time_and_fail: 'pending_then_failed',
  success_and_return: 'succeeded_then_failed',
} as const;

function channelOf(settings: ChannelSettings, code: string): PaymentChannel {
  const channel = createChannels(settings).get(code);
  if (!channel) throw new Error(`no channel ${code}`);
  return channel;
}

/** A sandbox on a free port with a clock of its own, and the channel that talks to it. */
export async function sandboxRig(options: { timeoutMs?: number } = {}) {
  const clock = { at: START, now: () => clock.at };
  const sandbox = await startSandbox({ databasePath: ':memory:', host: '127.0.0.1', port: 0, clock, autoTick: false });
  onTestFinished(() => sandbox.stop());
  const { url: baseUrl, apiKey, webhookSecret } = sandbox;
  const settings = { baseUrl, apiKey, webhookSecret, ...options };
  const channel = channelOf({ sandbox: settings }, 'sandbox');
  const account = accountAt('sandbox');
  const headers = { authorization: `Bearer ${apiKey}`, 'sandbox-account': account.accountRef };
  const list = async (path: string): Promise<{ id: string }[]> => {
    const answer = await fetch(`${baseUrl}/v1/${path}`, { headers });
    return ((await answer.json()) as { data: { id: string }[] }).data;
  };
  const sign: Provider['sign'] = (body, { at = clock.at, receivedAt = clock.at } = {}) => ({
    body: Buffer.from(body),
    headers: { 'sandbox-signature': sandbox.sign(body, Math.floor(at / 1_000)) },
    receivedAt,
  });
  const provider: Provider = {
    async pay(reference, mode) {
      const [checkout] = await list(`checkouts?reference=${reference}`);
      if (!checkout) throw new Error(`no checkout ${reference}`);
      sandbox.pay(checkout.id, { mode });
    },
    breakNext: (call, how) => sandbox.fault({ op: CALLS[call], kind: FAULTS[how] }),
    refundsTake: (how) => sandbox.refundMode(account.accountRef, REFUND_MODES[how]),
    async pass(ms) {
      clock.at += ms;
      await sandbox.idle();
    },
    made: async () => ({ attempts: (await list('checkouts')).length, refunds: (await list('refunds')).length }),
    notices: () => sandbox.events().map((event) => sign(JSON.stringify(event))),
    sign,
  };
  return { channel, account, now: clock.now, provider, sandbox, settings };
}

const STRIPE_FAULTS = {
  before: ['drop_before', 2],
  // The SDK repeats once what was cut: both are.
  after: ['drop_after', 2],
  late: ['execute_late', 2],
  error_kept: ['500_done', 1],
  garbage: ['garbage', 1],
  put_off: ['429', 1],
} as const;
const STRIPE_CALLS = { createPayment: 'createSession', createRefund: 'createRefund', retrieve: 'read' } as const;
const SLOW_MS = 60_000;

/** A Stripe on a free port, and the channel that talks to it: with the platform's own keys, or for a shop's connected account. */
export async function stripeRig({
  accounts = 'market',
  ...options
}: { accounts?: 'market' | 'shops'; timeoutMs?: number } = {}) {
  const clock = { at: START, now: () => clock.at };
  const fake = await startFakeStripe({ clock });
  onTestFinished(() => fake.close());
  const { url: apiBase, secretKey, webhookSecret } = fake;
  const settings = { apiBase, secretKey, webhookSecrets: [webhookSecret], accounts, ...options } as const;
  const channel = channelOf({ stripe: settings }, 'stripe');
  const [account, other] = ['s-1', 's-2'].map((shopId) => {
    if (accounts === 'market') return { ...accountAt('stripe', `test:${shopId}`), shopId };
    const accountRef = fake.buyers.connect({ shop: shopId });
    return { ...accountAt('stripe', accountRef), shopId };
  });
  if (!account || !other) throw new Error('no accounts');
  const timers: { at: number; run: () => void }[] = [];
  const sign: Provider['sign'] = (body, { at = clock.at, receivedAt = clock.at } = {}) => ({
    body: Buffer.from(body),
    headers: { 'stripe-signature': fake.header(body, at) },
    receivedAt,
  });
  const provider: Provider = {
    never: ['twice', 'late'],
    pay(reference, choice) {
      const { id } = fake.session(reference);
      if (choice === 'now') fake.buyers.pay(id);
      if (choice === 'decline') fake.buyers.decline(id);
      if (choice === 'slow_success' || choice === 'slow_fail') {
        fake.buyers.paySlowly(id);
        timers.push({ at: clock.at + SLOW_MS, run: () => fake.buyers.bankAnswers(id, choice === 'slow_success') });
      }
      return Promise.resolve();
    },
    breakNext(call, how) {
      const [kind, times] = STRIPE_FAULTS[how];
      fake.fault(STRIPE_CALLS[call], kind, times);
    },
    refundsTake: (how) => (fake.refunds.mode = how),
    pass(ms) {
      clock.at += ms;
      fake.tick();
      for (const timer of timers.filter((one) => one.at <= clock.at)) timers.splice(timers.indexOf(timer), 1)[0]?.run();
      return Promise.resolve();
    },
    made: () => {
      const shelf = fake.books.shelf(accounts === 'market' ? '' : account.accountRef);
      return Promise.resolve({ attempts: shelf.sessions.length, refunds: shelf.refunds.length });
    },
    notices: () => fake.events().map((event) => sign(JSON.stringify(event))),
    sign,
  };
  return { channel, account, other, now: clock.now, provider, clock, fake, settings };
}

/** A bot at the fake Bot API, and one of its two channels. */
export async function telegramRig(code: 'telegram_stars' | 'telegram_payments', options: { timeoutMs?: number } = {}) {
  const clock = { at: START, now: () => clock.at };
  const fake = await startFakeTelegram({ clock });
  onTestFinished(() => fake.close());
  const { token, apiRoot } = fake;
  const settings = { token, apiRoot, providerToken: '1:TEST:card', ...options };
  const channel = channelOf({ telegram: settings }, code);
  const account = accountAt(code, `${fake.bot.id}:s-1`);
  const currency = code === 'telegram_stars' ? 'XTR' : 'EUR';
  return { channel, account, now: clock.now, currency, provider: undefined, clock, fake };
}

export const channelFixtures: readonly ChannelFixture[] = [
  { code: 'stripe', start: () => stripeRig() },
  { code: 'sandbox', start: () => sandboxRig() },
  { code: 'telegram_stars', start: () => telegramRig('telegram_stars') },
  { code: 'telegram_payments', start: () => telegramRig('telegram_payments') },
  {
    code: 'cash',
    start: () =>
      Promise.resolve({
        channel: channelOf({}, 'cash'),
        account: accountAt('cash'),
        now: () => START,
        provider: undefined,
      }),
  },
];
