/** Screens of our own words: a question before an irreversible step, a form that goes on, a word to a stranger. */
import {
  type APIButtonComponentWithCustomId,
  type APIComponentInContainer,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { Fault } from '../../../src/domain/faults.ts';
import type { Words } from '../../../src/ports/words.ts';
import type { Behind } from '../../../src/view/behind.ts';
import { drawFault } from '../../../src/view/fault.ts';
import { directed, label } from '../../../src/view/runs.ts';
import { runsOf } from '../../../src/view/spoken.ts';
import { type Block, bold, para, type View } from '../../../src/view/view.ts';
import type { Draft } from '../forms.ts';
import { againData, finishData, pageData } from './data.ts';
import { fittedMarkdown } from './markdown.ts';
import { fieldsOf, pagesOf } from './modal.ts';
import type { Screen } from './screen.ts';

const TEXT_MAX = 3_900;
const LABEL_MAX = 80;

type Button = { readonly text: string; readonly data: string; readonly style: APIButtonComponentWithCustomId['style'] };

/** Text, and buttons of the adapter's own. */
export function plainScreen(view: View, { fmt }: Pick<Words, 'fmt'>, buttons: readonly Button[] = []): Screen {
  const shown = { ...view, body: view.body.filter((block) => block.kind !== 'list'), actions: [] };
  const { text, cut } = fittedMarkdown(directed(runsOf(shown, fmt), fmt.dir), TEXT_MAX);
  const row: APIComponentInContainer = {
    type: ComponentType.ActionRow,
    components: buttons.map(({ text: words, data, style }) => ({
      type: ComponentType.Button,
      style,
      label: label(words, LABEL_MAX),
      custom_id: data,
    })),
  };
  const display = { type: ComponentType.TextDisplay as const, content: text.trim() === '' ? '…' : text };
  const components = buttons.length > 0 ? [display, row] : [display];
  return { components: [{ type: ComponentType.Container, components }], photo: null, cut };
}

/**
 * An irreversible step asks first, in the message it stands on: "yes" is the button itself, "no" shows the message again. Stored
 * nowhere, so that it is as true after a restart as before.
 */
export function drawQuestion(
  { view, action }: Behind,
  tap: { readonly handle: string; readonly source: string },
  words: Words,
): Screen {
  const confirm = action.kind === 'press' ? (action.confirm ?? '') : '';
  const title = view.title === undefined ? {} : { title: view.title };
  const asked: View = { ...title, body: [para(confirm, 'warning')], actions: [], tone: 'warning' };
  const style = action.style === 'danger' ? ButtonStyle.Danger : ButtonStyle.Success;
  return plainScreen(asked, words, [
    { text: action.label, data: tap.handle, style },
    { text: words.t('discord.no'), data: againData(tap.source), style: ButtonStyle.Secondary },
  ]);
}

type Asked = {
  readonly page: number;
  readonly missing?: readonly { readonly label: string }[];
  readonly fault?: Fault;
};

/** A form between two of its pages, or one that has to be corrected. What was typed is kept. */
export function formScreen(draft: Draft, { page, missing = [], fault }: Asked, words: Words): Screen {
  const { t } = words;
  const { form, formId } = draft;
  const next = fieldsOf(form, page).map((field) => field.label);
  const said: Block[] = fault
    ? [para(drawFault(fault, words), 'warning'), para(t('discord.form.kept'))]
    : page === 0
      ? [para(t('discord.form.open'))]
      : [
          para(t('discord.form.page', { page, of: pagesOf(form) })),
          para([t('discord.form.next'), ' ', bold(next.join(', '))]),
        ];
  const lacking =
    missing.length > 0 ? [para(t('discord.form.missing', { fields: missing.map((one) => one.label).join(', ') }))] : [];
  const view: View = { title: form.title, body: [...said, ...lacking], actions: [], tone: fault ? 'warning' : 'plain' };
  const onLabel = fault ? t('discord.form.correct') : page === 0 ? t('discord.form.begin') : t('discord.form.continue');
  const on = { text: onLabel, data: pageData(formId, page), style: ButtonStyle.Primary } as const;
  const isWhole = missing.length === 0 && page > 0;
  const finish = { text: form.submit, data: finishData(formId), style: ButtonStyle.Success } as const;
  return plainScreen(view, words, isWhole ? [on, finish] : [on]);
}

/** Somebody of no market yet: how one comes to be. */
export function strangerScreen({ words, guildId }: { readonly words: Words; readonly guildId: string | null }): Screen {
  const { t } = words;
  const text = guildId === null ? t('discord.stranger.private') : t('discord.stranger.server');
  return plainScreen({ title: t('bot.welcome.title'), body: [para(text)], actions: [], tone: 'plain' }, words);
}
