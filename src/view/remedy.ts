/** Result, reason, remedy: what happened, whether money was taken, what to do now. */
import type { Money } from '../domain/money.ts';
import type { Remedy } from '../ports/shown.ts';
import type { OrderData } from '../ports/shown.ts';
import type { Translate, Words } from '../ports/words.ts';
import type { RefundCause } from '../ports/store/payments.ts';
import { bold, para, type Block, type Tone } from './view.ts';
import { dueOf } from './parts.ts';

type Told = Remedy & { readonly tone: Tone };

function told({ what, moneyTaken, now, tone }: Told, t: Translate): Block[] {
  return [para([bold(what), ' ', t(`money.${moneyTaken}`)], tone), para(now)];
}

/** Every refusal, delay and irregularity of an order that its buyer must know of, the newest fact first. */
export function troubles(order: OrderData, words: Words): Block[] {
  return [...irregular(order, words), ...unfinished(order, words)].flatMap((one) => told(one, words.t));
}

function irregular(order: OrderData, { t, fmt }: Words): Told[] {
  return order.exceptions.flatMap((exception): Told[] => {
    switch (exception) {
      case 'paid_late':
        return [late(order, { t, fmt })];
      case 'duplicate_payment': {
        const back = refundedFor('duplicate', order);
        return [back ? text(t, 'twice', 'returned', { amount: fmt.money(back) }) : text(t, 'conflict', 'unknown')];
      }
      case 'conflicted':
        return [text(t, 'conflict', 'unknown')];
      case 'underpaid':
        return [text(t, 'underpaid', 'yes')];
      case 'overpaid':
        return [text(t, 'overpaid', 'yes')];
      default:
        // The others (marked by hand) change nothing for the buyer.
        return [];
    }
  });
}

type ExceptionText = 'late_delivered' | 'late_refunded' | 'twice' | 'conflict' | 'underpaid' | 'overpaid';

function text(t: Translate, name: ExceptionText, moneyTaken: Remedy['moneyTaken'], params?: { amount: string }): Told {
  const tone = name === 'late_delivered' ? 'good' : 'warning';
  return { what: t(`exception.${name}.what`), moneyTaken, now: t(`exception.${name}.now`, params), tone };
}

function late(order: OrderData, { t, fmt }: Pick<Words, 't' | 'fmt'>): Told {
  const back = refundedFor('late', order);
  if (back) return text(t, 'late_refunded', 'returned', { amount: fmt.money(back) });
  return isPaid(order) ? text(t, 'late_delivered', 'yes') : text(t, 'conflict', 'unknown');
}

function refundedFor(cause: RefundCause, order: OrderData): Money | undefined {
  return order.refunds.find((refund) => refund.cause === cause && !CALLED_OFF.has(refund.state))?.amount;
}

const CALLED_OFF: ReadonlySet<string> = new Set(['failed', 'rejected', 'cancelled']);

export const isPaid = (order: Pick<OrderData, 'state'>): boolean =>
  order.state === 'paid' || order.state === 'fulfilled' || order.state === 'closed';

function unfinished(order: OrderData, words: Words): Told[] {
  const { t } = words;
  switch (order.state) {
    case 'pending_payment':
      return waiting(order, words);
    case 'expired':
    case 'cancelled': {
      if (order.exceptions.length > 0) return [];
      const asked = order.attempt?.state === 'working' || order.attempt?.state === 'unknown';
      const moneyTaken = order.refunds.length > 0 ? 'returned' : asked ? 'unknown' : 'no';
      const said = { what: t(`order.${order.state}.what`), now: t(nowKey(order)) };
      return [{ ...said, moneyTaken, tone: 'warning' }];
    }
    default:
      return [];
  }
}

/** Nobody finds a card to press Buy on for a bill that a seller sent. */
const nowKey = ({ state, billed }: OrderData) =>
  state === 'cancelled' ? 'order.cancelled.now' : billed ? 'order.expired.now_billed' : 'order.expired.now';

function waiting(order: OrderData, { t, fmt }: Words): Told[] {
  const amount = fmt.money(dueOf(order.quote));
  switch (order.attempt?.state) {
    case 'working':
      return [{ what: t('order.working.what'), moneyTaken: 'unknown', now: t('order.working.now'), tone: 'warning' }];
    case 'unknown':
      return [{ what: t('order.unknown.what'), moneyTaken: 'unknown', now: t('order.unknown.now'), tone: 'warning' }];
    case 'waiting_for_cash':
      return [{ what: t('order.cash.what', { amount }), moneyTaken: 'no', now: t('order.cash.now'), tone: 'plain' }];
    default: {
      const code = order.attempt?.declineCode ?? order.lastDecline;
      return code === null ? [] : [declined(code, t)];
    }
  }
}

/** A channel's word that we do not know is a plain refusal. */
export function declined(code: string, t: Translate): Told {
  const known = DECLINES.find((one) => one === code) ?? 'declined';
  return { what: t(`decline.${known}.what`), moneyTaken: 'no', now: t(`decline.${known}.now`), tone: 'bad' };
}

const DECLINES = [
  'insufficient_funds',
  'declined',
  'expired_card',
  'incorrect_cvc',
  'incorrect_details',
  'processing_error',
  'lost_or_stolen',
  'card_not_supported',
  'authentication_required',
  'limit_exceeded',
  'suspected_fraud',
  'bank_unavailable',
  'abandoned',
] as const;
