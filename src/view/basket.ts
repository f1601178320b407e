import type { MessageData } from '../ports/messages.ts';
import type { OrderData, OrderLineData } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import { bill } from './bill.ts';
import { dueOf, field, form, menu, named, open, press, price, rows } from './parts.ts';
import { bold, para, type Action, type Block, type View } from './view.ts';

/** One basket a shop, each with its own bill. */
export function basket({ baskets }: MessageData['basket'], words: Words): View {
  const { t } = words;
  const full = baskets.filter((one) => one.lines.length > 0);
  return {
    title: t('basket.title'),
    body: full.length === 0 ? [para(t('basket.empty'))] : full.flatMap((one) => oneShop(one, words)),
    actions: rows(...full.map((one) => [checkout(one, words)]), [open(t('do.browse'), { name: 'browse' }), menu(t)]),
    tone: 'plain',
  };
}

function oneShop(order: OrderData, words: Words): Block[] {
  const { t } = words;
  return [
    para([bold(t('basket.shop', { shop: order.shop.title }))]),
    {
      kind: 'list',
      items: order.lines.map((line) => ({
        text: [named(line)],
        detail: t('quantity', { count: line.quantity, price: price(line.unitPrice, words) }),
        actions: lineActions(order.id, line, words),
      })),
    },
    bill(order.quote, order.about, words),
    ...(order.delivery.offers.some((offer) => offer !== 'none') ? [para(t('basket.delivery_later'))] : []),
  ];
}

function checkout(order: OrderData, { t, fmt }: Words): Action {
  const label = t('basket.checkout', { amount: fmt.money(dueOf(order.quote)) });
  return press(label, { kind: 'basket_checkout', orderId: order.id }, { style: 'primary', answer: 'p' });
}

function lineActions(orderId: string, line: OrderLineData, { t }: Words): Action[] {
  const intent = { kind: 'basket_set', orderId, variantId: line.variantId } as const;
  const title = t('basket.quantity_of', { title: named(line) });
  const quantity = field('number', 'quantity', title, { required: true, value: String(line.quantity) });
  return [
    form(t('basket.quantity'), intent, { title: t('basket.quantity'), submit: t('do.save'), fields: [quantity] }),
    press(
      t('basket.remove'),
      { ...intent, quantity: 0 },
      { confirm: t('basket.remove_confirm', { title: named(line) }) },
    ),
  ];
}
