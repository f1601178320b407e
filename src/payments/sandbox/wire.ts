/** The provider's JSON, and what it means in our words. Fields that we do not use may come and go. */
import { z } from 'zod';
import type {
  ChannelAttempt,
  ChannelDispute,
  ChannelPayment,
  ChannelRefund,
  CreatePayment,
  DeclineCode,
} from '../../ports/payment-channel.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/);
const id = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/);
const amount = z.int().min(1);
const currency = z.string().regex(/^[A-Z]{3,5}$/);
const instant = z.int().min(0);
const word = z.string().max(60);
const metadata = z.record(z.string(), z.string());
/** This provider moves no real money: an answer that says it does is not its own. */
const livemode = z.literal(false);

const paymentSummary = z.object({
  id,
  status: word,
  amount,
  currency,
  fee: z.int().min(0),
  declineCode: word.optional(),
  createdAt: instant,
});

export const checkoutShape = z.object({
  id,
  object: z.literal('checkout'),
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  status: word,
  paymentStatus: word,
  amount,
  currency,
  reference: name,
  account: name,
  livemode,
  metadata,
  payments: z.array(paymentSummary).max(1_000),
  declines: z.array(z.object({ code: word, at: instant })).max(10_000),
});
export type Checkout = z.infer<typeof checkoutShape>;

export const paymentShape = paymentSummary.extend({
  object: z.literal('payment'),
  checkout: id,
  reference: name,
  account: name,
  livemode,
  metadata,
});
export type Payment = z.infer<typeof paymentShape>;

export const refundShape = z.object({
  id,
  object: z.literal('refund'),
  status: word,
  amount,
  currency,
  payment: id,
  reference: name,
  account: name,
  livemode,
});
export type Refund = z.infer<typeof refundShape>;

const aboutPayment = { payment: id, checkout: id, reference: name, account: name, livemode, metadata };

export const disputeShape = z.object({
  ...aboutPayment,
  id,
  object: z.literal('dispute'),
  status: word,
  amount,
  currency,
  reason: word,
  respondBy: instant.nullable(),
  withdrawn: z.int().min(0),
  fee: z.int().min(0),
});

export const warningShape = z.object({ ...aboutPayment, id, object: z.literal('warning'), reason: word });

const lineKind = z.enum([
  ...(['payment', 'fee', 'refund', 'refund_failed', 'dispute', 'dispute_reversed'] as const),
  ...(['payout', 'payout_failed', 'adjustment'] as const),
]);

export const statementShape = z.object({
  object: z.literal('statement'),
  lines: z.array(
    z.object({
      id,
      kind: lineKind,
      object: id,
      reference: name,
      amount: z.int(),
      currency,
      account: name,
      occurredAt: instant,
      availableAt: instant,
      payout: id.nullable(),
    }),
  ),
});

export const eventShape = z.object({
  id,
  object: z.literal('event'),
  type: z.string().regex(/^[a-z_.]{1,60}$/),
  createdAt: instant,
  account: name,
  livemode,
  data: z.object({ object: z.looseObject({ id: z.string().min(1).max(200) }) }),
});

/** `paymentStatus` says what counts: a late payment leaves the status `expired`, a slow one makes it `complete`. */
export function truthOf(checkout: Checkout): ChannelAttempt {
  const told = { channelRef: checkout.id, payments: checkout.payments.map(paymentOf) };
  switch (checkout.paymentStatus) {
    case 'paid':
      return { state: 'succeeded', ...told };
    case 'failed':
      return { state: 'failed', ...told, ...declineOf(checkout) };
    case 'unpaid':
      if (checkout.status === 'open') {
        return { state: 'open', ...told, ...declineOf(checkout), nextAction: { kind: 'redirect', url: checkout.url } };
      }
      return { state: checkout.status === 'expired' ? 'ended' : 'unknown', ...told };
    // A word of the provider's that we do not know: nothing is final yet.
    case 'pending':
    default:
      return { state: 'pending', ...told, nextAction: { kind: 'wait' } };
  }
}

export function paymentOf(payment: z.infer<typeof paymentSummary>): ChannelPayment {
  const { id: channelRef, amount: paid, currency: unit, fee } = payment;
  return { channelRef, state: stateOf(payment.status), amount: paid, currency: unit, fee };
}

export function refundOf(refund: Refund): ChannelRefund {
  return { state: stateOf(refund.status), channelRef: refund.id };
}

function stateOf(status: string): 'pending' | 'succeeded' | 'failed' {
  return status === 'succeeded' || status === 'failed' ? status : 'pending';
}

const DISPUTE_STATES = ['inquiry', 'needs_response', 'under_review', 'won', 'lost', 'accepted'] as const;

/** A word that is not known is a state that can still be left. */
export function disputeOf(dispute: z.infer<typeof disputeShape>): ChannelDispute {
  const { id: channelRef, status, amount: disputed, currency: of, reason, respondBy, withdrawn, fee } = dispute;
  const state = DISPUTE_STATES.find((one) => one === status) ?? 'under_review';
  return { channelRef, state, amount: disputed, currency: of, reason, respondBy, withdrawn, fee };
}

const DECLINES: ReadonlyMap<string, DeclineCode> = new Map([
  ['insufficient_funds', 'insufficient_funds'],
  ['card_declined', 'declined'],
  ['expired_card', 'expired_card'],
  ['suspected_fraud', 'suspected_fraud'],
  ['bank_unavailable', 'bank_unavailable'],
]);

export const declineCodeOf = (code: string | undefined): DeclineCode => DECLINES.get(code ?? '') ?? 'declined';

/** The newest refusal; of two at one instant the later in the list. */
function declineOf({ declines }: Checkout): { declineCode?: DeclineCode } {
  const [first, ...others] = declines;
  if (!first) return {};
  const newest = others.reduce((latest, one) => (one.at >= latest.at ? one : latest), first);
  return { declineCode: declineCodeOf(newest.code) };
}

const TITLE_MAX = 300;
const DESCRIPTION_MAX = 500;
/** The provider's page is in English. */
const PAYEE_MAX = 80;
const UNTITLED = { item: 'Item', delivery: 'Delivery', tax: 'Tax' } as const;

/** The body of `POST /checkouts`. Amounts go as they are: the provider counts the same minor units. */
export function checkoutBody(request: CreatePayment): Record<string, unknown> {
  return {
    reference: request.reference,
    amount: request.amount.amount,
    currency: request.amount.currency,
    lines: request.lines.map(({ kind, title, quantity, amount: total }) => ({
      title: clip(title.trim(), TITLE_MAX) || UNTITLED[kind],
      quantity,
      amount: total,
    })),
    description: clip(request.description, DESCRIPTION_MAX),
    returnUrl: request.returnUrl,
    cancelUrl: request.cancelUrl,
    expiresAt: request.expiresAt,
    locale: request.locale,
    metadata: { orderId: request.orderId, attemptId: request.attemptId, shop: clip(request.payee, PAYEE_MAX) },
  };
}

/** At most `max` UTF-16 units, and no half of a character. */
function clip(text: string, max: number): string {
  return text.length <= max
    ? text
    : text
        .slice(0, max)
        .toWellFormed()
        .replace(/\uFFFD$/u, '');
}
