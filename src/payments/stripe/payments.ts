/** An attempt at Stripe: a Checkout Session, and the one payment that may come of it. */
import {
  ChannelTrouble,
  type AttemptRef,
  type ChannelAttempt,
  type ChannelPayment,
  type CreatePayment,
} from '../../ports/payment-channel.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { fromStripe } from './amounts.ts';
import type { Client, StripeSettings } from './client.ts';
import { declineCodeOf } from './declines.ts';
import { assertOurs, belongsTo } from './ours.ts';
import { type Found, readList, readOne } from './read.ts';
import { sessionBody } from './session-body.ts';
import {
  balanceTransactionShape,
  chargeShape,
  pageOf,
  type PaymentIntent,
  paymentIntentShape,
  type Session,
  sessionShape,
} from './wire.ts';

const UNKNOWN: ChannelAttempt = { state: 'unknown', payments: [] };
const ABSENT: ChannelAttempt = { state: 'absent', payments: [] };

/** One answer holds the session, its payment, and what Stripe kept of it. */
const WHOLE = { expand: ['payment_intent.latest_charge.balance_transaction'] };

export async function createPayment(
  client: Client,
  settings: StripeSettings,
  request: CreatePayment,
): Promise<ChannelAttempt> {
  const { account, reference } = request;
  assertOurs(client, account);
  // Stripe knows no reference to be unique; the key is what makes it so, and it is made of the reference.
  const key = `attempt:${reference}:create`;
  const body = sessionBody(request, settings.paymentMethods);
  const reply = await client.call('opening a session', { account, key }, sessionShape, (sdk, options) =>
    sdk.checkout.sessions.create(body, options),
  );
  if (reply.kind === 'answered' && !reply.replayed) {
    return isOurs(reply.value, request) ? truthOf(client, account, reply.value) : UNKNOWN;
  }
  // An answer of the past, to this bill or (the buyer has changed languages, say) to one written otherwise: what is true now is asked.
  const kept =
    reply.kind === 'answered' || reply.kind === 'unclear' ? reply.replayed : reply.code === 'idempotency_mismatch';
  if (kept) {
    const now = await retrieveQuietly(client, {
      ...{ account, reference, openedAt: request.openedAt },
      channelRef: reply.kind === 'answered' ? reply.value.id : null,
    });
    // The key is used up and nothing is to be seen: whether something comes of it only time can tell.
    return now.state === 'absent' ? UNKNOWN : now;
  }
  if (reply.kind === 'refused')
    throw new ChannelTrouble(`stripe: the session was refused: ${reply.code}.`, { retryable: false });
  return UNKNOWN;
}

export async function retrievePayment(client: Client, ref: AttemptRef): Promise<ChannelAttempt> {
  assertOurs(client, ref.account);
  const session = await findSession(client, ref);
  return typeof session === 'string' ? { state: session, payments: [] } : truthOf(client, ref.account, session);
}

async function retrieveQuietly(client: Client, ref: AttemptRef): Promise<ChannelAttempt> {
  try {
    return await retrievePayment(client, ref);
  } catch (error) {
    if (error instanceof ChannelTrouble) return UNKNOWN;
    throw error;
  }
}

/** Whatever Stripe says to closing, the session is believed. Closing does no harm twice, so that it needs no key. */
export async function cancelPayment(client: Client, ref: AttemptRef): Promise<ChannelAttempt> {
  const { account, reference } = ref;
  assertOurs(client, account);
  const session = await findSession(client, ref);
  if (typeof session === 'string') return session === 'absent' ? ABSENT : UNKNOWN;
  if (session.status !== 'open') return truthOf(client, account, session);
  const reply = await client.call('closing a session', { account }, sessionShape, (sdk, options) =>
    sdk.checkout.sessions.expire(session.id, WHOLE, options),
  );
  if (reply.kind === 'answered' && isOurs(reply.value, ref)) return truthOf(client, account, reply.value);
  // Refused: the buyer was faster, or somebody else has closed it.
  return reply.kind === 'refused' ? retrieveQuietly(client, { account, reference, channelRef: session.id }) : UNKNOWN;
}

const SKEW_MS = 10 * 60_000;

/**
 * By its name; or, where its opening was never answered, among the sessions since then: our reference stands in each. (Stripe's search
 * lags behind by a minute and more; its lists do not.)
 */
async function findSession(client: Client, ref: AttemptRef): Promise<Found<Session>> {
  const { account, reference, channelRef, openedAt } = ref;
  const from = { client, account };
  const byId = (id: string) =>
    readOne(from, 'reading a session', sessionShape, (sdk, options) =>
      sdk.checkout.sessions.retrieve(id, WHOLE, options),
    );
  if (channelRef !== null) {
    const session = await byId(channelRef);
    if (typeof session === 'string') return session;
    if (!belongsTo(client, account, session.metadata)) return 'absent';
    return isOurs(session, ref) ? session : 'unknown';
  }
  const since = openedAt === undefined ? {} : { created: { gte: Math.floor((openedAt - SKEW_MS) / 1000) } };
  const isThis = (one: Session) => isOurs(one, { account, reference }) && belongsTo(client, account, one.metadata);
  const listed = await readList(
    from,
    'listing sessions',
    sessionShape,
    (sdk, query, options) => sdk.checkout.sessions.list({ ...query, ...since }, options),
    isThis,
  );
  if (listed === 'unknown') return 'unknown';
  const found = listed.find(isThis);
  return found ? byId(found.id) : 'absent';
}

