/** A question of a form as a message: what is asked, what stands there already, and buttons for all that need not be typed. */
import type { Words } from '../../../src/ports/words.ts';
import type { Field } from '../../../src/view/view.ts';
import { questionData } from '../render/data.ts';
import { fold, type Button, type Keyboard } from '../render/keyboard.ts';
import { compose, type Screen } from '../render/screen.ts';
import { label, plain, type Run, shortened } from '../../../src/view/runs.ts';
import { answerTo, type Answer, type FormState, isComplete, isEmpty, liveField } from './state.ts';

/** Choices on one page. */
export const PAGE = 24;
/** Telegram takes 100 buttons and 10 KB of them; sending and cancelling are never left out. */
const CHANGES_MAX = 30;
/** Of what was answered, in the check and on buttons. */
const SHOWN_MAX = 200;

type Choice = Extract<Field, { kind: 'choice' }>;

export function questionOf(state: FormState, words: Words): Screen {
  const live = liveField(state);
  const runs = live ? askRuns(state, live.field, words) : checkRuns(state, words);
  const keyboard = live ? askButtons(state, live, words) : checkButtons(state, words);
  return compose(runs, { photo: null, keyboard, dir: words.fmt.dir });
}

/** What is left of a form when it is over: no question, no buttons. */
export function closing(form: FormState['form'], how: 'done' | 'cancelled', { t, fmt }: Words): Screen {
  const runs: Run[] = [{ text: plain(form.title, fmt.dir), mark: 'b' }, { text: `\n${t(`telegram.form.${how}`)}` }];
  return compose(runs, { photo: null, keyboard: [], dir: fmt.dir });
}

function headOf(state: FormState, { t, fmt }: Words): Run[] {
  const { form, order, at, complaint, toCheck } = state;
  const isStep = order.length > 1 && at < order.length && !toCheck;
  const place = isStep ? ` · ${t('telegram.form.place', { n: at + 1, of: order.length })}` : '';
  return [
    { text: plain(form.title, fmt.dir), mark: 'b' },
    { text: place },
    ...(complaint === null ? [] : [{ text: `\n\n⚠️ ${plain(complaint, fmt.dir)}` }]),
  ];
}

function askRuns(state: FormState, field: Field, words: Words): Run[] {
  const { t, fmt } = words;
  const held = answerTo(state, field);
  const isShown = field.kind !== 'check' && !(field.kind === 'choice' && field.many) && !isEmpty(held);
  const optional = field.required || field.kind === 'check' ? '' : ` (${t('telegram.form.optional')})`;
  return [
    ...headOf(state, words),
    { text: '\n\n' },
    { text: plain(field.label, fmt.dir), mark: 'b' },
    { text: optional },
    ...(field.hint === undefined ? [] : [{ text: `\n${plain(field.hint, fmt.dir)}` }]),
    ...(isShown ? [{ text: `\n\n${t('telegram.form.now')} ` }, shown(field, held, words)] : []),
  ];
}

function checkRuns(state: FormState, words: Words): Run[] {
  const { dir } = words.fmt;
  const lines = state.form.fields.flatMap((field): Run[] => [
    { text: `\n${plain(field.label, dir)}: ` },
    shown(field, answerTo(state, field), words),
  ]);
  return [...headOf(state, words), { text: `\n\n${words.t('telegram.form.check')}\n` }, ...lines];
}

const shown = (field: Field, answer: Answer, words: Words): Run => ({
  text: plain(inWords(field, answer, words), words.fmt.dir),
  soft: true,
});

function inWords(field: Field, answer: Answer, { t, fmt }: Words): string {
  if (typeof answer === 'boolean') return t(answer ? 'telegram.form.yes' : 'telegram.form.no');
  if (isEmpty(answer)) return '–';
  if (field.kind === 'photo') return t('telegram.form.photo_there');
  if (field.kind !== 'choice')
    return typeof answer === 'string' ? shortened(answer, SHOWN_MAX) : fmt.list(answer, 'and');
  const values = typeof answer === 'string' ? [answer] : answer;
  return fmt.list(
    values.map((value) => field.options.find((option) => option.value === value)?.label ?? value),
    'and',
  );
}

function askButtons(state: FormState, { field, index }: { field: Field; index: number }, words: Words): Keyboard {
  const { t } = words;
  const button = (text: string, choice: string, style?: 'success' | 'primary'): Button => ({
    text: label(text),
    callback_data: questionData(state.id, index, choice),
    ...(style ? { style } : {}),
  });
  const held = answerTo(state, field);
  const isTyped = field.kind !== 'choice' && field.kind !== 'check';
  const keep = isTyped && !isEmpty(held);
  const skip = !field.required && field.kind !== 'check' && !(field.kind === 'choice' && field.many);
  const finish = state.form.fields.length > 1 && isComplete(state) && !state.toCheck;
  const first = !state.toCheck && state.at === 0;
  return [
    ...choiceRows(state, field, words, button),
    ...fold([
      ...(keep ? [button(t('telegram.form.keep'), 'k')] : []),
      ...(skip ? [button(t(keep ? 'telegram.form.empty' : 'telegram.form.skip'), 's')] : []),
      ...(finish ? [button(t('telegram.form.finish'), 'f', 'success')] : []),
    ]),
    ...fold([...(first ? [] : [button(t('telegram.form.back'), 'b')]), button(t('telegram.form.cancel'), 'x')]),
  ];
}

type MakeButton = (text: string, choice: string, style?: 'success' | 'primary') => Button;

function choiceRows(state: FormState, field: Field, words: Words, button: MakeButton): Keyboard {
  if (field.kind === 'check') {
    const held = answerTo(state, field) === true;
    const mark = (is: boolean) => (is ? '✓ ' : '');
    return [
      [button(mark(held) + words.t('telegram.form.yes'), 'y'), button(mark(!held) + words.t('telegram.form.no'), 'n')],
    ];
  }
  return field.kind === 'choice' ? options(state, field, words, button) : [];
}

function options(state: FormState, field: Choice, { t }: Words, button: MakeButton): Keyboard {
  const held = answerTo(state, field);
  const isHeld = (value: string) =>
    typeof held === 'string' ? held === value : Array.isArray(held) && held.includes(value);
  const from = state.page * PAGE;
  const buttons = field.options.slice(from, from + PAGE).map(({ value, label: text }, index) => {
    const mark = field.many ? (isHeld(value) ? '☑ ' : '☐ ') : isHeld(value) ? '✓ ' : '';
    return button(mark + text, String(from + index));
  });
  const turn: Button[] = [
    ...(state.page > 0 ? [button(t('telegram.form.page_back'), `p${state.page - 1}`)] : []),
    ...(from + PAGE < field.options.length ? [button(t('telegram.form.page_on'), `p${state.page + 1}`)] : []),
  ];
  const done = field.many ? [[button(t('telegram.form.chosen'), 'd', 'primary')]] : [];
  return [...fold(buttons), ...fold(turn), ...done];
}

/** One tap sends it; every answer can be changed by its name. */
function checkButtons(state: FormState, { t }: Words): Keyboard {
  const { form, id } = state;
  const data = (choice: string) => questionData(id, form.fields.length, choice);
  const change = form.fields.map((field, index): Button => ({
    text: label(`✏️ ${field.label}`),
    callback_data: data(String(index)),
  }));
  const send: Button = { text: label(form.submit), style: 'success', callback_data: data('d') };
  return [
    [send],
    ...fold(change.slice(0, CHANGES_MAX)),
    [{ text: label(t('telegram.form.cancel')), callback_data: data('x') }],
  ];
}
