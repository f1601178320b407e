/** The sandbox provider as a payment channel: a hosted page, automatic refunds, signed webhooks, a statement. No real money. */
import { z } from 'zod';
import {
  ChannelTrouble,
  type AttemptRef,
  type ChannelAttempt,
  type ChannelCapabilities,
  type ChannelDispute,
  type ChannelRefund,
  type CreatePayment,
  type CreateRefund,
  type PaymentChannel,
} from '../../ports/payment-channel.ts';
import type { StatementLine } from '../../ports/statement.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { createClient, type Client } from './client.ts';
import { readNotice } from './notice.ts';
import {
  checkoutBody,
  checkoutShape,
  disputeOf,
  disputeShape,
  refundOf,
  refundShape,
  statementShape,
  truthOf,
  type Checkout,
  type Refund,
} from './wire.ts';

export type SandboxSettings = {
  /** Where its API is, without `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** At least 32 bytes. */
  readonly webhookSecret: string;
  /** Where buyers reach its page, when that is not `baseUrl`. */
  readonly pageUrl?: string;
  /** 10 seconds unless told. */
  readonly timeoutMs?: number;
};

const SECRET_MIN_BYTES = 32;
const TIMEOUT_MS = 10_000;
const UNKNOWN = { state: 'unknown', payments: [] } as const satisfies ChannelAttempt;

/** Throws RangeError on settings that would make it unsafe. */
export function createSandboxChannel(settings: SandboxSettings): PaymentChannel {
  const { baseUrl, apiKey, webhookSecret, timeoutMs = TIMEOUT_MS } = settings;
  if (apiKey.trim() === '') throw new RangeError('The sandbox has no API key: take it from <sandbox database>.json.');
  if (Buffer.byteLength(webhookSecret.trim()) < SECRET_MIN_BYTES) {
    throw new RangeError(
      `The sandbox's webhook secret is shorter than ${SECRET_MIN_BYTES} bytes: take it from <sandbox database>.json.`,
    );
  }
  const client = createClient({ baseUrl, apiKey, timeoutMs });
  return {
    code: 'sandbox',
    capabilities: capabilitiesOf(settings),
    createPayment: (request) => createPayment(client, request),
    retrievePayment: (ref) => retrievePayment(client, ref),
    cancelPayment: (ref) => cancelPayment(client, ref),
    createRefund: (request) => createRefund(client, request),
    async retrieveRefund(ref) {
      const found = await find(client, REFUNDS, ref);
      return typeof found === 'string' ? { state: found } : refundOf(found);
    },
    retrieveDispute: (ref) => retrieveDispute(client, ref),
    verifyNotice: (raw) => readNotice(raw, webhookSecret),
    fetchStatement: (query) => fetchStatement(client, query),
  };
}

function capabilitiesOf({ baseUrl, pageUrl = baseUrl }: SandboxSettings): ChannelCapabilities {
  return {
    currencies: 'all',
    minimum: {},
    goods: 'all',
    nativeInvoice: null,
    paidTo: 'shop',
    canBeAsked: true,
    webhook: true,
    refunds: 'automatic',
    partialRefund: true,
    refundWindowDays: 180,
    hostedPage: true,
    keepsOrderOpenMs: null,
    lateTailMs: 10 * 60_000,
    checkoutOrigins: [new URL(pageUrl).origin],
  };
}

type Kind<Thing> = { readonly folder: 'checkouts' | 'refunds'; readonly shape: z.ZodType<Thing> };
const CHECKOUTS: Kind<Checkout> = { folder: 'checkouts', shape: checkoutShape };
const REFUNDS: Kind<Refund> = { folder: 'refunds', shape: refundShape };
type Ref = { readonly account: MerchantAccount; readonly reference: string; readonly channelRef: string | null };
type Found<Thing> = Thing | 'absent' | 'unknown';

/** Throws `ChannelTrouble` when the provider puts us off or does not let us read. */
async function find<Thing extends { reference: string; account: string }>(
  client: Client,
  { folder, shape }: Kind<Thing>,
  { account, reference, channelRef }: Ref,
): Promise<Found<Thing>> {
  const by = channelRef === null ? `?reference=${encodeURIComponent(reference)}` : `/${encodeURIComponent(channelRef)}`;
  const reply = await client.call({ account, method: 'GET', path: `/${folder}${by}` });
  if (reply.kind === 'unclear') return 'unknown';
  if (reply.kind === 'refused') {
    if (reply.code === 'not_found') return 'absent';
    throw refused(`reading ${folder}`, reply.code);
  }
  const list = z.object({ object: z.literal('list'), data: z.array(shape) });
  const things = channelRef === null ? list.safeParse(reply.body).data?.data : [shape.safeParse(reply.body).data];
  if (things?.length === 0) return 'absent';
  // What is not ours by name and account says nothing about ours.
  return things?.find((one) => one?.reference === reference && one.account === account.accountRef) ?? 'unknown';
}

/** As `find`, for a call that may have been executed: whatever keeps us from looking, the answer is `unknown`. */
async function look<Thing extends { reference: string; account: string }>(
  client: Client,
  kind: Kind<Thing>,
  ref: Omit<Ref, 'channelRef'>,
): Promise<Found<Thing>> {
  try {
    return await find(client, kind, { ...ref, channelRef: null });
  } catch (error) {
    if (error instanceof ChannelTrouble) return 'unknown';
    throw error;
  }
}

function refused(what: string, code: string): ChannelTrouble {
  return new ChannelTrouble(`sandbox: ${what} was refused: ${code}.`, { retryable: false });
}

