/** Giving money back: all of it with one press, or a part of it by amount or by units. */
import type { OrderData, OrderLineData } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import { isDisputed } from './disputes.ts';
import { field, form, named, press } from './parts.ts';
import type { Action, Field } from './view.ts';

/** What has not left the seller's hands goes back on sale with the money. */
const isStillHere = ({ state }: OrderData): boolean => state === 'paid';

export function refundFull(order: OrderData, { t, fmt }: Words): Action | false {
  if (order.refundable.amount === 0) return false;
  const amount = fmt.money(order.refundable);
  return press(
    t('sale.refund_full', { amount }),
    { kind: 'refund', orderId: order.id, amount: '', lines: [], restock: isStillHere(order) },
    {
      style: 'danger',
      confirm: t(isDisputed(order) ? 'sale.refund_disputed_confirm' : 'sale.refund_full_confirm', {
        amount,
        code: order.code,
      }),
    },
  );
}

export function refundPart(order: OrderData, { t, fmt }: Words): Action | false {
  if (order.refundable.amount === 0 || order.refundFullOnly) return false;
  const fields: Field[] = [
    field('amount', 'amount', t('sale.refund_amount', { currency: order.refundable.currency }), {
      hint: t('sale.refund_amount_hint', { amount: fmt.money(order.refundable) }),
    }),
    ...order.lines.flatMap((line) => unitsField(line, { t })),
    { kind: 'check', name: 'restock', label: t('sale.restock'), value: isStillHere(order) ? 'true' : '' },
  ];
  return form(
    t('sale.refund_part'),
    { kind: 'refund', orderId: order.id, part: true },
    { title: t('sale.refund_part_title', { code: order.code }), submit: t('sale.refund_submit'), fields },
  );
}

export function unitsField(line: OrderLineData, { t }: Pick<Words, 't'>): Field[] {
  const left = line.quantity - line.refundedQuantity;
  if (left <= 0) return [];
  const label = t('sale.refund_units', { title: named(line) });
  return [field('number', `lines.${line.id}`, label, { hint: t('sale.refund_units_hint', { count: left }) })];
}
