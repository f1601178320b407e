// Stripe's own rules for what may be sent, by call: what is not named is refused, as it is there.
import { z } from 'zod';

const text = (max: number) => z.string().min(1).max(max);
const integer = z
  .string()
  .regex(/^-?\d{1,13}$/)
  .transform(Number);
const url = z.url({ protocol: /^https?$/ }).max(5_000);
const metadata = z
  .record(z.string().max(40), z.string().max(500))
  .refine((own) => Object.keys(own).length <= 50, 'at most 50 keys');
const expand = z.array(z.string().regex(/^[a-z_]+(\.[a-z_]+){0,3}$/)).max(20);
const flag = z.enum(['true', 'false']).transform((own) => own === 'true');

const LOCALES =
  'auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr ' +
  'vi zh zh-HK zh-TW';
const METHODS =
  'acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit bancontact billie bizum blik boleto card cashapp ' +
  'crypto customer_balance eps fpx giropay grabpay ideal kakao_pay klarna konbini kr_card link mb_way mobilepay multibanco naver_pay ' +
  'nz_bank_account oxxo p24 pay_by_bank payco paynow paypal paypay payto pix promptpay revolut_pay samsung_pay satispay scalapay ' +
  'sepa_debit sequra sofort sunbit swish twint upi us_bank_account wechat_pay zip';

const lineItem = z.strictObject({
  quantity: integer.refine((own) => own >= 1),
  price_data: z.strictObject({
    currency: z.string().regex(/^[a-z]{3}$/),
    unit_amount: integer.refine((own) => own >= 0),
    product_data: z.strictObject({ name: text(5_000), description: text(5_000).optional() }),
  }),
});

export const createSession = z.strictObject({
  mode: z.literal('payment'),
  line_items: z.array(lineItem).min(1).max(100),
  success_url: url,
  cancel_url: url.optional(),
  client_reference_id: text(200).optional(),
  locale: z.enum(LOCALES.split(' ')).optional(),
  expires_at: integer.optional(),
  metadata: metadata.optional(),
  allowed_payment_method_types: z
    .array(z.enum(METHODS.split(' ')))
    .min(1)
    .optional(),
  payment_intent_data: z
    .strictObject({
      metadata: metadata.optional(),
      description: text(1_000).optional(),
      capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
      application_fee_amount: integer.refine((own) => own >= 0).optional(),
      statement_descriptor_suffix: z
        .string()
        .max(22)
        .regex(/^(?=.*[A-Za-z])[^<>\\'"*]+$/)
        .optional(),
    })
    .optional(),
  expand: expand.optional(),
});

export const createRefund = z
  .strictObject({
    payment_intent: text(255).optional(),
    charge: text(255).optional(),
    amount: integer.refine((own) => own > 0).optional(),
    reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
    metadata: metadata.optional(),
    refund_application_fee: flag.optional(),
    expand: expand.optional(),
  })
  .refine((own) => (own.payment_intent === undefined) !== (own.charge === undefined), 'one of payment_intent, charge');

const range = z.strictObject({
  gt: integer.optional(),
  gte: integer.optional(),
  lt: integer.optional(),
  lte: integer.optional(),
});
const paging = {
  limit: integer.refine((own) => own >= 1 && own <= 100).optional(),
  starting_after: text(255).optional(),
  ending_before: text(255).optional(),
  created: z.union([integer, range]).optional(),
  expand: expand.optional(),
};
export const listSessions = z.strictObject({
  ...paging,
  payment_intent: text(255).optional(),
  status: z.enum(['open', 'complete', 'expired']).optional(),
});
export const listRefunds = z.strictObject({
  ...paging,
  payment_intent: text(255).optional(),
  charge: text(255).optional(),
});
export const listMovements = z.strictObject({
  ...paging,
  currency: text(3).optional(),
  payout: text(255).optional(),
  source: text(255).optional(),
  type: text(60).optional(),
});
export const listPayouts = z.strictObject({
  ...paging,
  status: text(20).optional(),
  arrival_date: z.union([integer, range]).optional(),
});
export const listAccounts = z.strictObject(paging);
export const nothing = z.strictObject({ expand: expand.optional() });

export const createAccount = z.strictObject({
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  email: z.email().optional(),
  business_profile: z.strictObject({ name: text(100).optional(), url: url.optional() }).optional(),
  capabilities: z.record(z.string(), z.strictObject({ requested: flag })).optional(),
  controller: z
    .strictObject({
      fees: z.strictObject({ payer: z.enum(['account', 'application']) }).optional(),
      losses: z.strictObject({ payments: z.enum(['application', 'stripe']) }).optional(),
      requirement_collection: z.enum(['application', 'stripe']).optional(),
      stripe_dashboard: z.strictObject({ type: z.enum(['express', 'full', 'none']) }).optional(),
    })
    .optional(),
  metadata: metadata.optional(),
});
export const createAccountLink = z.strictObject({
  account: text(255),
  type: z.enum(['account_onboarding', 'account_update']),
  refresh_url: url,
  return_url: url,
});

const NO_DECIMALS = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const TENS = new Set('bhd jod kwd omr tnd'.split(' '));
const HUNDREDS = new Set(['isk', 'ugx']);
const LEAST: Readonly<Record<string, number>> = { usd: 50, eur: 50, gbp: 30, jpy: 50, myr: 200, aed: 200, huf: 17_500 };

/** Stripe's word for why this sum cannot be charged. */
export function amountFault(amount: number, currency: string): string | undefined {
  if (amount > (currency === 'idr' ? 999_999_999_999 : 99_999_999)) return 'amount_too_large';
  if (amount < (LEAST[currency] ?? (NO_DECIMALS.has(currency) ? 1 : 1))) return 'amount_too_small';
  if (TENS.has(currency) && amount % 10 !== 0) return 'invalid_charge_amount';
  return HUNDREDS.has(currency) && amount % 100 !== 0 ? 'invalid_charge_amount_no_decimal_compatible' : undefined;
}
