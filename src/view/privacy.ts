import type { MessageData } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { menu, open, press, rows } from './parts.ts';
import { para, type View } from './view.ts';

/** What is kept, and the two things that a person may ask for. */
export function privacy({ community }: MessageData['privacy'], { t }: Words): View {
  return {
    title: t('privacy.title'),
    body: [para(t('bot.privacy')), para(t('privacy.rights', { community }))],
    actions: rows(
      [open(t('privacy.export'), { name: 'my_data' })],
      [press(t('privacy.erase'), { kind: 'erase_me' }, { style: 'danger', confirm: t('privacy.confirm') })],
      [menu(t)],
    ),
    tone: 'plain',
  };
}

export function myData({ json }: MessageData['my_data'], { t }: Words): View {
  return {
    title: t('privacy.data_title'),
    body: [
      para(t('privacy.data_why')),
      { kind: 'copy', label: t('privacy.data_title'), text: json, file: 'pasar-data.json' },
    ],
    actions: rows([open(t('privacy.title'), { name: 'privacy' }), menu(t)]),
    tone: 'plain',
  };
}
