import type { MessageData } from '../ports/messages.ts';
import type { OrderData } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import { bill } from './bill.ts';
import { disputeList, isDisputed } from './disputes.ts';
import { refunds } from './order.ts';
import { dueOf, fact, field, form, menu, open, press, rows, stateName } from './parts.ts';
import { sharedLink, sharing } from './order-actions.ts';
import { isPaid } from './remedy.ts';
import { approvals, decideRow, requestBlocks } from './refund-request.ts';
import { refundFull, refundPart } from './sale-refund.ts';
import { bold, code, para, type Action, type Block, type View } from './view.ts';

/** An order from the seller's side: what to hand over to whom, and every way to give money back. */
export function sale({ order, buyer, handRefunds }: MessageData['sale'], words: Words): View {
  const { t } = words;
  const paid = isPaid(order);
  return {
    title: t('sale.title', { code: order.code }),
    badge: { text: stateName(order, t), tone: paid ? 'good' : 'plain' },
    body: [
      ...advice(order, words),
      facts(order, buyer, words),
      ...address(order, words),
      bill(order.quote, null, words),
      ...refunds(order, words),
      ...requestBlocks(order, words),
      ...approvals(order, words),
      ...disputeList(order, 'seller', words),
      ...byHand(handRefunds, words),
      ...marketMoney(order, words),
      ...sharedLink(order, t),
      ...(order.testMoney ? [para(t('test_money'), 'warning')] : []),
    ],
    actions: rows(
      handling(order, words),
      [sharing(order, t)],
      decideRow(order, words),
      order.can.refund ? [refundFull(order, words), refundPart(order, words)] : [],
      [
        open(t('sale.timeline'), { name: 'timeline', orderId: order.id }),
        open(t('sale.all_orders'), { name: 'shop_orders', shopId: order.shop.id }),
        menu(t),
      ],
    ),
    tone: paid ? 'good' : 'plain',
  };
}

/** What the seller must know of this money before pressing anything. */
function marketMoney(order: OrderData, { t }: Words): Block[] {
  if (!isPaid(order)) return [];
  return [
    ...(order.paidToMarket ? [para(t('sale.paid_to_market'))] : []),
    ...(order.can.refund && isDisputed(order) ? [para(t('sale.refund_disputed'), 'warning')] : []),
    ...(order.can.refund && order.refundFullOnly ? [para(t('sale.refund_full_only'))] : []),
  ];
}

function advice(order: OrderData, { t, fmt }: Words): Block[] {
  const blocks = order.exceptions.includes('conflicted') ? [para(t('sale.conflict'), 'warning')] : [];
  if (order.state !== 'pending_payment') return blocks;
  switch (order.attempt?.state) {
    case 'waiting_for_cash':
      return [...blocks, para(t('sale.cash_wait', { amount: fmt.money(dueOf(order.quote)) }), 'warning')];
    case 'working':
      return [...blocks, para(t('sale.working'), 'warning')];
    case 'unknown':
      return [...blocks, para(t('sale.unknown'), 'warning')];
    default:
      return [...blocks, para(t('sale.unpaid'), 'warning')];
  }
}

function facts(order: OrderData, buyer: string, { t, fmt }: Words): Block {
  const { method, shippedAt, tracking } = order.delivery;
  return {
    kind: 'facts',
    facts: [
      fact(t('sale.buyer'), [bold(buyer)]),
      ...(method ? [fact(t('order.delivery'), t(`method.${method}`))] : []),
      ...(order.paid.amount > 0 ? [fact(t('sale.paid'), fmt.money(order.paid))] : []),
      ...(order.refundable.amount > 0 ? [fact(t('sale.refundable'), fmt.money(order.refundable))] : []),
      ...(order.paidAt === null ? [] : [fact(t('order.paid_at'), fmt.dateTime(order.paidAt))]),
      ...(shippedAt === null ? [] : [fact(t('order.sent_at'), fmt.dateTime(shippedAt))]),
      ...(tracking ? [fact(t('order.tracking'), [code(tracking)])] : []),
    ],
  };
}

/** As it goes onto the parcel. */
function address(order: OrderData, { t }: Words): Block[] {
  const { method, address: to } = order.delivery;
  if (method !== 'ship' || !to) return [];
  const text = [to.recipient, to.lines, to.phone].filter((one) => one !== '').join('\n');
  return [{ kind: 'copy', label: t('sale.address'), text }];
}

function byHand(handRefunds: MessageData['sale']['handRefunds'], { t, fmt }: Words): Block[] {
  if (handRefunds.length === 0) return [];
  const items = handRefunds.map((refund) => {
    const amount = fmt.money(refund.amount);
    const proof = field('text', 'proof', t('sale.proof'), { required: true, maxLength: 200 });
    const asked = { title: t('sale.by_hand_title', { amount }), submit: t('do.save'), fields: [proof] };
    return {
      text: [t('sale.by_hand', { amount })],
      actions: [form(t('sale.by_hand_record'), { kind: 'refund_paid_by_hand', refundId: refund.id }, asked, 'primary')],
    };
  });
  return [{ kind: 'list', items }];
}

function handling(order: OrderData, { t, fmt }: Words): (Action | false)[] {
  const { id: orderId, can } = order;
  const named = { code: order.code };
  const amount = fmt.money(dueOf(order.quote));
  return [
    can.confirmCash &&
      press(
        t('sale.confirm_cash'),
        { kind: 'confirm_cash', orderId },
        {
          style: 'primary',
          confirm: t('sale.confirm_cash_confirm', { amount }),
        },
      ),
    can.ship && shipForm(order, { t }),
    can.handOver &&
      press(
        t('sale.hand_over'),
        { kind: 'hand_over', orderId },
        {
          style: can.ship ? 'plain' : 'primary',
          confirm: t('sale.hand_over_confirm', named),
        },
      ),
    can.cancel &&
      press(
        t('do.cancel'),
        { kind: 'cancel_order', orderId },
        {
          style: 'danger',
          confirm: isPaid(order)
            ? t('sale.cancel_paid_confirm', { ...named, amount: fmt.money(order.refundable) })
            : t('order.cancel_confirm', named),
        },
      ),
  ];
}

function shipForm(order: OrderData, { t }: Pick<Words, 't'>): Action {
  const tracking = field('text', 'tracking', t('sale.tracking'), { hint: t('sale.tracking_hint'), maxLength: 200 });
  return form(
    t('sale.ship'),
    { kind: 'ship', orderId: order.id },
    { title: t('sale.ship_title', { code: order.code }), submit: t('sale.ship'), fields: [tracking] },
    'primary',
  );
}
