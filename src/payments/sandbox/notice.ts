/** The provider's webhooks: who signed, when, and what it says. Nothing is parsed before the signature holds. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import type { ChannelAttempt, ChannelNotice, RawNotice } from '../../ports/payment-channel.ts';
import {
  checkoutShape,
  declineCodeOf,
  disputeOf,
  disputeShape,
  eventShape,
  paymentOf,
  paymentShape,
  refundOf,
  refundShape,
  truthOf,
  warningShape,
  type Payment,
} from './wire.ts';

const PAST_MAX_MS = 300_000;
const FUTURE_MAX_MS = 60_000;
/** A card refused on the page fails as soon as it is made; a slow payment fails after it was pending. */
const ON_THE_SPOT_MS = 1_000;

type Event = z.infer<typeof eventShape>;

/** Undefined when the signature, its age or the shape is wrong. */
export function readNotice(raw: RawNotice, secret: string): ChannelNotice | undefined {
  if (!isSigned(raw, secret)) return undefined;
  const event = eventShape.safeParse(decode(raw.body));
  if (!event.success) return undefined;
  const about = aboutOf(event.data);
  if (!about) return undefined;
  const { id: eventId, type, createdAt: occurredAt } = event.data;
  return {
    eventId,
    type,
    account: accountOf(event.data),
    objectId: event.data.data.object.id,
    occurredAt,
    about,
  };
}

/** `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of `${t}.` and the raw body, under the whole secret string. */
function isSigned({ body, headers, receivedAt }: RawNotice, secret: string): boolean {
  const signatures = Object.entries(headers).filter(([name]) => name.toLowerCase() === 'sandbox-signature');
  const [, t = '', v1 = ''] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signatures[0]?.[1] ?? '') ?? [];
  if (signatures.length !== 1 || t === '') return false;
  const age = receivedAt - Number(t) * 1_000;
  const expected = createHmac('sha256', secret).update(`${t}.`).update(body).digest();
  const same = timingSafeEqual(expected, Buffer.from(v1, 'hex'));
  return same && age <= PAST_MAX_MS && age >= -FUTURE_MAX_MS;
}

function decode(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** An event whose object belongs to another account speaks of no account: the blank makes it equal to none. */
function accountOf({ account, data }: Event): string {
  const objects = data.object['account'];
  return objects === undefined || objects === account ? account : `${account} ${JSON.stringify(objects)}`;
}

function aboutOf(event: Event): ChannelNotice['about'] | undefined {
  const { object } = event.data;
  switch (event.type) {
    case 'checkout.completed':
    case 'checkout.expired': {
      const checkout = checkoutShape.safeParse(object).data;
      return checkout && attempt(checkout, truthOf(checkout));
    }
    case 'payment.pending':
    case 'payment.succeeded':
    case 'payment.failed': {
      const payment = paymentShape.safeParse(object).data;
      return payment && attempt(payment, truthOfPayment(payment, event.createdAt));
    }
    case 'refund.pending':
    case 'refund.succeeded':
    case 'refund.failed': {
      const refund = refundShape.safeParse(object).data;
      if (!refund) return undefined;
      const { reference, amount, currency } = refund;
      return { kind: 'refund', reference, truth: { ...refundOf(refund), amount, currency } };
    }
    case 'dispute.opened':
    case 'dispute.updated':
    case 'dispute.closed': {
      const dispute = disputeShape.safeParse(object).data;
      return dispute && { kind: 'dispute', ...ofPayment(dispute), dispute: disputeOf(dispute) };
    }
    case 'warning.opened': {
      const warning = warningShape.safeParse(object).data;
      return warning && { kind: 'warning', ...ofPayment(warning), reason: warning.reason };
    }
    default:
      return { kind: 'other' };
  }
}

const ofPayment = (about: { payment: string; reference: string; metadata: Readonly<Record<string, string>> }) => ({
  paymentRef: about.payment,
  reference: about.reference,
  orderId: about.metadata['orderId'] ?? null,
});

/** Without an order it names '', which is the name of none. */
function attempt(
  { reference, metadata }: { reference: string; metadata: Readonly<Record<string, string>> },
  truth: ChannelAttempt,
): ChannelNotice['about'] {
  return { kind: 'attempt', reference, orderId: metadata['orderId'] ?? '', truth };
}

/**
 * A payment's event does not say what became of its checkout. A refusal on the spot leaves it open for another try; a slow
 * payment that failed may have ended it, so the attempt's state is `unknown` and the provider is asked.
 */
function truthOfPayment(payment: Payment, toldAt: number): ChannelAttempt {
  const told = { channelRef: payment.checkout, payments: [paymentOf(payment)] };
  switch (payment.status) {
    case 'succeeded':
      return { state: 'succeeded', ...told };
    case 'failed': {
      const state = toldAt - payment.createdAt < ON_THE_SPOT_MS ? 'open' : 'unknown';
      return { state, ...told, declineCode: declineCodeOf(payment.declineCode) };
    }
    case 'pending':
    default:
      return { state: 'pending', ...told, nextAction: { kind: 'wait' } };
  }
}
