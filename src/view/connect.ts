import type { MessageData } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { open, rows } from './parts.ts';
import { bold, para, type Block, type Tone, type View } from './view.ts';

const TONES: Readonly<Record<MessageData['connect']['state'], Tone>> = {
  none: 'plain',
  pending: 'plain',
  restricted: 'warning',
  active: 'good',
};

/** A shop's own account: what state it is in, what is still wanted, and the way on. */
export function connect({ shop, state, wants, url }: MessageData['connect'], { t }: Words): View {
  const back = open(t('home.my_shop', { shop: shop.title }), { name: 'shop', shopId: shop.id });
  const title = t('connect.title');
  if (url === null) return { title, body: [para(t('connect.market'))], actions: rows([back]), tone: 'plain' };
  const wanted: Block[] =
    wants.length === 0
      ? []
      : [
          para([bold(t('connect.wanted'))]),
          { kind: 'list', items: wants.map((want) => ({ text: [t(`connect.want.${want}`)] })) },
        ];
  const label = t(state === 'none' ? 'connect.open' : state === 'active' ? 'connect.change' : 'connect.go_on');
  return {
    title,
    body: [para(t(`connect.state.${state}`), TONES[state]), ...wanted],
    actions: rows([{ kind: 'link', label, style: state === 'active' ? 'plain' : 'primary', url }], [back]),
    tone: TONES[state],
  };
}
