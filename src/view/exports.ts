import type { MessageData } from '../ports/messages.ts';
import type { Period } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import { csvOf } from './csv.ts';
import { fact, field, form, menu, open, rows } from './parts.ts';
import { para, type Action, type View } from './view.ts';

/** Which days are wanted; each button makes a file of its own. */
export function exports({ shop, timeZone, today, periods, period }: MessageData['exports'], { t }: Words): View {
  const take = (label: string, { from, to }: Period, style: 'primary' | 'plain' = 'plain'): Action =>
    open(label, { name: 'orders_sheet', shopId: shop.id, from, to }, { style });
  const day = (name: 'from' | 'to', value: string) =>
    field('text', name, t(`exports.${name}`), { required: true, maxLength: 10, value, hint: t('exports.day_hint') });
  const shown = period ?? periods.month;
  return {
    title: t('exports.title', { shop: shop.title }),
    body: [para(t('exports.intro', { zone: timeZone }))],
    actions: rows(
      [period && take(t('exports.chosen', period), period, 'primary')],
      [take(t('exports.today'), periods.today), take(t('exports.week'), periods.week)],
      [take(t('exports.month'), periods.month), take(t('exports.last_month'), periods.last_month)],
      [
        form(
          t('exports.other'),
          { kind: 'choose_period', shopId: shop.id },
          {
            title: t('exports.other'),
            submit: t('exports.choose'),
            fields: [day('from', shown.from), day('to', period?.to ?? today)],
          },
        ),
      ],
      [open(t('shop.orders'), { name: 'shop_orders', shopId: shop.id }), menu(t)],
    ),
    tone: 'plain',
  };
}

export function ordersSheet(data: MessageData['orders_sheet'], { t, fmt }: Words): View {
  const { shop, from, to, timeZone, count, isCut, sheet } = data;
  return {
    title: t('exports.file', { shop: shop.title }),
    body: [
      {
        kind: 'facts',
        facts: [
          fact(t('exports.days'), t('exports.chosen', { from, to })),
          fact(t('exports.orders'), fmt.number(count)),
          fact(t('exports.zone'), timeZone),
        ],
      },
      ...(isCut ? [para(t('exports.cut', { n: fmt.number(count) }), 'warning')] : []),
    ],
    document: { name: `orders-${from}-${to}.csv`, mime: 'text/csv; charset=utf-8', content: csvOf(sheet) },
    actions: rows([open(t('exports.more'), { name: 'exports', shopId: shop.id }), menu(t)]),
    tone: 'plain',
  };
}
