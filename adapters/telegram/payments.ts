/** Payments inside Telegram: its question before it takes the money, and its news afterwards, carried to the core and back. */
import type { Api } from 'grammy';
import type { Message, PreCheckoutQuery, ShippingQuery, User } from 'grammy/types';
import { botAccountRef, readCardPayload, readInvoicePayload } from '../../src/domain/invoice-payload.ts';
import type { Core } from '../../src/ports/core.ts';
import type { ChannelNotice } from '../../src/ports/payment-channel.ts';
import type { PlatformPayer } from '../../src/ports/platform-invoice.ts';
import type { Log } from '../../src/ports/runtime.ts';
import type { Words } from '../../src/ports/words.ts';
import { drawFault } from '../../src/view/fault.ts';

import { nameOf } from './people.ts';
import { alertText } from './render/alert.ts';

export type TelegramPaymentsOptions = {
  readonly core: Pick<Core, 'preCheckout' | 'onChannelNotice'>;
  readonly api: Api;
  readonly log: Log;
  readonly words: (locale: string, timeZone: string) => Words;
  readonly negotiate: (wish: string | undefined) => string;
  /** When a question has its answer at the latest, delivery included; Telegram gives up after 10 seconds. */
  readonly answerWithinMs?: number;
};

/** Each does its work to the end: news of money is durable when it resolves, and a throw means that it must come again. */
export type TelegramPayments = {
  onPreCheckout(query: PreCheckoutQuery): Promise<void>;
  onShippingQuery(query: ShippingQuery): Promise<void>;
  onSuccessfulPayment(message: Message): Promise<void>;
  onRefunded(message: Message): Promise<void>;
};

const ANSWER_WITHIN_MS = 8_000;
/** Of that time, what is left for the answer's own way. */
const DELIVERY_SHARE = 0.25;

/** Stars are one channel, a provider's cards the other. */
const channelOf = (currency: string): string => (currency === 'XTR' ? 'telegram_stars' : 'telegram_payments');

/** Carries news of money to the core; durable when it resolves. */
function telling({ core, api, log }: TelegramPaymentsOptions): (message: Message, one: Told) => Promise<void> {
  const botId = api.token.split(':')[0] ?? '';
  return async (message, one) => {
    const { event, chargeId, payload } = one;
    const name = readInvoicePayload(payload);
    const card = readCardPayload(payload);
    if (!name && !card) log.error({ event, chargeId }, 'Telegram tells of money for an invoice that is none of ours');
    const taken = await core.onChannelNotice(one.channel, {
      eventId: `${event}:${chargeId}`,
      type: event,
      account: botAccountRef(botId, name?.shopId ?? card?.shopId ?? ''),
      objectId: chargeId,
      occurredAt: message.date * 1000,
      about: one.about({ reference: name?.reference ?? payload, orderId: name?.orderId ?? '' }, card?.invoiceId),
    });
    if (taken === 'duplicate') log.info({ event, chargeId }, 'Telegram told of the same money again');
  };
}

