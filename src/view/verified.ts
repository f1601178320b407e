import type { MessageData } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { menu, rows } from './parts.ts';
import { para, type View } from './view.ts';

/** Whether what somebody asked about belongs to this market. */
export function verified({ verdict, shops }: MessageData['verified'], { t, fmt }: Words): View {
  const said =
    verdict === 'seller' ? t('verified.seller', { shops: fmt.list(shops, 'and') }) : t(`verified.${verdict}`);
  const isWarning = verdict === 'foreign' || verdict === 'unknown';
  return {
    body: [isWarning ? para(said, 'warning') : para(said)],
    actions: rows([menu(t)]),
    tone: isWarning ? 'warning' : 'plain',
  };
}
