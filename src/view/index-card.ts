import type { MessageData } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { open, price, rows } from './parts.ts';
import { bold, para, type ListItem, type View } from './view.ts';

type Data = MessageData['index'];

/** What is on sale in this chat, on one message. Without what is left of each: it would change with every purchase. */
export function index(data: Data, words: Words): View {
  const { t } = words;
  return {
    title: t('index.title', { community: data.community }),
    body:
      data.products.length === 0
        ? [para(t('index.empty'))]
        : [
            { kind: 'list', items: data.products.map((one) => item(one, words)) },
            ...(data.isCut ? [para(t('index.more'))] : []),
          ],
    actions: rows([open(t('do.browse'), { name: 'browse' })]),
    tone: 'plain',
  };
}

function item(one: Data['products'][number], words: Words): ListItem {
  const { t } = words;
  const cost = one.price && price(one.price, words);
  const told = cost && one.isFrom ? t('card.price_from', { amount: cost }) : cost;
  return {
    text: [bold(one.title)],
    ...(one.soldOut ? { detail: t('card.sold_out') } : told ? { detail: told } : {}),
    // A press shows it to whoever presses, wherever its card stands meanwhile.
    actions: one.soldOut ? [] : [open(one.title, { name: 'choose', listingId: one.listingId })],
  };
}
