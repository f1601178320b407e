import type { MessageData } from '../ports/messages.ts';
import type { Json } from '../ports/runtime.ts';
import type { TimelineEntry } from '../ports/store/orders.ts';
import type { Translate, Words } from '../ports/words.ts';
import { channelName, menu, open, rows } from './parts.ts';
import { declined } from './remedy.ts';
import { para, type View } from './view.ts';

type Params = TimelineEntry['params'];
type Told = (params: Params, words: Words) => string;

/** "Where is my order?": everything that happened to it, oldest first. */
export function timeline({ orderId, code, entries, asSeller }: MessageData['timeline'], words: Words): View {
  const { t, fmt } = words;
  const items = entries.map((entry) => ({ text: [entryText(entry, words)], detail: fmt.dateTime(entry.at) }));
  return {
    title: t('timeline.title', { code }),
    body: items.length === 0 ? [para(t('timeline.empty'))] : [{ kind: 'list', items }],
    actions: rows([open(t('do.order'), asSeller ? { name: 'sale', orderId } : { name: 'order', orderId }), menu(t)]),
    tone: 'plain',
  };
}

function entryText(entry: TimelineEntry, words: Words): string {
  const known = Object.hasOwn(TEXTS, entry.kind) ? TEXTS[entry.kind] : undefined;
  return known ? known(entry.params, words) : words.t('timeline.unnamed', { kind: entry.kind });
}

const word = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** What a code means in words; one that we do not know is shown as it is. */
function named<K extends string>(value: Json | undefined, known: readonly K[], say: (key: K) => string): string {
  const key = known.find((one) => one === value);
  return key === undefined ? word(value) : say(key);
}

const METHODS = ['pickup', 'ship', 'none'] as const;
const PEOPLE = ['buyer', 'seller', 'steward', 'system'] as const;
const CAUSES = ['seller', 'admin', 'duplicate', 'late', 'cancelled_order'] as const;
const CONFLICTS = ['amount', 'currency', 'account', 'order', 'refund', 'dispute'] as const;
const DECISIONS = ['deliver', 'refund', 'dismiss', 'book', 'found', 'replay'] as const;

function amountOf({ amount, currency }: Params, { fmt }: Words): string {
  return typeof amount === 'number' && typeof currency === 'string' ? fmt.money({ amount, currency }) : word(amount);
}

const via = (params: Params, t: Translate) => ({ channel: channelName(word(params['channel']), t) });

/** Kinds whose text needs nothing but itself. */
type Bare =
  | ('bill_shared' | 'bill_unshared')
  | ('placed' | 'billed' | 'hold_made' | 'address_set' | 'cash_chosen' | 'cash_first_confirmed' | 'captured_late')
  | ('captured_again' | 'paid' | 'paid_free' | 'goods_delivered' | 'shipped' | 'handed_over' | 'received')
  | ('expired' | 'hold_released' | 'refund_submitted' | 'refund_pending' | 'refund_failed' | 'refund_unknown')
  | ('closed' | 'case_opened' | 'notice_repeated' | 'dispute_expired' | 'dispute_reminded' | 'fraud_warning')
  | ('refund_ask_withdrawn' | 'refund_ask_accepted' | 'refund_ask_rejected' | 'refund_ask_escalated');

const bare =
  (kind: Bare): Told =>
  (_params, { t }) =>
    t(`timeline.${kind}`);

const byChannel =
  (kind: 'attempt_opened' | 'attempt_pending' | 'attempt_unknown' | 'attempt_ended'): Told =>
  (params, { t }) =>
    t(`timeline.${kind}`, via(params, t));

type WithAmount =
  | ('coupon_used' | 'coupon_dropped' | 'coupon_returned' | 'coupon_over_limit')
  | ('dispute_inquiry' | 'dispute_needs_response' | 'dispute_under_review' | 'dispute_won' | 'dispute_lost')
  | ('refund_asked' | 'refund_pending_approval' | 'refund_approved' | 'refund_rejected')
  | ('dispute_accepted' | 'dispute_withdrawn' | 'dispute_reinstated' | 'dispute_fee' | 'dispute_fee_returned');

const withAmount =
  (kind: WithAmount): Told =>
  (params, words) =>
    words.t(`timeline.${kind}`, { amount: amountOf(params, words) });

