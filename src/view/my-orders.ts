import type { Message, MessageData } from '../ports/messages.ts';
import type { OrderSummary } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import { menu, open, rows, stateName } from './parts.ts';
import { bold, para, type ListItem, type View } from './view.ts';

export function myOrders({ orders }: MessageData['my_orders'], words: Words): View {
  const { t } = words;
  const items = orders.map((order) => orderItem(order, { name: 'order', orderId: order.id }, words));
  return {
    title: t('my_orders.title'),
    body: items.length === 0 ? [para(t('my_orders.empty'))] : [{ kind: 'list', items }],
    actions: rows([open(t('do.browse'), { name: 'browse' }), menu(t)]),
    tone: 'plain',
  };
}

/** Behind a button that everybody sees: each finds their own here, or nothing. */
export function claims({ orders }: MessageData['claims'], words: Words): View {
  const { t } = words;
  const items = orders.map((order) => orderItem(order, { name: 'order', orderId: order.id }, words));
  return {
    title: t('claims.title'),
    body: items.length === 0 ? [para(t('claims.empty'))] : [para(t('claims.why')), { kind: 'list', items }],
    actions: rows([open(t('do.my_orders'), { name: 'my_orders' })]),
    tone: 'plain',
  };
}

export function shopOrders({ shop, orders, canExport }: MessageData['shop_orders'], words: Words): View {
  const { t } = words;
  const items = orders.map((order) => orderItem(order, { name: 'sale', orderId: order.id }, words));
  return {
    title: t('shop_orders.title', { shop: shop.title }),
    body: items.length === 0 ? [para(t('shop_orders.empty'))] : [{ kind: 'list', items }],
    actions: rows(
      [
        orders.some(({ state }) => state === 'paid') &&
          open(t('packing.open'), { name: 'packing', shopId: shop.id, page: 0 }),
      ],
      [
        canExport && open(t('exports.open'), { name: 'exports', shopId: shop.id }),
        open(t('home.my_shop', { shop: shop.title }), { name: 'shop', shopId: shop.id }),
        menu(t),
      ],
    ),
    tone: 'plain',
  };
}

function orderItem(order: OrderSummary, message: Message<'order'> | Message<'sale'>, { t, fmt }: Words): ListItem {
  return {
    text: [bold(t('my_orders.line', { code: order.code, title: order.title }))],
    detail: t('my_orders.detail', {
      state: stateName(order, t),
      units: t('units', { count: order.units }),
      amount: fmt.money(order.total),
      shop: order.shop.title,
      date: fmt.dateTime(order.at),
    }),
    actions: [open(t(message.name === 'order' ? 'next.order' : 'shop_orders.open'), message)],
  };
}
