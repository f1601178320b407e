/** From an answer to the next question. Pure: the same answer to the same state is the same step. */
import type { Fault } from '../../../src/domain/faults.ts';
import type { Words } from '../../../src/ports/words.ts';
import { drawFault } from '../../../src/view/fault.ts';
import type { Field } from '../../../src/view/view.ts';
import { PAGE } from './question.ts';
import { answerTo, type Answer, type FormState, heldBy, isComplete, isEmpty, liveField } from './state.ts';

export type Input =
  | { readonly kind: 'text'; readonly text: string }
  /** A photo that is kept already. */
  | { readonly kind: 'photo'; readonly digest: string }
  | { readonly kind: 'tap'; readonly field: number; readonly choice: string };

/** `stale`: a button of a question that is over. */
export type Step =
  | { readonly kind: 'ask' | 'submit'; readonly state: FormState }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'stale' };

type Choice = Extract<Field, { kind: 'choice' }>;
type Live = { readonly field: Field; readonly index: number };

export function step(state: FormState, input: Input, words: Words): Step {
  const live = liveField(state);
  const calm = { ...state, complaint: null };
  if (input.kind === 'tap') return tapped(calm, live, input, words);
  if (!live) return ask(calm, words.t('telegram.form.want_tap'));
  if (input.kind === 'photo') {
    if (live.field.kind !== 'photo') return ask(calm, wanted(live.field, words));
    return answered(calm, live.field, input.digest, words);
  }
  return typed(calm, live.field, input.text, words);
}

const ask = (state: FormState, complaint: string | null = null): Step => ({
  kind: 'ask',
  state: { ...state, complaint },
});

/** The reply to an answer of the wrong kind says what is wanted. */
export function wanted({ kind }: Field, { t }: Pick<Words, 't'>): string {
  if (kind === 'photo') return t('telegram.form.want_photo');
  return kind === 'choice' || kind === 'check' ? t('telegram.form.want_tap') : t('telegram.form.want_text');
}

function typed(state: FormState, field: Field, text: string, words: Words): Step {
  switch (field.kind) {
    case 'text':
    case 'lines':
    case 'amount':
    case 'number': {
      const answer = text.trim();
      if (answer === '') return ask(state, drawFault({ code: 'text_empty' }, words));
      if (Array.from(answer).length > field.maxLength) {
        return ask(state, drawFault({ code: 'text_too_long', params: { max: field.maxLength } }, words));
      }
      return answered(state, field, answer, words);
    }
    case 'choice': {
      const meant = text.trim().toLowerCase();
      const option = field.options.find(({ value, label }) =>
        [value, label].some((one) => one.toLowerCase() === meant),
      );
      if (!option) return ask(state, wanted(field, words));
      return field.many ? ask(toggled(state, field, option.value)) : answered(state, field, option.value, words);
    }
    case 'check':
    case 'photo':
      return ask(state, wanted(field, words));
    default:
      return field satisfies never;
  }
}

function tapped(state: FormState, live: Live | undefined, tap: { field: number; choice: string }, words: Words): Step {
  if (tap.choice === 'x') return { kind: 'cancel' };
  if (tap.field !== (live?.index ?? state.form.fields.length)) return { kind: 'stale' };
  if (tap.choice === 'b') return ask(back(state));
  if (live) return choosing(state, live.field, tap.choice, words);
  if (tap.choice === 'd') return finish(state, words);
  const at = state.order.indexOf(Number(tap.choice));
  return at < 0 ? { kind: 'stale' } : ask({ ...state, at, toCheck: true, page: 0 });
}

function choosing(state: FormState, field: Field, choice: string, words: Words): Step {
  const held = answerTo(state, field);
  switch (choice) {
    case 's':
      return field.required ? { kind: 'stale' } : answered(state, field, nothing(field), words);
    case 'k':
      return isEmpty(held) ? { kind: 'stale' } : answered(state, field, held, words);
    case 'f':
      return isComplete(state) ? ask({ ...state, at: state.order.length, toCheck: false }) : { kind: 'stale' };
    case 'd':
      if (!isMany(field)) return { kind: 'stale' };
      return answered(state, field, held, words);
    case 'y':
    case 'n':
      return field.kind === 'check' ? answered(state, field, choice === 'y', words) : { kind: 'stale' };
    default:
      return field.kind === 'choice' ? chosen(state, field, choice, words) : { kind: 'stale' };
  }
}

function chosen(state: FormState, field: Choice, choice: string, words: Words): Step {
  const [, page] = /^p(\d+)$/.exec(choice) ?? [];
  if (page !== undefined) {
    return Number(page) * PAGE < field.options.length ? ask({ ...state, page: Number(page) }) : { kind: 'stale' };
  }
  const option = field.options[Number(choice)];
  if (!option) return { kind: 'stale' };
  return field.many ? ask(toggled(state, field, option.value)) : answered(state, field, option.value, words);
}

const isMany = (field: Field): boolean => field.kind === 'choice' && field.many === true;

function nothing(field: Field): Answer {
  if (field.kind === 'check') return heldBy(field);
  return isMany(field) ? [] : '';
}

function toggled(state: FormState, field: Choice, value: string): FormState {
  const held = answerTo(state, field);
  const now = Array.isArray(held) ? (held as readonly string[]) : [];
  const answer = now.includes(value) ? now.filter((one) => one !== value) : [...now, value];
  return { ...state, answers: { ...state.answers, [field.name]: answer } };
}

/** One question has nothing to check: its answer is the whole form. */
function answered(state: FormState, field: Field, answer: Answer, words: Words): Step {
  if (field.required && isEmpty(answer)) return ask(state, words.t('telegram.form.missing'));
  const now = { ...state, answers: { ...state.answers, [field.name]: answer }, page: 0 };
  if (state.form.fields.length === 1) return { kind: 'submit', state: now };
  const at = state.toCheck ? state.order.length : state.at + 1;
  return ask({ ...now, at, toCheck: state.toCheck && at < state.order.length });
}

function back(state: FormState): FormState {
  const at = state.toCheck ? state.order.length : Math.max(0, state.at - 1);
  return { ...state, at, toCheck: false, page: 0 };
}

/** Whoever leaves something out is led to it. */
function finish(state: FormState, words: Words): Step {
  if (isComplete(state)) return { kind: 'submit', state };
  const missing = state.form.fields.findIndex((field) => field.required && isEmpty(answerTo(state, field)));
  return ask({ ...state, at: state.order.indexOf(missing), toCheck: true }, words.t('telegram.form.missing'));
}

/**
 * A refusal goes back to the question it is about: a fault names the last part of a field ("price" speaks of "form.price"). One that
 * names none is told where the form was sent from, with everything that was typed still there.
 */
export function refused(state: FormState, { fault, id }: { fault: Fault; id: string }, words: Words): FormState {
  const complaint = drawFault(fault, words);
  const index = fieldOf(state, fault);
  const many = state.form.fields.length > 1;
  const at = index === undefined ? (many ? state.order.length : 0) : state.order.indexOf(index);
  return { ...state, id, at, toCheck: many && index !== undefined, page: 0, complaint };
}

function fieldOf({ form }: FormState, { params }: Fault): number | undefined {
  const named = params?.['field'];
  if (typeof named !== 'string' || named === '') return undefined;
  const last = named.split('.').at(-1) ?? named;
  const index = form.fields.findIndex(({ name }) => name === named || name === last || name.endsWith(`.${last}`));
  return index < 0 ? undefined : index;
}