const TEXTS: Readonly<Record<string, Told>> = {
  placed: bare('placed'),
  billed: bare('billed'),
  hold_made: bare('hold_made'),
  delivery_chosen: ({ method }, { t }) =>
    t('timeline.delivery_chosen', { method: named(method, METHODS, (key) => t(`method.${key}`)) }),
  address_set: bare('address_set'),
  attempt_opened: byChannel('attempt_opened'),
  attempt_declined: (params, { t }) =>
    t('timeline.attempt_declined', { ...via(params, t), reason: declined(word(params['code']), t).what }),
  attempt_pending: byChannel('attempt_pending'),
  attempt_unknown: byChannel('attempt_unknown'),
  attempt_ended: byChannel('attempt_ended'),
  bill_shared: bare('bill_shared'),
  bill_unshared: bare('bill_unshared'),
  cash_chosen: bare('cash_chosen'),
  cash_first_confirmed: bare('cash_first_confirmed'),
  captured: (params, words) =>
    words.t('timeline.captured', { ...via(params, words.t), amount: amountOf(params, words) }),
  captured_late: bare('captured_late'),
  captured_again: bare('captured_again'),
  conflict: ({ what }, { t }) =>
    t('timeline.conflict', { what: named(what, CONFLICTS, (key) => t(`conflict.${key}`)) }),
  paid: bare('paid'),
  paid_free: bare('paid_free'),
  goods_delivered: bare('goods_delivered'),
  shipped: bare('shipped'),
  handed_over: bare('handed_over'),
  received: bare('received'),
  cancelled: ({ by }, { t }) => t('timeline.cancelled', { by: named(by, PEOPLE, (key) => t(`by.${key}`)) }),
  expired: bare('expired'),
  hold_released: bare('hold_released'),
  coupon_used: withAmount('coupon_used'),
  coupon_dropped: withAmount('coupon_dropped'),
  coupon_returned: withAmount('coupon_returned'),
  coupon_over_limit: withAmount('coupon_over_limit'),
  dispute_inquiry: withAmount('dispute_inquiry'),
  dispute_needs_response: withAmount('dispute_needs_response'),
  dispute_under_review: withAmount('dispute_under_review'),
  dispute_won: withAmount('dispute_won'),
  dispute_lost: withAmount('dispute_lost'),
  dispute_accepted: withAmount('dispute_accepted'),
  dispute_withdrawn: withAmount('dispute_withdrawn'),
  dispute_reinstated: withAmount('dispute_reinstated'),
  dispute_fee: withAmount('dispute_fee'),
  dispute_fee_returned: withAmount('dispute_fee_returned'),
  dispute_expired: bare('dispute_expired'),
  dispute_reminded: bare('dispute_reminded'),
  fraud_warning: bare('fraud_warning'),
  refund_asked: withAmount('refund_asked'),
  refund_pending_approval: withAmount('refund_pending_approval'),
  refund_approved: withAmount('refund_approved'),
  refund_rejected: withAmount('refund_rejected'),
  refund_ask_withdrawn: bare('refund_ask_withdrawn'),
  refund_ask_accepted: bare('refund_ask_accepted'),
  refund_ask_rejected: bare('refund_ask_rejected'),
  refund_ask_escalated: bare('refund_ask_escalated'),
  refund_requested: (params, words) =>
    words.t('timeline.refund_requested', {
      amount: amountOf(params, words),
      cause: named(params['cause'], CAUSES, (key) => words.t(`cause.${key}`)),
    }),
  refund_submitted: bare('refund_submitted'),
  refund_pending: bare('refund_pending'),
  refund_succeeded: (params, words) => words.t('timeline.refund_succeeded', { amount: amountOf(params, words) }),
  refund_failed: bare('refund_failed'),
  refund_unknown: bare('refund_unknown'),
  closed: bare('closed'),
  case_opened: bare('case_opened'),
  case_resolved: ({ decision }, { t }) =>
    t('timeline.case_resolved', { decision: named(decision, DECISIONS, (key) => t(`decision.${key}`)) }),
  notice_verified: ({ type }, { t }) => t('timeline.notice_verified', { type: word(type) }),
  notice_repeated: bare('notice_repeated'),
};

export const TIMELINE_KINDS: readonly string[] = Object.keys(TEXTS);