async function createPayment(client: Client, request: CreatePayment): Promise<ChannelAttempt> {
  const { account, idempotencyKey: key } = request;
  const made = await client.call({ account, method: 'POST', path: '/checkouts', key, body: checkoutBody(request) });
  // The first answer to this key tells of the past: it may say open of what is paid, or 500 of what was done.
  const fresh = made.kind === 'answered' && !made.replayed ? checkoutShape.safeParse(made.body).data : undefined;
  if (fresh) return truthFor(request, fresh);
  if (made.kind !== 'refused' && !made.replayed) return UNKNOWN;
  if (made.kind === 'refused' && made.code === 'unauthorized') throw refused('a checkout', made.code);
  // A refusal speaks of this call alone; an earlier one may have made the checkout (reference_in_use, and also
  // idempotency_mismatch or expires_in_the_past, which are looked at first). References are never forgotten.
  const found = await look(client, CHECKOUTS, request);
  if (found === 'absent' && made.kind === 'refused') throw refused('a checkout', made.code);
  return typeof found === 'string' ? UNKNOWN : truthFor(request, found);
}

/** The buyer is not sent to a page that asks for anything else than this bill. */
function truthFor({ account, reference, amount }: CreatePayment, checkout: Checkout): ChannelAttempt {
  const ours =
    checkout.account === account.accountRef &&
    checkout.reference === reference &&
    checkout.amount === amount.amount &&
    checkout.currency === amount.currency;
  return ours ? truthOf(checkout) : UNKNOWN;
}

async function retrievePayment(client: Client, ref: AttemptRef): Promise<ChannelAttempt> {
  const found = await find(client, CHECKOUTS, ref);
  return typeof found === 'string' ? { state: found, payments: [] } : truthOf(found);
}

async function cancelPayment(client: Client, ref: AttemptRef): Promise<ChannelAttempt> {
  const found = await find(client, CHECKOUTS, ref);
  if (typeof found === 'string') return { state: found, payments: [] };
  if (found.status !== 'open') return truthOf(found);
  const known = { ...ref, channelRef: found.id };
  const path = `/checkouts/${encodeURIComponent(found.id)}/expire`;
  const reply = await client.call({ account: ref.account, method: 'POST', path });
  if (reply.kind === 'unclear') return UNKNOWN;
  // The buyer was quicker: what stands at the provider is the truth.
  if (reply.kind === 'refused' && reply.code === 'checkout_complete') return retrievePayment(client, known);
  if (reply.kind === 'refused') throw refused('closing a checkout', reply.code);
  const closed = checkoutShape.safeParse(reply.body).data;
  return closed?.id === found.id ? truthOf(closed) : UNKNOWN;
}

/** With these the provider has surely refused this refund, and no other under its reference exists. */
const NO_REFUND: ReadonlySet<string> = new Set(['refund_exceeds_payment', 'payment_not_refundable']);

async function createRefund(client: Client, request: CreateRefund): Promise<ChannelRefund> {
  const { account, idempotencyKey: key, reference, paymentRef, amount: asked } = request;
  const body = { payment: paymentRef, amount: asked.amount, currency: asked.currency, reference };
  const made = await client.call({ account, method: 'POST', path: '/refunds', key, body });
  const fresh = made.kind === 'answered' && !made.replayed ? refundShape.safeParse(made.body).data : undefined;
  if (fresh) return refundFor(request, fresh);
  if (made.kind !== 'refused' && !made.replayed) return { state: 'unknown' };
  if (made.kind === 'refused' && made.code === 'unauthorized') throw refused('a refund', made.code);
  const found = await look(client, REFUNDS, request);
  if (typeof found !== 'string') return refundFor(request, found);
  if (found === 'unknown' || made.kind !== 'refused') return { state: 'unknown' };
  if (NO_REFUND.has(made.code)) return { state: 'failed' };
  throw refused('a refund', made.code);
}

function refundFor({ account, reference, paymentRef, amount }: CreateRefund, refund: Refund): ChannelRefund {
  const ours =
    refund.account === account.accountRef &&
    refund.reference === reference &&
    refund.payment === paymentRef &&
    refund.amount === amount.amount &&
    refund.currency === amount.currency;
  return ours ? refundOf(refund) : { state: 'unknown' };
}

async function retrieveDispute(
  client: Client,
  { account, channelRef }: { account: MerchantAccount; channelRef: string },
): Promise<ChannelDispute | undefined> {
  const path = `/disputes/${encodeURIComponent(channelRef)}`;
  const reply = await client.call({ account, method: 'GET', path });
  if (reply.kind === 'refused') throw refused('reading a dispute', reply.code);
  const dispute = reply.kind === 'answered' ? disputeShape.safeParse(reply.body).data : undefined;
  return dispute?.account === account.accountRef && dispute.id === channelRef ? disputeOf(dispute) : undefined;
}

/** `from` inclusive, `to` exclusive, by the provider's own clock. Reading moves nothing: every trouble is only trouble. */
async function fetchStatement(
  client: Client,
  { account, from, to }: { account: MerchantAccount; from: number; to: number },
): Promise<readonly StatementLine[]> {
  const reply = await client.call({ account, method: 'GET', path: `/statement?from=${from}&to=${to}&format=json` });
  if (reply.kind === 'refused') throw refused('the statement', reply.code);
  const lines = reply.kind === 'answered' ? statementShape.safeParse(reply.body).data?.lines : undefined;
  if (!lines?.every((line) => line.account === account.accountRef)) {
    throw new ChannelTrouble('sandbox: the statement did not come whole; ask again.', { retryable: true });
  }
  return lines.map(({ account: _account, object: objectId, payout: payoutRef, ...line }) => {
    return { ...line, objectId, fee: 0, payoutRef };
  });
}
