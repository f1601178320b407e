import type { MessageData } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { fact, field, form, menu, open, press, rows } from './parts.ts';
import { bold, para, type Action, type View } from './view.ts';

type Data = MessageData['profile'];

export function profile(data: Data, words: Words): View {
  const { t, fmt } = words;
  const language = fmt.languages.find((one) => one.locale === data.locale)?.name ?? data.locale;
  return {
    title: t('profile.title'),
    body: [
      {
        kind: 'facts',
        facts: [
          fact(t('profile.name'), data.name),
          fact(t('profile.language'), language),
          fact(t('profile.currency'), `${data.currency} · ${fmt.currencyName(data.currency)}`),
        ],
      },
      ...(data.demo
        ? [para([bold(t('profile.role'))]), para(t('profile.role_now', { role: t(`role.${data.role}`) }))]
        : []),
    ],
    actions: rows(
      [edit(data, words), open(t('privacy.title'), { name: 'privacy' })],
      data.demo ? roles(data, words) : [],
      [menu(t)],
    ),
    tone: 'plain',
  };
}

function edit(data: Data, { t, fmt }: Words): Action {
  return form(
    t('profile.edit'),
    { kind: 'set_profile' },
    {
      title: t('profile.title'),
      submit: t('do.save'),
      fields: [
        field('text', 'name', t('profile.name'), { required: true, value: data.name, maxLength: 60 }),
        {
          kind: 'choice',
          name: 'locale',
          label: t('profile.language'),
          required: true,
          value: data.locale,
          options: fmt.languages.map(({ locale, name }) => ({ value: locale, label: name })),
        },
        {
          kind: 'choice',
          name: 'currency',
          label: t('profile.currency'),
          hint: t('profile.currency_hint'),
          required: true,
          value: data.currency,
          options: data.currencies.map((code) => ({ value: code, label: `${code} · ${fmt.currencyName(code)}` })),
        },
      ],
    },
    'primary',
  );
}

/** Who the visitor of a demo wants to be; elsewhere roles are given, not taken. */
function roles(data: Data, { t }: Words): Action[] {
  return (['member', 'seller', 'helper', 'admin', 'owner'] as const).map((role) =>
    press(t(`role.${role}`), { kind: 'choose_role', role }, { disabled: role === data.role && role !== 'member' }),
  );
}
