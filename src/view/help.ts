import type { MessageData } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { menu, open, rows } from './parts.ts';
import { bold, para, type Block, type View } from './view.ts';

/** As much as this person's role needs. */
export function help({ community, role, seller }: MessageData['help'], { t }: Words): View {
  const list = (texts: string[]): Block => ({ kind: 'list', items: texts.map((text) => ({ text: [text] })) });
  return {
    title: t('help.title'),
    body: [
      para(t('help.intro', { community })),
      list([
        t('help.buyer.buy'),
        t('help.buyer.basket'),
        t('help.buyer.track'),
        t('help.buyer.trouble'),
        t('help.buyer.cancel'),
        t('help.buyer.safety'),
      ]),
      ...(seller
        ? [
            para([bold(t('role.seller'))]),
            list([t('help.seller.post'), t('help.seller.ship'), t('help.seller.paid'), t('help.seller.refund')]),
          ]
        : []),
      ...(role === 'member'
        ? []
        : [
            para([bold(t(`role.${role}`))]),
            list([t('help.steward.approve'), t('help.steward.freeze'), t('help.steward.cases')]),
          ]),
    ],
    actions: rows([open(t('do.browse'), { name: 'browse' }), menu(t)]),
    tone: 'plain',
  };
}
