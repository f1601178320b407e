/** What a payer's bank does about a payment: to the shop with the deadline and what to do, to the buyer as it stands. */
import type { OrderData } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import { channelName, joined } from './parts.ts';
import { bold, para, type Block } from './view.ts';

type Disputed = Pick<OrderData, 'disputes'>;

export const isDisputed = ({ disputes }: Disputed): boolean => disputes.some((one) => one.open);

export function disputeList(order: Disputed, side: 'buyer' | 'seller', words: Words): Block[] {
  if (order.disputes.length === 0) return [];
  const { t, fmt } = words;
  const items = order.disputes.map((one) => ({
    text: [t('dispute.line', { amount: fmt.money(one.amount), state: t(`dispute.state.${one.state}`) })],
    detail: joined([
      one.withdrawn.amount > 0 && t('dispute.held', { amount: fmt.money(one.withdrawn) }),
      side === 'seller' && answer(one, words),
    ]),
  }));
  return [para([bold(t('dispute.title'))]), { kind: 'list', items }];
}

function answer(one: OrderData['disputes'][number], { t, fmt }: Words): string | false {
  if (one.respondBy === null || (one.state !== 'inquiry' && one.state !== 'needs_response')) return false;
  return t('dispute.answer', { channel: channelName(one.channel, t), time: fmt.dateTime(one.respondBy) });
}
