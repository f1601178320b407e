import type { MessageData } from '../ports/messages.ts';
import type { OrderData } from '../ports/shown.ts';
import type { Translate, Words } from '../ports/words.ts';
import { bill } from './bill.ts';
import { couponRow } from './coupons.ts';
import { disputeList } from './disputes.ts';
import { deliveryRows, payRows, sharedLink } from './order-actions.ts';
import { fact, joined, menu, open, press, rows, stateName } from './parts.ts';
import { isPaid, troubles } from './remedy.ts';
import { askRow, requestBlocks } from './refund-request.ts';
import { bold, code, para, type Action, type Block, type Tone, type View } from './view.ts';

/** The buyer's panel: first the bill with every way to pay, then, on the same spot, the receipt. */
export function order({ order: data }: MessageData['order'], words: Words): View {
  const { t } = words;
  const paid = isPaid(data);
  return {
    title: t(paid ? 'order.receipt' : 'order.title', { code: data.code }),
    badge: { text: stateName(data, t), tone: toneOf(data) },
    body: [
      ...troubles(data, words),
      ...(paid ? next(data, t) : []),
      bill(data.quote, isOpen(data) ? data.about : null, words),
      facts(data, words),
      ...goods(data, words),
      ...refunds(data, words),
      ...requestBlocks(data, words),
      ...disputeList(data, 'buyer', words),
      ...waitingTexts(data, words),
      ...(data.testMoney ? [para(t('test_money'), 'warning')] : []),
    ],
    actions: rows(
      ...(paid
        ? [afterRow(data, t)]
        : [...payRows(data, words), ...deliveryRows(data, t), data.can.useCoupon ? couponRow(data, t) : []]),
      paid ? askRow(data, words) : [],
      lastRow(data, words),
    ),
    tone: toneOf(data),
  };
}

/** What is over is not converted any more: nobody is going to pay it. */
const isOpen = ({ state }: OrderData): boolean => state === 'draft' || state === 'pending_payment';

function toneOf({ state }: OrderData): Tone {
  if (state === 'paid' || state === 'fulfilled' || state === 'closed') return 'good';
  return state === 'expired' || state === 'cancelled' ? 'warning' : 'plain';
}

function next(data: OrderData, t: Translate): Block[] {
  if (data.state === 'closed') return [para(t('order.closed'))];
  const { method } = data.delivery;
  const inThisMessage = method === 'none' && data.goods.some((one) => one.text !== '' || one.codes.length > 0);
  if (data.state === 'fulfilled' && !inThisMessage) return data.can.receive ? [para(t('order.fulfilled'))] : [];
  if (method === 'pickup' || method === 'ship') return [para(t(`order.paid_next.${method}`), 'good')];
  return [para(t('order.paid_next.none'), 'good')];
}

function facts(data: OrderData, { t, fmt }: Words): Block {
  const { method, address, pickupNote, tracking, shippedAt } = data.delivery;
  const place = address && [address.recipient, ...address.lines.split('\n'), address.phone].filter((one) => one !== '');
  return {
    kind: 'facts',
    facts: [
      fact(t('order.shop'), data.shop.title),
      ...(method ? [fact(t('order.delivery'), t(`method.${method}`))] : []),
      ...(method === 'pickup' && pickupNote !== '' ? [fact(t('order.pickup_note'), pickupNote)] : []),
      ...(method === 'ship' && place ? [fact(t('order.address'), place.join(', '))] : []),
      ...(data.paidAt === null
        ? []
        : [fact(t('order.paid_at'), data.free ? t('order.paid_free') : fmt.dateTime(data.paidAt))]),
      ...(shippedAt === null ? [] : [fact(t('order.sent_at'), fmt.dateTime(shippedAt))]),
      ...(tracking ? [fact(t('order.tracking'), [code(tracking)])] : []),
    ],
  };
}

