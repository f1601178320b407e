import type { MessageData } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { form, menu, open, press, rows } from './parts.ts';
import { para, type Field, type View } from './view.ts';

export function staff({ shop, helpers, candidates }: MessageData['staff'], { t }: Words): View {
  const put = { kind: 'put_helper', shopId: shop.id } as const;
  const items = helpers.map((helper) => ({
    text: [helper.title],
    actions: [
      press(
        t('staff.remove'),
        { ...put, personId: helper.id, helps: false },
        {
          style: 'danger',
          confirm: t('staff.remove_confirm', { name: helper.title }),
        },
      ),
    ],
  }));
  const options = candidates.map((person) => ({ value: person.id, label: person.title }));
  const who: Field = { kind: 'choice', name: 'personId', label: t('staff.add_who'), required: true, options };
  const asked = { title: t('staff.add'), submit: t('staff.add'), fields: [who] };
  return {
    title: t('staff.title', { shop: shop.title }),
    body: [para(t('staff.intro')), items.length === 0 ? para(t('staff.none')) : { kind: 'list', items }],
    actions: rows(
      [options.length > 0 && form(t('staff.add'), { ...put, helps: true }, asked, 'primary')],
      [open(t('home.my_shop', { shop: shop.title }), { name: 'shop', shopId: shop.id }), menu(t)],
    ),
    tone: 'plain',
  };
}
