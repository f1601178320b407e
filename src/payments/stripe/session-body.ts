/** A bill as the parameters of a Checkout Session. The same bill gives the same bytes: Stripe compares them under one key. */
import type Stripe from 'stripe';
import { money } from '../../domain/money.ts';
import type { CreatePayment } from '../../ports/payment-channel.ts';
import { isWritable, toStripe } from './amounts.ts';
import { connectedAccount } from './client.ts';

type Body = Stripe.Checkout.SessionCreateParams;

/** Our languages at Stripe, and what its page calls the line that has no words of the seller. */
const LANGUAGES: Readonly<Record<string, { readonly locale: NonNullable<Body['locale']>; readonly delivery: string }>> =
  {
    en: { locale: 'en', delivery: 'Delivery' },
    ms: { locale: 'ms', delivery: 'Penghantaran' },
    'zh-CN': { locale: 'zh', delivery: '配送' },
    'zh-TW': { locale: 'zh-TW', delivery: '運送' },
    es: { locale: 'es', delivery: 'Envío' },
    'pt-BR': { locale: 'pt-BR', delivery: 'Entrega' },
    // Stripe's page does not speak Arabic: it takes the best of what the browser asks for.
    ar: { locale: 'auto', delivery: 'التوصيل' },
  };
const OTHER = { locale: 'auto', delivery: 'Delivery' } as const;

const LINES_MAX = 100;
const NAME_MAX = 250;
const DESCRIPTION_MAX = 500;
const SUFFIX = /^(?=.*[A-Za-z])[A-Za-z0-9 -]{1,10}$/;
const MINUTE_MS = 60_000;
/** Stripe keeps a page open for 30 minutes at least, and for a day at most. */
const AFTER_END_MS = 31 * MINUTE_MS;
const LONGEST_MS = 24 * 60 * MINUTE_MS - 5 * MINUTE_MS;

export function sessionBody(request: CreatePayment, paymentMethods: readonly string[] | undefined): Body {
  const { account, reference, orderId, attemptId, description } = request;
  const language = LANGUAGES[request.locale] ?? OTHER;
  const names = { order_id: orderId, attempt_id: attemptId, shop_id: account.shopId };
  const end = expiry(request);
  return {
    mode: 'payment',
    client_reference_id: reference,
    line_items: lineItems(request, language.delivery),
    metadata: names,
    payment_intent_data: {
      // The payment's own copy: what happens to it later (refunds, disputes) does not know of the session.
      metadata: names,
      description: cut(`${request.payee} ${description}`.trim(), DESCRIPTION_MAX),
      // The fee stands in the same answer as the money; with the asynchronous default it comes at any later time.
      capture_method: 'automatic',
      ...statement(request),
      ...marketFee(request),
    },
    success_url: request.returnUrl,
    cancel_url: request.cancelUrl,
    locale: language.locale,
    ...(end === undefined ? {} : { expires_at: end }),
    ...(paymentMethods === undefined ? {} : { allowed_payment_method_types: [...paymentMethods] }),
  };
}

/**
 * In seconds. The page outlives the bill by half an hour, so that the shortest time that Stripe allows holds for every try to open it
 * until the bill's last moment; at the bill's end it is closed by us. Undefined, which is a day, for a bill that stays open longer.
 */
function expiry({ expiresAt, openedAt }: CreatePayment): number | undefined {
  const end = expiresAt + AFTER_END_MS;
  return end - openedAt > LONGEST_MS ? undefined : Math.ceil(end / 1000);
}

/** Line by line as the bill, to the minor unit. Where Stripe cannot write each of them, the bill is one line. */
function lineItems(request: CreatePayment, delivery: string): NonNullable<Body['line_items']> {
  const { lines, amount, description } = request;
  const currency = amount.currency;
  const whole = lines.reduce((total, line) => total + line.amount, 0) === amount.amount;
  const each = whole && lines.length <= LINES_MAX && lines.every((line) => isWritable(money(line.amount, currency)));
  if (!each) return [item(description, 1, { amount: amount.amount, currency })];
  return lines.map(({ kind, title, quantity, amount: total }) => {
    const name = title.trim() || (kind === 'item' ? description : delivery);
    const unit = { amount: total / quantity, currency };
    // A reduced price that does not divide among its units is written as one.
    if (quantity > 1 && !(Number.isSafeInteger(unit.amount) && isWritable(unit)))
      return item(`${cut(name, NAME_MAX - 8)} × ${quantity}`, 1, { amount: total, currency });
    return item(name, quantity, unit);
  });
}

function item(name: string, quantity: number, unit: { amount: number; currency: string }) {
  return {
    quantity,
    price_data: {
      currency: unit.currency.toLowerCase(),
      unit_amount: toStripe(unit),
      product_data: { name: cut(name, NAME_MAX) },
    },
  };
}

/** On the card statement the market's name stands before it: the order's code tells which purchase it was. A shop's own name is its own. */
function statement({ account, description }: CreatePayment): { statement_descriptor_suffix?: string } {
  const fits = connectedAccount(account) === undefined && SUFFIX.test(description);
  return fits ? { statement_descriptor_suffix: description } : {};
}

/** What the community keeps of a payment to a shop's own account. */
function marketFee({ account, marketFee: fee }: CreatePayment): { application_fee_amount?: number } {
  return fee !== undefined && fee.amount > 0 && connectedAccount(account) !== undefined
    ? { application_fee_amount: toStripe(fee) }
    : {};
}

/** At most `max` UTF-16 units, and no half of a character. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.slice(0, max).toWellFormed();
  return end.endsWith('\uFFFD') ? end.slice(0, -1) : end;
}
