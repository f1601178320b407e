import type { MessageData } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { channelName, fact, joined, menu, open, rows } from './parts.ts';
import { bold, para, type Block, type View } from './view.ts';

type Data = MessageData['money'];

/** A shop's money: collected, kept, given back, on the way with a date, arrived; and day by day. */
export function money(data: Data, words: Words): View {
  const { t } = words;
  return {
    title: t('shop_money.title', { shop: data.shop.title }),
    body: [
      ...(data.totals.length === 0 ? [para(t('shop_money.empty'))] : data.totals.flatMap((one) => total(one, words))),
      ...payouts(data, words),
      ...days(data, words),
    ],
    actions: rows([open(t('sale.all_orders'), { name: 'shop_orders', shopId: data.shop.id }), menu(t)]),
    tone: 'plain',
  };
}

function total(one: Data['totals'][number], { t, fmt }: Words): Block[] {
  return [
    para([bold(`${channelName(one.channel, t)} · ${one.gross.currency}`)]),
    {
      kind: 'facts',
      facts: [
        fact(t('shop_money.collected'), fmt.money(one.gross)),
        fact(t('shop_money.fees'), fmt.money(one.fees)),
        fact(t('shop_money.refunds'), fmt.money(one.refunds)),
        ...(one.disputes.amount === 0 ? [] : [fact(t('shop_money.disputes'), fmt.money(one.disputes))]),
        fact(t('shop_money.net'), fmt.money(one.net)),
        fact(t(one.paidToMarket ? 'shop_money.owed' : 'shop_money.left'), fmt.money(one.left)),
      ],
    },
  ];
}

function payouts(data: Data, { t, fmt }: Words): Block[] {
  if (data.payouts.length === 0) return [];
  const items = data.payouts.map((one) => ({
    text: [t(one.arrived ? 'shop_money.arrived' : 'shop_money.on_the_way', { amount: fmt.money(one.amount) })],
    detail: joined([channelName(one.channel, t), one.at !== null && fmt.date(one.at)]),
  }));
  return [para([bold(t('shop_money.payouts'))]), { kind: 'list', items }];
}

function days(data: Data, { t, fmt }: Words): Block[] {
  if (data.days.length === 0) return [];
  const items = data.days.map((one) => ({
    text: [t('shop_money.day', { day: one.day, net: fmt.money(one.net) })],
    detail: joined([
      channelName(one.channel, t),
      `${t('shop_money.collected')} ${fmt.money(one.gross)}`,
      one.fees.amount !== 0 && `${t('shop_money.fees')} ${fmt.money(one.fees)}`,
      one.refunds.amount !== 0 && `${t('shop_money.refunds')} ${fmt.money(one.refunds)}`,
      one.disputes.amount !== 0 && `${t('shop_money.disputes')} ${fmt.money(one.disputes)}`,
    ]),
  }));
  return [para([bold(t('shop_money.days'))]), { kind: 'list', items }];
}