export function createTelegramPayments(options: TelegramPaymentsOptions): TelegramPayments {
  const { core, api, log, answerWithinMs = ANSWER_WITHIN_MS } = options;
  const deliveryMs = answerWithinMs * DELIVERY_SHARE;
  // No time is told in these words, so that any zone will do.
  const wordsFor = (from: { language_code?: string }) => options.words(options.negotiate(from.language_code), 'UTC');

  const payerOf = payers(options);
  const notice = telling(options);

  return {
    async onPreCheckout(query) {
      const checked = await within(answerWithinMs - deliveryMs, () =>
        refusalOf(core, query, { wordsFor, payer: payerOf(query.from) }),
      );
      const text = typeof checked === 'object' ? wordsFor(query.from).t('checkout.too_slow') : checked;
      if (typeof checked === 'object')
        log.error({ id: query.id }, 'a pre-checkout could not be checked in time: refused');
      await answered(deliveryMs, () =>
        text === undefined
          ? api.answerPreCheckoutQuery(query.id, true)
          : api.answerPreCheckoutQuery(query.id, false, { error_message: alertText(text) }),
      );
    },

    /** Our invoices carry the delivery on the bill and ask nothing: whoever asks has an invoice of another making. */
    async onShippingQuery(query) {
      const text = wordsFor(query.from).t('checkout.delivery_on_bill');
      await answered(deliveryMs, () => api.answerShippingQuery(query.id, false, { error_message: alertText(text) }));
    },

    async onSuccessfulPayment(message) {
      const paid = message.successful_payment;
      if (!paid) return;
      const { currency, total_amount: amount, telegram_payment_charge_id: channelRef } = paid;
      const payment = { channelRef, state: 'succeeded', amount, currency, fee: 0 } as const;
      await notice(message, {
        event: 'successful_payment',
        channel: channelOf(currency),
        chargeId: channelRef,
        payload: paid.invoice_payload,
        about: (bill, cardInvoiceId) =>
          cardInvoiceId !== undefined && message.from
            ? { kind: 'card_sale', cardInvoiceId, payer: payerOf(message.from), payment }
            : {
                ...{ kind: 'attempt', ...bill, truth: { state: 'succeeded', payments: [payment] } },
                ...(message.from ? { payer: payerOf(message.from) } : {}),
              },
      });
    },

    async onRefunded(message) {
      const back = message.refunded_payment;
      if (!back) return;
      const { currency, total_amount: amount, telegram_payment_charge_id: paymentRef } = back;
      await notice(message, {
        event: 'refunded_payment',
        channel: channelOf(currency),
        chargeId: paymentRef,
        payload: back.invoice_payload,
        about: (bill, cardInvoiceId) => ({
          ...{ kind: 'paid_back', ...bill, paymentRef, amount, currency },
          ...(cardInvoiceId === undefined ? {} : { cardInvoiceId }),
        }),
      });
    },
  };
}

type Told = {
  readonly event: 'successful_payment' | 'refunded_payment';
  readonly channel: string;
  readonly chargeId: string;
  readonly payload: string;
  readonly about: (bill: { reference: string; orderId: string }, cardInvoiceId?: string) => ChannelNotice['about'];
};

/** Why not, in the payer's language; undefined when it may be paid. */
async function refusalOf(
  core: TelegramPaymentsOptions['core'],
  query: PreCheckoutQuery,
  { wordsFor, payer }: { wordsFor: (from: User) => Words; payer: PlatformPayer },
): Promise<string | undefined> {
  const { invoice_payload: payload, total_amount: amount, currency, from } = query;
  const checked = await core.preCheckout({ channel: channelOf(currency), payload, amount, currency, payer });
  return checked.ok ? undefined : drawFault(checked.fault, wordsFor(from));
}

const LATE = { late: true } as const;

/** `LATE` when the work took longer, or broke: both mean that nobody can say that the money may be taken. */
function within<T>(ms: number, work: () => Promise<T>): Promise<T | typeof LATE> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(LATE), ms);
    const end = (value: T | typeof LATE) => {
      clearTimeout(timer);
      resolve(value);
    };
    work().then(end, () => end(LATE));
  });
}

const TRIES_MAX = 3;

/** An answer that was lost, or hangs, is given again: only the first one counts. The last try says what went wrong. */
async function answered(ms: number, answer: () => Promise<unknown>): Promise<void> {
  for (let tried = 1; tried < TRIES_MAX; tried++) {
    if ((await within(ms / TRIES_MAX, answer)) !== LATE) return;
  }
  await answer();
}

type PayerOf = (from: User) => PlatformPayer;

const payers =
  ({ negotiate }: Pick<TelegramPaymentsOptions, 'negotiate'>): PayerOf =>
  (from) => ({ userId: String(from.id), name: nameOf(from), locale: negotiate(from.language_code) });
