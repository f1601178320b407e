import type { Message, MessageData } from '../ports/messages.ts';
import type { NoticeKind } from '../ports/notices.ts';
import type { TextParams, Translate, Words } from '../ports/words.ts';
import { open, rows } from './parts.ts';
import { para, type Tone, type View } from './view.ts';

/** What each text speaks of: `code` of an order, `title` of a product or a shop, an `amount` in its `currency`, an instant `until`. */
const NOTICE_PARAMS: Readonly<Record<NoticeKind, readonly ('code' | 'title' | 'amount' | 'until')[]>> = {
  sold: ['code', 'title'],
  cash_expected: ['code'],
  order_cancelled: ['code'],
  order_received: ['code'],
  refund_by_hand: ['code'],
  shop_applied: ['title'],
  shop_approved: ['title'],
  shop_rejected: ['title'],
  shop_frozen: ['title'],
  account_active: ['title'],
  account_restricted: ['title'],
  product_reported: ['title'],
  product_frozen: ['title'],
  question_asked: ['title'],
  posted: ['title'],
  post_unknown: ['title'],
  card_gone: ['title'],
  cash_only: ['title'],
  saved: [],
  shipped: ['code'],
  paid_late_delivered: ['code'],
  paid_late_refunded: ['code'],
  paid_twice_refunded: ['code'],
  gift_paid: ['code'],
  payment_declined: ['code'],
  card_number_dropped: [],
  case_opened: [],
  dispute_answer: ['code', 'amount', 'until'],
  dispute_review: ['code', 'amount'],
  dispute_won: ['code', 'amount'],
  dispute_lost: ['code', 'amount'],
  dispute_accepted: ['code', 'amount'],
  dispute_expired: ['code', 'amount'],
  fraud_warning: ['code'],
  refund_asked: ['code', 'amount', 'until'],
  refund_ask_escalated: ['code', 'amount'],
  refund_ask_accepted: ['code', 'amount'],
  refund_ask_rejected: ['code', 'amount'],
  refund_ask_waits: ['code', 'amount'],
  refund_stopped: ['code', 'amount'],
  refund_to_approve: ['code', 'amount'],
  confirm_second_person: ['code'],
  helper_added: ['title'],
  reported: [],
  asked: [],
  shop_application_sent: [],
  index_placed: ['title'],
};

const GOOD: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  'sold',
  'order_received',
  'shop_approved',
  'account_active',
  'posted',
  'saved',
  'shipped',
  'paid_late_delivered',
  'dispute_won',
  'refund_ask_accepted',
  'gift_paid',
]);

const BAD: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  'shop_rejected',
  'shop_frozen',
  'account_restricted',
  'product_frozen',
  'payment_declined',
  'card_number_dropped',
  'dispute_answer',
  'dispute_lost',
  'dispute_expired',
  'fraud_warning',
]);

export function notice({ kind, params, next }: MessageData['notice'], words: Words): View {
  const { t } = words;
  const tone = toneOf(kind);
  return {
    body: [para(t(`notice.${kind}`, paramsOf(kind, params, words)), tone)],
    actions: next ? rows([open(nextLabel(next, t), next, { style: 'primary' })]) : [],
    tone,
  };
}

function toneOf(kind: NoticeKind): Tone {
  if (GOOD.has(kind)) return 'good';
  return BAD.has(kind) ? 'bad' : 'plain';
}

/** What is spoken of may be gone by now; the sentence still reads. */
function paramsOf(kind: NoticeKind, params: TextParams, words: Words): TextParams {
  return Object.fromEntries(NOTICE_PARAMS[kind].map((name) => [name, said(name, params, words) ?? '…']));
}

function said(name: string, params: TextParams, { fmt }: Words): string | number | undefined {
  const value = params[name];
  const { currency } = params;
  if (name === 'until') return typeof value === 'number' ? fmt.dateTime(value) : undefined;
  if (name !== 'amount') return value;
  return typeof value === 'number' && typeof currency === 'string' ? fmt.money({ amount: value, currency }) : undefined;
}

function nextLabel(next: Message, t: Translate): string {
  switch (next.name) {
    case 'order':
    case 'sale':
    case 'shop':
    case 'questions':
    case 'admin':
    case 'cases':
      return t(`next.${next.name}`);
    default:
      return t('next.open');
  }
}
