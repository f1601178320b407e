/** "I want my money back": asked by the buyer, answered by the seller or a steward, seen by both in the same words. */
import type { OrderData } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import { field, form, press } from './parts.ts';
import { unitsField } from './sale-refund.ts';
import { bold, para, type Action, type Block } from './view.ts';

const WORDS_MAX = 500;

export function requestBlocks({ request }: Pick<OrderData, 'request'>, { t, fmt }: Words): Block[] {
  if (!request) return [];
  const amount = fmt.money(request.amount);
  const waits = request.state === 'open' ? [para(t('refund_ask.until', { time: fmt.dateTime(request.decideBy) }))] : [];
  return [
    para([bold(t('refund_ask.title', { amount })), ' ', t(`refund_ask.state.${request.state}`)]),
    ...(request.reason === '' ? [] : [{ kind: 'words', text: request.reason } as const]),
    ...waits,
    ...(request.answer === '' ? [] : [para(t('refund_ask.answer')), { kind: 'words', text: request.answer } as const]),
  ];
}

/** The buyer's side. */
export function askRow(order: OrderData, words: Words): (Action | false)[] {
  const { t, fmt } = words;
  const { request } = order;
  const withdraw =
    request?.can.withdraw === true &&
    press(t('refund_ask.withdraw'), { kind: 'withdraw_refund_request', requestId: request.id });
  if (!order.can.requestRefund) return [withdraw];
  const reason = field('lines', 'reason', t('refund_ask.reason'), { required: true, maxLength: WORDS_MAX });
  const amount = field('amount', 'amount', t('sale.refund_amount', { currency: order.refundable.currency }), {
    hint: t('refund_ask.amount_hint', { amount: fmt.money(order.refundable) }),
  });
  const parts = order.refundFullOnly ? [] : [amount, ...order.lines.flatMap((line) => unitsField(line, words))];
  const asked = {
    title: t('refund_ask.form_title', { code: order.code }),
    submit: t('refund_ask.submit'),
    fields: [reason, ...parts],
  };
  return [form(t('refund_ask.ask'), { kind: 'request_refund', orderId: order.id }, asked), withdraw];
}

/** The side of whoever decides. */
export function decideRow(order: OrderData, { t, fmt }: Words): (Action | false)[] {
  const { request } = order;
  if (!request?.can.decide) return [];
  const full = { amount: fmt.money(request.amount) };
  const stillHere = order.state === 'paid' ? 'true' : '';
  const amount = field('amount', 'amount', t('sale.refund_amount', { currency: request.amount.currency }), {
    hint: t('refund_ask.accept_hint', full),
  });
  const restock = { kind: 'check', name: 'restock', label: t('sale.restock'), value: stillHere } as const;
  const words = field('lines', 'words', t('refund_ask.words'), { required: true, maxLength: WORDS_MAX });
  const decide = { kind: 'decide_refund_request', requestId: request.id } as const;
  const fields = order.refundFullOnly ? [restock] : [amount, restock];
  const title = t('refund_ask.title', full);
  return [
    form(
      t('refund_ask.accept'),
      { ...decide, accept: true },
      { title, submit: t('refund_ask.accept'), fields },
      'primary',
    ),
    form(
      t('refund_ask.reject'),
      { ...decide, accept: false },
      { title, submit: t('refund_ask.reject'), fields: [words] },
      'danger',
    ),
  ];
}

/** Refunds above the limit: for somebody who did not ask for them. */
export function approvals({ refunds }: Pick<OrderData, 'refunds'>, { t, fmt }: Words): Block[] {
  const waiting = refunds.filter((one) => one.state === 'pending_approval');
  if (waiting.length === 0) return [];
  const items = waiting.map((one) => {
    const amount = fmt.money(one.amount);
    const decide = { kind: 'approve_refund', refundId: one.id } as const;
    const actions = one.canApprove
      ? [
          press(
            t('approval.approve'),
            { ...decide, approve: true },
            { style: 'primary', confirm: t('approval.approve_confirm', { amount }) },
          ),
          press(t('approval.reject'), { ...decide, approve: false }, { style: 'danger' }),
        ]
      : [];
    return { text: [t('approval.waits', { amount })], actions };
  });
  return [{ kind: 'list', items }];
}
