import type { MessageData } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { menu, named, open, rows, stockText } from './parts.ts';
import { bold, para, type Block, type View } from './view.ts';

/** The evening of a shop in a few lines, each with a way on. */
export function digest(data: MessageData['digest'], words: Words): View {
  const { t, fmt } = words;
  const shopId = data.shop.id;
  const totals = fmt.list(
    data.totals.map((total) => fmt.money(total)),
    'and',
  );
  const lines = [
    data.sold > 0 && t('digest.sold', { count: data.sold, amount: totals }),
    data.toShip > 0 && t('digest.to_ship', { count: data.toShip }),
    data.unpaid > 0 && t('digest.unpaid', { count: data.unpaid }),
    data.refunds > 0 && t('digest.refunds', { count: data.refunds }),
    data.cases > 0 && t('digest.cases', { count: data.cases }),
    data.questions > 0 && t('digest.questions', { count: data.questions }),
  ].filter((line) => line !== false);
  const low: Block[] =
    data.low.length === 0
      ? []
      : [
          para([bold(t('digest.low'))]),
          {
            kind: 'list',
            items: data.low.map((one) => ({
              text: [t('digest.low_line', { title: named(one), left: stockText(one.left, words) })],
            })),
          },
        ];
  return {
    title: t('digest.title', { shop: data.shop.title }),
    body: [{ kind: 'list', items: lines.map((text) => ({ text: [text] })) }, ...low],
    actions: rows(
      [
        data.toShip > 0 && open(t('packing.open'), { name: 'packing', shopId, page: 0 }, { style: 'primary' }),
        open(t('shop.orders'), { name: 'shop_orders', shopId }),
        data.questions > 0 && open(t('shop.questions'), { name: 'questions', shopId }),
      ],
      [open(t('home.my_shop', { shop: data.shop.title }), { name: 'shop', shopId }), menu(t)],
    ),
    tone: 'plain',
  };
}
