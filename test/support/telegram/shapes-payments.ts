// Invoices and the answers to the questions of a checkout.
import { z } from 'zod';
import { bytesOf, flag, httpsUrl, lengthOf } from './shapes.ts';

const STAR = 'XTR';
const prices = z
  .array(z.strictObject({ label: z.string().min(1, 'LABEL_INVALID'), amount: z.int() }))
  .min(1, 'there is no price in the invoice');

export const invoiceFields = {
  title: z.string().refine((value) => value.trim() !== '' && lengthOf(value) <= 32, 'invalid invoice title specified'),
  description: z
    .string()
    .refine((value) => value.trim() !== '' && lengthOf(value) <= 255, 'invalid invoice description specified'),
  payload: z.string().refine((value) => bytesOf(value) >= 1 && bytesOf(value) <= 128, 'INVOICE_PAYLOAD_INVALID'),
  provider_token: z.string().optional(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'CURRENCY_INVALID'),
  prices,
  max_tip_amount: z.int().min(0).optional(),
  suggested_tip_amounts: z.array(z.int().positive()).max(4).optional(),
  provider_data: z.string().optional(),
  photo_url: httpsUrl.optional(),
  photo_size: z.int().positive().optional(),
  photo_width: z.int().positive().optional(),
  photo_height: z.int().positive().optional(),
  need_name: flag,
  need_phone_number: flag,
  need_email: flag,
  need_shipping_address: flag,
  send_phone_number_to_provider: flag,
  send_email_to_provider: flag,
  is_flexible: flag,
};

type InvoiceLike = {
  readonly currency: string;
  readonly prices: readonly { readonly amount: number }[];
  readonly provider_token?: string | undefined;
  readonly max_tip_amount?: number | undefined;
  readonly suggested_tip_amounts?: readonly number[] | undefined;
  readonly is_flexible?: boolean | undefined;
  readonly need_shipping_address?: boolean | undefined;
  readonly provider_data?: string | undefined;
  readonly subscription_period?: number | undefined;
};

export const totalOf = (invoice: Pick<InvoiceLike, 'prices'>): number =>
  invoice.prices.reduce((sum, { amount }) => sum + amount, 0);

/** What an invoice has to be as a whole. */
export function checkInvoice(invoice: InvoiceLike, context: z.RefinementCtx): void {
  const say = (words: string) => context.addIssue(words);
  if (totalOf(invoice) <= 0) say('CURRENCY_TOTAL_AMOUNT_INVALID');
  const tips = invoice.suggested_tip_amounts ?? [];
  const most = invoice.max_tip_amount ?? 0;
  if (tips.some((tip, index) => tip > most || tip <= (tips[index - 1] ?? 0))) say('TIP_AMOUNTS_INVALID');
  if (invoice.is_flexible && !invoice.need_shipping_address) say('is_flexible needs need_shipping_address');
  if (invoice.provider_data !== undefined && !isJson(invoice.provider_data)) say('DATA_JSON_INVALID');
  if (invoice.currency === STAR) {
    if (invoice.prices.length !== 1) say('an invoice in Stars has exactly one price');
    if (invoice.provider_token) say('PAYMENT_PROVIDER_INVALID: an invoice in Stars has no provider token');
    if (most > 0 || tips.length > 0) say('tips are not supported in Stars');
  } else if (!/^\d+:(TEST|LIVE):\S+$/.test(invoice.provider_token ?? '')) {
    say('PAYMENT_PROVIDER_INVALID');
  }
  if (invoice.subscription_period !== undefined && invoice.currency !== STAR) say('SUBSCRIPTION_CURRENCY_INVALID');
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

export const shippingOptions = z
  .array(z.strictObject({ id: z.string().min(1), title: z.string().min(1), prices }))
  .min(1, 'SHIPPING_OPTIONS_EMPTY')
  .optional();

/** An answer is either a yes, or a no with words that the person reads. */
export function checkVerdict(answer: { ok: boolean; error_message?: string | undefined }, context: z.RefinementCtx) {
  if (!answer.ok && !answer.error_message) context.addIssue('an answer with ok=false needs error_message');
  if (answer.ok && answer.error_message !== undefined) context.addIssue('an answer with ok=true has no error_message');
}
