/**
 * The one way to Stripe: the SDK at its pinned API version, one try a call, and a sober reading of what came back. Whatever leaves it
 * open whether something was done is `unclear`, never an error: the core asks again.
 */
import type Stripe from 'stripe';
import { z } from 'zod';
import { ChannelTrouble } from '../../ports/payment-channel.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';

export type StripeSettings = {
  /** `sk_test_...`, `rk_live_...`: its mode is that of everything that is believed. */
  readonly secretKey: string;
  /** `whsec_...`, all of them are tried: a secret is changed without losing an event. Without any, no webhook is taken. */
  readonly webhookSecrets: readonly string[];
  /** The origin of another API than Stripe's own: tests stand one up on this machine. */
  readonly apiBase?: string | undefined;
  /** Which methods the page may offer; absent: those of the Dashboard that suit the buyer. */
  readonly paymentMethods?: readonly string[] | undefined;
  /** Whose money: that of one merchant, whose key it is, or that of each shop, on its own connected account. */
  readonly accounts: 'market' | 'shops';
  /** 10 seconds unless told. */
  readonly timeoutMs?: number;
};

export type Reply<T> =
  /** `replayed`: the answer of an earlier call under the same key; the world may have moved since. */
  | { readonly kind: 'answered'; readonly value: T; readonly replayed: boolean }
  /** Stripe said no: this call did nothing. `code` is Stripe's word, '' when it gave none. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: string }
  /** Time-out, broken line, 5xx, or an answer of another shape. */
  | { readonly kind: 'unclear'; readonly replayed: boolean };

type Options = {
  /** Whose money it is about; null: the platform's own. */
  readonly account: MerchantAccount | null;
  /** Absent where a repetition does no harm by nature. */
  readonly key?: string;
};

export type Client = {
  readonly livemode: boolean;
  readonly sdk: () => Promise<Stripe>;
  /** Throws `ChannelTrouble` when Stripe put us off or does not let us in: nothing was done then. */
  call<Shape extends z.ZodType>(
    what: string,
    options: Options,
    shape: Shape,
    run: (sdk: Stripe, request: Stripe.RequestOptions) => Promise<unknown>,
  ): Promise<Reply<z.output<Shape>>>;
};

const TIMEOUT_MS = 10_000;

/** Throws RangeError for a key that is none. */
export function createClient({ secretKey, apiBase, timeoutMs = TIMEOUT_MS }: StripeSettings): Client {
  const mode = /^(?:sk|rk)_(test|live)_\w+$/.exec(secretKey)?.[1];
  if (mode === undefined) throw new RangeError('STRIPE_SECRET_KEY is no secret key of Stripe.');
  // Loaded only where Stripe is configured, and ahead of the first buyer.
  const sdk = import('stripe').then(({ default: Sdk }) => new Sdk(secretKey, sdkConfig(apiBase, timeoutMs)));
  return {
    livemode: mode === 'live',
    sdk: () => sdk,
    call: async (what, options, shape, run) => {
      const stripe = await sdk;
      try {
        return read(await run(stripe, requestOptions(options)), shape);
      } catch (error) {
        return judge(what, error);
      }
    },
  };
}

/**
 * One try: the core comes again with the same key and knows what to tell the buyer meanwhile. The SDK still repeats a request once
 * whose connection was closed under it; that repetition carries the same key.
 */
function sdkConfig(apiBase: string | undefined, timeout: number): Stripe.StripeConfig {
  const common = { maxNetworkRetries: 0, timeout, telemetry: false } as const;
  if (apiBase === undefined) return common;
  const { protocol, hostname, port } = new URL(apiBase);
  const secure = protocol === 'https:';
  return {
    ...common,
    protocol: secure ? 'https' : 'http',
    host: hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
  };
}

function requestOptions({ account, key }: Options): Stripe.RequestOptions {
  const context = account && connectedAccount(account);
  return {
    ...(context ? { stripeContext: context } : {}),
    ...(key === undefined ? {} : { idempotencyKey: key }),
  };
}

/** A shop's own account at Stripe; undefined where its money arrives at the platform's. */
export const connectedAccount = ({ accountRef }: Pick<MerchantAccount, 'accountRef'>): string | undefined =>
  accountRef.startsWith('acct_') ? accountRef : undefined;

const answer = z.object({
  lastResponse: z.object({ headers: z.record(z.string(), z.unknown()) }).optional(),
});

function read<Shape extends z.ZodType>(raw: unknown, shape: Shape): Reply<z.output<Shape>> {
  const replayed = wasReplayed(answer.safeParse(raw).data?.lastResponse?.headers);
  const parsed = shape.safeParse(raw);
  return parsed.success ? { kind: 'answered', value: parsed.data, replayed } : { kind: 'unclear', replayed };
}

const wasReplayed = (headers: Readonly<Record<string, unknown>> | undefined): boolean =>
  headers?.['idempotent-replayed'] === 'true';

/** The SDK's errors, by what they carry: the class depends on the status, and so do we. */
const failure = z.object({
  type: z.string(),
  statusCode: z.int().optional(),
  code: z.string().optional(),
  headers: z.record(z.string(), z.unknown()).optional(),
});

function judge(what: string, error: unknown): Exclude<Reply<never>, { kind: 'answered' }> {
  const said = failure.safeParse(error).data;
  if (!said) throw error;
  const { type, statusCode: status = 0, code = '', headers } = said;
  const replayed = wasReplayed(headers);
  if (type === 'StripeRateLimitError' || status === 409)
    throw trouble(what, `${status} ${code}, try again later`, true);
  // A key that was changed or lost its rights is put right by the operator, and everything goes on then.
  if (status === 401 || status === 403)
    throw trouble(what, `${status} ${code}, look at STRIPE_SECRET_KEY`, status === 401);
  if (type === 'StripeIdempotencyError') return { kind: 'refused', status, code: 'idempotency_mismatch' };
  if (status >= 400 && status < 500) return { kind: 'refused', status, code };
  return { kind: 'unclear', replayed };
}

export const trouble = (what: string, why: string, retryable: boolean): ChannelTrouble =>
  new ChannelTrouble(`stripe ${what}: ${why}.`, { retryable });
