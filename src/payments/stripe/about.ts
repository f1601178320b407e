/**
 * What an event means. Events come in any order and more than once, so that an event is a reason to look: the notice carries what is
 * true now. What the event itself claims must fit what we asked for all the same; where it does not, the claim is handed on, and the
 * core sets it aside.
 */
import {
  ChannelTrouble,
  type ChannelAttempt,
  type ChannelNotice,
  type ChannelPayment,
} from '../../ports/payment-channel.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { accountOf as stateOf, accountShape, createAccountDesk } from './accounts.ts';
import { fromStripe } from './amounts.ts';
import type { Client } from './client.ts';
import { disputeOf, intentBehind, readDispute } from './disputes.ts';
import { marketAccountRef } from './ours.ts';
import { retrievePayment, sessionOfIntent } from './payments.ts';
import { type Found, readOne } from './read.ts';
import { refundOf } from './refunds.ts';
import {
  disputeShape,
  type PaymentIntent,
  paymentIntentShape,
  type Refund,
  refundShape,
  sessionShape,
  type StripeEvent,
  warningShape,
} from './wire.ts';

/** `shopId` is the shop that the object names, '' where it names none. */
type Told = { readonly about: ChannelNotice['about']; readonly shopId: string };
const OTHER: Told = { about: { kind: 'other' }, shopId: '' };
type Of = { readonly client: Client; readonly event: StripeEvent };

/** Undefined when an object that we act upon has not the shape of its kind. */
export async function aboutEvent(client: Client, event: StripeEvent): Promise<Told | undefined> {
  const of = { client, event };
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.expired':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
      return ofSession(of);
    case 'payment_intent.succeeded':
    case 'payment_intent.payment_failed':
      return ofIntent(of);
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.refund.updated':
      return ofRefund(of);
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
      return ofDispute(of);
    case 'account.updated':
      return ofAccount(of);
    case 'radar.early_fraud_warning.created':
    case 'radar.early_fraud_warning.updated':
      return ofWarning(of);
    default:
      return OTHER;
  }
}

/** The account as reading needs it: its rows are the core's. Null: the platform's own, where no shop is named. */
function accountOf({ client, event }: Of, shopId: string): MerchantAccount {
  const accountRef = event.account ?? marketAccountRef(client, shopId);
  return { id: '', shopId, channel: 'stripe', accountRef, createdAt: 0 };
}

/** Events of one account may overtake each other: what it is now is asked, and the event believed where nobody answers. */
async function ofAccount({ client, event }: Of): Promise<Told | undefined> {
  const told = accountShape.safeParse(event.data.object).data;
  if (!told || told.id !== event.account) return undefined;
  const now = await quietly(() => createAccountDesk(client).retrieve(told.id), undefined);
  return { about: { kind: 'account', account: now ?? stateOf(told) }, shopId: '' };
}

const UNKNOWN: ChannelAttempt = { state: 'unknown', payments: [] };

/** Whatever keeps us from looking, the event is taken in, and the core asks later. */
async function quietly<T>(look: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ChannelTrouble) return otherwise;
    throw error;
  }
}

async function ofSession(of: Of): Promise<Told | undefined> {
  const session = sessionShape.safeParse(of.event.data.object).data;
  if (!session) return undefined;
  const { client_reference_id: reference, metadata } = session;
  // Of somebody else's making, on the same account.
  if (!reference || metadata['order_id'] === undefined) return OTHER;
  const paid = session.payment_status === 'paid' && session.status === 'complete';
  const claim = paid ? { amount: session.amount_total ?? -1, currency: session.currency ?? '' } : undefined;
  return attempt(of, { reference, metadata, sessionId: session.id, claim, claimed: session.id });
}

async function ofIntent(of: Of): Promise<Told | undefined> {
  const intent = paymentIntentShape.safeParse(of.event.data.object).data;
  if (!intent) return undefined;
  const { metadata } = intent;
  const reference = metadata['attempt_id'];
  if (reference === undefined || metadata['order_id'] === undefined) return OTHER;
  const account = accountOf(of, metadata['shop_id'] ?? '');
  const sessionId = await quietly(() => sessionOfIntent(of.client, account, intent.id), undefined);
  const claim =
    of.event.type === 'payment_intent.succeeded'
      ? { amount: intent.amount_received ?? intent.amount, currency: intent.currency }
      : undefined;
  return attempt(of, { reference, metadata, sessionId, claim, claimed: intent.id });
}

type Claim = {
  readonly reference: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Undefined: not known, or not to be found out now. */
  readonly sessionId: string | undefined;
  /** What the event says that was paid, in Stripe's units. */
  readonly claim: { readonly amount: number; readonly currency: string } | undefined;
  readonly claimed: string;
};

