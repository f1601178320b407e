/** Disputes and early warnings at Stripe. They know the payment; whose it is stands in the payment's own metadata. */
import type { ChannelDispute } from '../../ports/payment-channel.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { fromStripe } from './amounts.ts';
import type { Client } from './client.ts';
import { type Found, readOne } from './read.ts';
import { chargeShape, disputeShape, type PaymentIntent, paymentIntentShape, type StripeDispute } from './wire.ts';

/** What can still change is not over; that is also how a word that we do not know is read. */
const STATES: Readonly<Record<string, ChannelDispute['state']>> = {
  warning_needs_response: 'inquiry',
  warning_under_review: 'inquiry',
  // Nothing was taken, and nothing will be.
  warning_closed: 'won',
  prevented: 'won',
  needs_response: 'needs_response',
  appeal_needs_response: 'needs_response',
  under_review: 'under_review',
  appeal_under_review: 'under_review',
  won: 'won',
  lost: 'lost',
};
const ANSWERABLE = new Set(['warning_needs_response', 'needs_response', 'appeal_needs_response']);

/** Undefined where an amount cannot be held to the last unit. */
export function disputeOf(dispute: StripeDispute): ChannelDispute | undefined {
  const disputed = fromStripe(dispute.amount, dispute.currency);
  if (!disputed) return undefined;
  // Taken back by the bank: a negative movement; given back to us: a positive one.
  const moves = (dispute.balance_transactions ?? []).filter((one) => one.currency === dispute.currency);
  const sum = (of: 'amount' | 'fee') =>
    fromStripe(
      moves.reduce((total, one) => total + one[of], 0),
      dispute.currency,
    )?.amount ?? 0;
  const due = ANSWERABLE.has(dispute.status) ? (dispute.evidence_details?.due_by ?? null) : null;
  return {
    channelRef: dispute.id,
    state: STATES[dispute.status] ?? 'under_review',
    amount: disputed.amount,
    currency: disputed.currency,
    reason: dispute.reason,
    respondBy: due === null ? null : due * 1000,
    withdrawn: Math.max(0, 0 - sum('amount')),
    fee: Math.max(0, sum('fee')),
  };
}

export async function readDispute(
  client: Client,
  account: MerchantAccount | null,
  id: string,
): Promise<Found<StripeDispute>> {
  return readOne({ client, account }, 'reading a dispute', disputeShape, (sdk, options) =>
    sdk.disputes.retrieve(id, {}, options),
  );
}

/** The payment that something is about: named by it, or by its charge. */
export async function intentBehind(
  client: Client,
  account: MerchantAccount | null,
  { payment_intent: intent, charge }: { payment_intent?: string | null | undefined; charge?: string | undefined },
): Promise<Found<PaymentIntent>> {
  const from = { client, account };
  const id = intent ?? (charge === undefined ? null : await intentOfCharge(from, charge));
  if (id === null || id === 'absent' || id === 'unknown') return id ?? 'absent';
  return readOne(from, 'reading a payment', paymentIntentShape, (sdk, options) =>
    sdk.paymentIntents.retrieve(id, {}, options),
  );
}

async function intentOfCharge(
  from: { client: Client; account: MerchantAccount | null },
  id: string,
): Promise<string | null> {
  const charge = await readOne(from, 'reading a charge', chargeShape, (sdk, options) =>
    sdk.charges.retrieve(id, {}, options),
  );
  if (typeof charge === 'string') return charge;
  const named = charge.payment_intent ?? null;
  return typeof named === 'string' || named === null ? named : named.id;
}