function goods(data: OrderData, { t, fmt }: Words): Block[] {
  if (data.goods.length === 0) return [];
  const blocks = data.goods.flatMap((one): Block[] => [
    para([bold(one.title)]),
    ...(one.text === '' ? [] : [{ kind: 'copy', label: one.title, text: one.text } as const]),
    ...one.codes.map((text, index): Block => {
      return { kind: 'copy', label: t('order.code_n', { n: fmt.number(index + 1) }), text };
    }),
    ...(one.note === '' ? [] : [{ kind: 'words', text: one.note } as const]),
  ]);
  return [para([bold(t('order.goods'))]), ...blocks];
}

export function refunds(data: Pick<OrderData, 'refunds'>, { t, fmt }: Words): Block[] {
  if (data.refunds.length === 0) return [];
  const items = data.refunds.map((refund) => ({
    text: [t('order.refund_line', { amount: fmt.money(refund.amount), state: t(`refund_state.${refund.state}`) })],
    detail: joined([
      t(`cause.${refund.cause}`),
      fmt.dateTime(refund.at),
      refund.state === 'failed' && t('order.refund_failed_next'),
    ]),
  }));
  return [para([bold(t('order.refunds'))]), { kind: 'list', items }];
}

/** Cash and bills may take days: their hour alone would be read as one of today. */
function untilText(data: OrderData, at: number, byCash: boolean, { t, fmt }: Words): string {
  if (data.billed) return t('order.billed_until', { time: fmt.dateTime(at) });
  const time = byCash ? fmt.dateTime(at) : fmt.time(at);
  return t(data.reserved ? 'order.reserved_until' : 'order.open_until', { time });
}

function waitingTexts(data: OrderData, words: Words): Block[] {
  const { t } = words;
  if (data.state !== 'pending_payment') return [];
  const byCash = data.attempt?.state === 'waiting_for_cash';
  const needsAddress = data.delivery.method === 'ship' && data.delivery.address === null;
  return [
    ...(data.billed ? [para(t('order.billed', { shop: data.shop.title }))] : []),
    ...opened(data, t),
    ...sharedLink(data, t),
    ...(data.can.pay && data.paidToMarket ? [para(t('order.paid_to_market', { shop: data.shop.title }))] : []),
    ...(needsAddress ? [para(t('order.address_missing'))] : []),
    ...(data.can.pay && data.attempt === null && data.payUrl === null && data.channels.length === 0 && !data.free
      ? [para(t('order.no_channel'), 'warning')]
      : []),
    ...(data.expiresAt === null ? [] : [para(untilText(data, data.expiresAt, byCash, words))]),
  ];
}

/** A page of the channel is open elsewhere; an invoice is a button here, as soon as its link has come. */
function opened({ attempt, channels, invoice, payUrl }: OrderData, t: Translate): Block[] {
  if (attempt?.state !== 'open') return [];
  const page = channels.find((one) => one.code === attempt.channel)?.page ?? true;
  if (page) return [para(t('order.open'))];
  return invoice === null && payUrl === null ? [para(t('order.invoice_coming'))] : [];
}

function afterRow(data: OrderData, t: Translate): (Action | false)[] {
  return [
    data.can.receive &&
      press(
        t('order.received'),
        { kind: 'received', orderId: data.id },
        {
          style: 'primary',
          confirm: t('order.received_confirm', { code: data.code }),
        },
      ),
  ];
}

function lastRow(data: OrderData, { t, fmt }: Words): (Action | false)[] {
  const confirm =
    isPaid(data) && data.paid.amount > 0
      ? t('order.cancel_paid_confirm', { code: data.code, amount: fmt.money(data.refundable) })
      : t(data.billed ? 'order.decline_confirm' : 'order.cancel_confirm', { code: data.code });
  const label = t(data.billed && !isPaid(data) ? 'order.decline' : 'do.cancel');
  return [
    data.state !== 'draft' && open(t('do.timeline'), { name: 'timeline', orderId: data.id }),
    data.state === 'draft' && open(t('do.basket'), { name: 'basket' }),
    open(t('do.my_orders'), { name: 'my_orders' }),
    data.can.cancel && press(label, { kind: 'cancel_order', orderId: data.id }, { style: 'danger', confirm }),
    menu(t),
  ];
}
