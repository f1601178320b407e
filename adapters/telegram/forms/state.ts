/** A form that is being filled in, as it is kept between two messages: it survives a restart. */
import { z } from 'zod';
import type { StoredIntent } from '../../../src/ports/intents.ts';
import type { Field, Form } from '../../../src/view/view.ts';

/** What a field holds: text or a photo's digest, a tick, or several choices. */
export type Answer = string | boolean | readonly string[];

export type FormState = {
  /** One-time: names the command. Another one after each refusal, because what is corrected is another wish. */
  readonly id: string;
  readonly communityId: string;
  /** Where the form's button was pressed; null in private. */
  readonly chatId: string | null;
  readonly do: StoredIntent;
  readonly form: Form;
  /** The fields in the order in which they are asked; what must be answered comes first. */
  readonly order: readonly number[];
  /** Index into `order`; its length is the check at the end. */
  readonly at: number;
  /** By the field's name; a field that is not in it holds what it held before. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** A question that was gone back to from the check at the end returns there. */
  readonly toCheck: boolean;
  /** Of a question with many choices. */
  readonly page: number;
  /** The message of the live question. */
  readonly asked: number | null;
  /** The last message or tap that was worked in: what is delivered again changes nothing. */
  readonly last: string | null;
  /** Why the last answer was not taken, in the person's words. */
  readonly complaint: string | null;
};

/** A person who answers after this is asked for something they have forgotten. */
export const FORM_LIFE_MS = 24 * 60 * 60_000;

const VERSION = 1;

const kept = z.object({
  v: z.literal(VERSION),
  state: z.custom<FormState>((value) => typeof value === 'object' && value !== null && 'form' in value),
});

export const freeze = (state: FormState): string => JSON.stringify({ v: VERSION, state });

/** Undefined for what an older version kept in another way: the form is asked for again. */
export function thaw(text: string): FormState | undefined {
  const parsed = kept.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data.state : undefined;
}

type Begin = Pick<FormState, 'id' | 'communityId' | 'chatId' | 'do' | 'form'> & {
  readonly answers?: FormState['answers'];
};

/** What must be answered is asked first. A form that has all it must have, and more, begins with the check. */
export function begin(from: Begin): FormState {
  const { form, answers = {} } = from;
  const indices = form.fields.map((_, index) => index);
  const isOpen = (index: number) => {
    const field = form.fields[index];
    return field?.required === true && isEmpty(answers[field.name] ?? heldBy(field));
  };
  const open = indices.filter(isOpen);
  const order = [...open, ...indices.filter((index) => !open.includes(index))];
  const isFilled = form.fields.some(
    (field) => field.kind !== 'check' && !isEmpty(answers[field.name] ?? heldBy(field)),
  );
  const toCheck = form.fields.length > 1 && open.length === 0 && isFilled;
  const fresh = { toCheck: false, page: 0, asked: null, last: null, complaint: null };
  return { ...from, answers, order, at: toCheck ? order.length : 0, ...fresh };
}

/** What a field holds before anybody answers. */
export function heldBy(field: Field): Answer {
  const value = field.value ?? '';
  if (field.kind === 'check') return value === 'true' || value === 'on';
  if (field.kind === 'choice' && field.many) return value === '' ? [] : value.split(',');
  return value;
}

export const answerTo = (state: Pick<FormState, 'answers'>, field: Field): Answer =>
  state.answers[field.name] ?? heldBy(field);

export function isEmpty(answer: Answer): boolean {
  if (typeof answer === 'boolean') return !answer;
  return typeof answer === 'string' ? answer.trim() === '' : answer.length === 0;
}

/** The question that is live; undefined at the check. */
export function liveField(state: FormState): { readonly field: Field; readonly index: number } | undefined {
  const index = state.order[state.at];
  const field = index === undefined ? undefined : state.form.fields[index];
  return index === undefined || field === undefined ? undefined : { field, index };
}

/** Nothing that must be answered is open. */
export function isComplete(state: FormState): boolean {
  return state.form.fields.every((field) => field.required !== true || !isEmpty(answerTo(state, field)));
}

/** For the zod door: what a form of any platform sends. */
export function valuesOf(state: FormState): Record<string, Answer> {
  return Object.fromEntries(state.form.fields.map((field) => [field.name, answerTo(state, field)]));
}