async function attempt(of: Of, { reference, metadata, sessionId, claim, claimed }: Claim): Promise<Told> {
  const shopId = metadata['shop_id'] ?? '';
  const account = accountOf(of, shopId);
  const ours = of.event.livemode === of.client.livemode && sessionId !== undefined;
  const found = ours
    ? await quietly(() => retrievePayment(of.client, { account, reference, channelRef: sessionId }), UNKNOWN)
    : UNKNOWN;
  // The session that is spoken of cannot be absent: this is no answer about it.
  const truth = found.state === 'absent' ? UNKNOWN : found;
  const payments = contradicted(truth, claim, claimed) ?? truth.payments;
  const about = {
    kind: 'attempt',
    reference,
    orderId: metadata['order_id'] ?? '',
    truth: { ...truth, payments },
  } as const;
  return { about, shopId };
}

/** Another sum than is to be seen, or a sum where nothing can be seen: the claim stands for itself, and proves nothing. */
function contradicted(truth: ChannelAttempt, claim: Claim['claim'], claimed: string): ChannelPayment[] | undefined {
  if (!claim) return undefined;
  const said = fromStripe(claim.amount, claim.currency) ?? {
    amount: claim.amount,
    currency: claim.currency.toUpperCase(),
  };
  const [paid] = truth.payments;
  if (paid && paid.amount === said.amount && paid.currency === said.currency) return undefined;
  return [{ channelRef: claimed, state: 'pending', ...said, fee: 0 }];
}

async function ofRefund(of: Of): Promise<Told | undefined> {
  const refund = refundShape.safeParse(of.event.data.object).data;
  if (!refund) return undefined;
  const reference = refund.metadata['refund_id'];
  if (reference === undefined) return ofForeignRefund(of, refund);
  const shopId = refund.metadata['shop_id'] ?? '';
  const now = await current(of, accountOf(of, shopId), refund);
  const said = fromStripe(refund.amount, refund.currency);
  const amount = said ?? { amount: refund.amount, currency: refund.currency.toUpperCase() };
  return { about: { kind: 'refund', reference, truth: { ...refundOf(now), ...amount } }, shopId };
}

async function current({ client, event }: Of, account: MerchantAccount, refund: Refund): Promise<Refund> {
  if (event.livemode !== client.livemode) return refund;
  const found = await quietly<Found<Refund>>(
    () =>
      readOne({ client, account }, 'reading a refund', refundShape, (sdk, options) =>
        sdk.refunds.retrieve(refund.id, {}, options),
      ),
    'unknown',
  );
  return typeof found === 'string' ? refund : found;
}

/** Somebody gave it back at Stripe itself: of a payment of ours it is written down all the same, because the money has gone. */
async function ofForeignRefund(of: Of, refund: Refund): Promise<Told | undefined> {
  const owner = await ownerOf(of, { payment_intent: refund.payment_intent });
  const back = fromStripe(refund.amount, refund.currency);
  if (!owner || !back || refundOf(refund).state !== 'succeeded') return OTHER;
  const { intent, reference, orderId, shopId } = owner;
  return {
    about: {
      kind: 'paid_back',
      refundRef: refund.id,
      reference,
      orderId,
      paymentRef: intent.id,
      amount: back.amount,
      currency: back.currency,
    },
    shopId,
  };
}

async function ofDispute(of: Of): Promise<Told | undefined> {
  const told = disputeShape.safeParse(of.event.data.object).data;
  if (!told) return undefined;
  const owner = await ownerOf(of, told);
  if (!owner) return OTHER;
  const account = accountOf(of, owner.shopId);
  const now = await quietly(() => readDispute(of.client, account, told.id), 'unknown' as const);
  const dispute = disputeOf(typeof now === 'string' ? told : now);
  if (!dispute) return undefined;
  const { intent, reference, orderId, shopId } = owner;
  return { about: { kind: 'dispute', reference, orderId, paymentRef: intent.id, dispute }, shopId };
}

async function ofWarning(of: Of): Promise<Told | undefined> {
  const warning = warningShape.safeParse(of.event.data.object).data;
  if (!warning) return undefined;
  const owner = await ownerOf(of, warning);
  if (!owner) return OTHER;
  const { intent, reference, orderId, shopId } = owner;
  return { about: { kind: 'warning', reference, orderId, paymentRef: intent.id, reason: warning.fraud_type }, shopId };
}

type Owner = {
  readonly intent: PaymentIntent;
  readonly reference: string;
  readonly orderId: string;
  readonly shopId: string;
};

/**
 * Whose payment it is; undefined for somebody else's on the same account. Throws `ChannelTrouble` when Stripe does not say: the event
 * is not acknowledged then, and comes again.
 */
async function ownerOf(
  of: Of,
  about: { payment_intent?: string | null | undefined; charge?: string | undefined },
): Promise<Owner | undefined> {
  if (of.event.livemode !== of.client.livemode) return undefined;
  const account = of.event.account ? accountOf(of, '') : null;
  const intent = await intentBehind(of.client, account, about);
  if (intent === 'unknown') throw new ChannelTrouble('stripe: a payment could not be read.', { retryable: true });
  if (intent === 'absent') return undefined;
  const { attempt_id: reference, order_id: orderId, shop_id: shopId } = intent.metadata;
  return reference !== undefined && orderId !== undefined && shopId !== undefined
    ? { intent, reference, orderId, shopId }
    : undefined;
}