/** The session that a payment came of; undefined where there is none, or it is not to be seen. */
export async function sessionOfIntent(
  client: Client,
  account: MerchantAccount,
  intentId: string,
): Promise<string | undefined> {
  const query = { payment_intent: intentId, limit: 1 };
  const page = await readOne({ client, account }, 'listing sessions', pageOf(sessionShape), (sdk, options) =>
    sdk.checkout.sessions.list(query, options),
  );
  return typeof page === 'string' ? undefined : page.data[0]?.id;
}

const isOurs = (session: Session, { reference }: { account: MerchantAccount; reference: string }): boolean =>
  session.client_reference_id === reference;

/** The payment decides; the session says how far the buyer is. */
async function truthOf(client: Client, account: MerchantAccount, session: Session): Promise<ChannelAttempt> {
  if (session.livemode !== client.livemode) return UNKNOWN;
  const told = { channelRef: session.id };
  const intent = await wholeIntent(client, account, session.payment_intent ?? null);
  if (typeof intent === 'string') return UNKNOWN;
  const paid = intent && (await paymentOf(client, account, intent));
  if (paid === 'unknown') return UNKNOWN;
  if (paid) return { state: 'succeeded', ...told, payments: [paid] };
  return { ...told, ...unpaid(session, intent), payments: [] };
}

type Unpaid = Omit<ChannelAttempt, 'payments' | 'channelRef'>;
const WAITS: Unpaid = { state: 'pending', nextAction: { kind: 'wait' } };

function unpaid(session: Session, intent: PaymentIntent | null): Unpaid {
  const error = intent?.last_payment_error;
  const declined = error ? { declineCode: declineCodeOf(error) } : {};
  const working = intent?.status === 'processing' || intent?.status === 'requires_capture';
  switch (session.status) {
    case 'open':
      if (working) return WAITS;
      if (session.url) return { state: 'open', ...declined, nextAction: { kind: 'redirect', url: session.url } };
      return { state: 'unknown' };
    case 'complete':
      // Paid, and the money is not to be seen: asked again.
      if (session.payment_status === 'paid') return { state: 'unknown' };
      // A slow method: the buyer has done everything, the bank has not.
      return intent?.status === 'requires_payment_method' || intent?.status === 'canceled'
        ? { state: 'failed', ...declined }
        : WAITS;
    case 'expired':
      return working ? WAITS : { state: 'ended', ...declined };
    default:
      // A word that we do not know is not the end of anything.
      return WAITS;
  }
}

/** Null: nobody has tried to pay yet. */
async function wholeIntent(
  client: Client,
  account: MerchantAccount,
  named: Session['payment_intent'] | null,
): Promise<PaymentIntent | null | 'unknown'> {
  if (!named) return null;
  if (typeof named !== 'string') return named;
  const expand = { expand: ['latest_charge.balance_transaction'] };
  const found = await readOne({ client, account }, 'reading a payment', paymentIntentShape, (sdk, options) =>
    sdk.paymentIntents.retrieve(named, expand, options),
  );
  return found === 'absent' ? 'unknown' : found;
}

/** Undefined while no money came of it. */
async function paymentOf(
  client: Client,
  account: MerchantAccount,
  intent: PaymentIntent,
): Promise<ChannelPayment | 'unknown' | undefined> {
  if (intent.status !== 'succeeded') return undefined;
  const paid = fromStripe(intent.amount_received ?? intent.amount, intent.currency);
  const fee = await feeOf(client, account, intent);
  if (!paid || fee === 'unknown') return 'unknown';
  return { channelRef: intent.id, state: 'succeeded', amount: paid.amount, currency: paid.currency, fee };
}

/**
 * What Stripe kept. 0 where it is not known yet, and where it was taken in another currency than was paid (the account settles in its
 * own): the statement tells of both.
 */
async function feeOf(client: Client, account: MerchantAccount, intent: PaymentIntent): Promise<number | 'unknown'> {
  const from = { client, account };
  const named = intent.latest_charge ?? null;
  const charge =
    typeof named === 'string'
      ? await readOne(from, 'reading a charge', chargeShape, (sdk, options) =>
          sdk.charges.retrieve(named, { expand: ['balance_transaction'] }, options),
        )
      : named;
  if (charge === 'unknown') return 'unknown';
  const moved = charge === 'absent' || charge === null ? null : (charge.balance_transaction ?? null);
  const booked =
    typeof moved === 'string'
      ? await readOne(from, 'reading a balance transaction', balanceTransactionShape, (sdk, options) =>
          sdk.balanceTransactions.retrieve(moved, {}, options),
        )
      : moved;
  if (booked === 'unknown') return 'unknown';
  if (booked === 'absent' || booked === null) return 0;
  const fee = fromStripe(booked.fee, booked.currency);
  return fee && fee.currency === intent.currency.toUpperCase() && fee.amount > 0 ? fee.amount : 0;
}
