/** Stripe's JSON as far as we read it. Fields come and go there: what we do not use is not asked for, and null may be missing. */
import { z } from 'zod';

const id = z.string().regex(/^[A-Za-z]\w{1,254}$/);
const word = z.string().max(100);
const amount = z.int().min(0);
const seconds = z.int().min(0);
const metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform((own) => own ?? {});
/** An object, or its name alone. */
const named = <Shape extends z.ZodType>(shape: Shape) => z.union([id, shape]).nullish();

export const balanceTransactionShape = z.object({
  id,
  object: z.literal('balance_transaction'),
  amount: z.int(),
  fee: z.int(),
  currency: word,
});

export const chargeShape = z.object({
  id,
  object: z.literal('charge'),
  payment_intent: z.union([id, z.object({ id })]).nullish(),
  balance_transaction: named(balanceTransactionShape),
});

export const paymentIntentShape = z.object({
  id,
  object: z.literal('payment_intent'),
  status: word,
  amount,
  amount_received: amount.nullish(),
  application_fee_amount: amount.nullish(),
  currency: word,
  livemode: z.boolean(),
  metadata,
  last_payment_error: z.object({ code: word.optional(), decline_code: word.optional() }).nullish(),
  latest_charge: named(chargeShape),
});
export type PaymentIntent = z.output<typeof paymentIntentShape>;

export const sessionShape = z.object({
  id,
  object: z.literal('checkout.session'),
  client_reference_id: z.string().max(200).nullish(),
  status: word.nullish(),
  payment_status: word,
  url: z
    .url({ protocol: /^https?$/ })
    .max(5_000)
    .nullish(),
  amount_total: amount.nullish(),
  currency: word.nullish(),
  livemode: z.boolean(),
  metadata,
  payment_intent: named(paymentIntentShape),
});
export type Session = z.output<typeof sessionShape>;

export const refundShape = z.object({
  id,
  object: z.literal('refund'),
  status: word.nullish(),
  amount,
  currency: word,
  created: seconds,
  metadata,
  payment_intent: z.union([id, z.object({ id }).transform((one) => one.id)]).nullish(),
});
export type Refund = z.output<typeof refundShape>;

/** What every object of an event has; the rest is read by its kind. */
export const eventShape = z.object({
  id,
  object: z.literal('event'),
  type: z.string().regex(/^[a-z0-9_.]{1,100}$/),
  created: seconds,
  livemode: z.boolean(),
  account: id.nullish(),
  data: z.object({ object: z.looseObject({ id: z.string().max(255).optional(), object: word }) }),
});
export type StripeEvent = z.output<typeof eventShape>;

export const pageOf = <Shape extends z.ZodType>(shape: Shape) =>
  z.object({ object: z.literal('list'), data: z.array(shape).max(100), has_more: z.boolean() });

const nameOf = z.union([id, z.object({ id }).transform((one) => one.id)]);

export const disputeShape = z.object({
  id,
  object: z.literal('dispute'),
  status: word,
  amount,
  currency: word,
  reason: word,
  charge: nameOf,
  payment_intent: nameOf.nullish(),
  evidence_details: z.object({ due_by: seconds.nullish() }).nullish(),
  balance_transactions: z.array(balanceTransactionShape).nullish(),
});
export type StripeDispute = z.output<typeof disputeShape>;

export const warningShape = z.object({
  id,
  object: z.literal('radar.early_fraud_warning'),
  fraud_type: word,
  payment_intent: nameOf.nullish(),
  charge: nameOf,
});

export const payoutShape = z.object({ id, object: z.literal('payout'), automatic: z.boolean(), arrival_date: seconds });

/** What a movement of the balance came from: as much of it as tells whose it is. */
const sourceShape = z.object({
  id,
  object: word,
  metadata,
  payment_intent: nameOf.nullish(),
  charge: nameOf.nullish(),
  arrival_date: seconds.nullish(),
});

export const movementShape = z.object({
  id,
  object: z.literal('balance_transaction'),
  type: word,
  amount: z.int(),
  fee: z.int(),
  currency: word,
  created: seconds,
  available_on: seconds,
  source: z.union([id, sourceShape]).nullish(),
});
export type Movement = z.output<typeof movementShape>;
