import type { MessageData } from '../ports/messages.ts';
import type { PackingReport } from '../ports/shown.ts';
import type { Translate, Words } from '../ports/words.ts';
import { drawFault } from './fault.ts';
import { field, form, joined, menu, named, open, rows } from './parts.ts';
import { bold, para, type Action, type Block, type ListItem, type View } from './view.ts';

type Data = MessageData['packing'];
type Parcel = Data['orders'][number];

/** Lines of a pasted list that are told by name; more are counted. */
const BAD_MAX = 15;

/** What to pick, for whom, and where it goes; several are marked as done in one go. */
export function packing(data: Data, words: Words): View {
  const { t } = words;
  const shopId = data.shop.id;
  const turn = (label: 'packing.previous' | 'packing.next', page: number): Action | false =>
    page >= 0 && page < data.pages && open(t(label), { name: 'packing', shopId, page });
  return {
    title: t('packing.title', { shop: data.shop.title }),
    body: [
      ...(data.report ? reported(data.report, words) : []),
      ...(data.count === 0 ? [para(t('packing.empty'))] : waiting(data, words)),
    ],
    actions: rows(
      data.count === 0 ? [] : [tick(data, t), paste(data, t)],
      [turn('packing.previous', data.page - 1), turn('packing.next', data.page + 1)],
      [open(t('shop.orders'), { name: 'shop_orders', shopId }), menu(t)],
    ),
    tone: 'plain',
  };
}

function waiting(data: Data, words: Words): Block[] {
  const { t, fmt } = words;
  const units = (one: Data['totals'][number]) => t('packing.units', { n: fmt.number(one.quantity), title: named(one) });
  return [
    para([bold(t('packing.pick'))]),
    { kind: 'list', items: data.totals.map((one) => ({ text: [units(one)] })) },
    para([bold(t('packing.orders', { n: fmt.number(data.count) }))]),
    { kind: 'list', items: data.orders.map((order) => item(order, units, words)) },
  ];
}

function item(order: Parcel, units: (one: Parcel['lines'][number]) => string, { t }: Words): ListItem {
  const { address, method } = order;
  const place = address && [address.recipient, ...address.lines.split('\n'), address.phone].filter((one) => one !== '');
  return {
    text: [bold(t('packing.order', { code: order.code, buyer: order.buyer }))],
    detail: joined([...order.lines.map(units), t(`method.${method}`), place?.join(', ')]),
    actions: [open(t('shop_orders.open'), { name: 'sale', orderId: order.id })],
  };
}

/** All of the page are ticked: whoever packs takes off what is not ready. */
function tick(data: Data, t: Translate): Action {
  const options = data.orders.map((order) => ({
    value: order.id,
    label: t('packing.order', { code: order.code, buyer: order.buyer }),
  }));
  const value = options.map((one) => one.value).join(',');
  return form(
    t('packing.mark'),
    { kind: 'fulfil_many', shopId: data.shop.id },
    {
      title: t('packing.mark'),
      submit: t('packing.mark_submit'),
      fields: [
        { kind: 'choice', name: 'orderIds', label: t('packing.which'), required: true, many: true, options, value },
      ],
    },
    'primary',
  );
}

function paste(data: Data, t: Translate): Action {
  const lines = field('lines', 'tracking', t('packing.tracking_lines'), {
    required: true,
    maxLength: 20_000,
    hint: t('packing.tracking_hint', { example: `${data.orders[0]?.code ?? 'K7PM2QXD'} MY123456789` }),
  });
  return form(
    t('packing.tracking'),
    { kind: 'fulfil_many', shopId: data.shop.id, orderIds: [] },
    { title: t('packing.tracking'), submit: t('packing.mark_submit'), fields: [lines] },
  );
}

function reported(report: PackingReport, words: Words): Block[] {
  const { t, fmt } = words;
  const done = [
    report.sent > 0 && t('packing.sent', { count: report.sent }),
    report.handedOver > 0 && t('packing.handed_over', { count: report.handedOver }),
    report.already > 0 && t('packing.already', { count: report.already }),
  ].filter((one) => one !== false);
  const items = report.bad.slice(0, BAD_MAX).map((one) => ({ text: [badText(one, words)] }));
  const more = report.bad.length - items.length;
  return [
    ...done.map((text) => para(text, 'good')),
    ...(items.length === 0 ? [] : [para(t('packing.bad'), 'warning'), { kind: 'list', items } as const]),
    ...(more > 0 ? [para(t('packing.bad_more', { n: fmt.number(more) }), 'warning')] : []),
  ];
}

function badText({ line, code, fault }: PackingReport['bad'][number], words: Words): string {
  const { t, fmt } = words;
  const text = drawFault(fault, words);
  if (line === null) return code === '' ? text : t('packing.bad_order', { code, text });
  return t('packing.bad_line', { line: joined([fmt.number(line), code]), text });
}
