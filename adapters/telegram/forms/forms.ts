/** A View's form asked in the private chat, one question a message. Everything is kept before it is shown, so a restart loses nothing. */
import { fail, type Result } from '../../../src/domain/faults.ts';
import type { Viewer } from '../../../src/ports/core.ts';
import type { StoredIntent } from '../../../src/ports/intents.ts';
import type { Form } from '../../../src/view/view.ts';
import { drawFault } from '../../../src/view/fault.ts';
import { parseIntent } from '../../../src/view/intent.ts';
import type { QuestionTap } from '../render/data.ts';
import { createDrafts } from './drafts.ts';
import type { FormsOptions } from './options.ts';
import { keepPhoto } from './photo.ts';
import { closing, questionOf } from './question.ts';
import { begin, type FormState, isComplete, liveField, valuesOf } from './state.ts';
import { type Input, refused, step, wanted } from './steps.ts';

export type FormStart = {
  readonly viewer: Viewer;
  /** Where the form's button was pressed; null in private. */
  readonly chatId: string | null;
  readonly do: StoredIntent;
  readonly form: Form;
  /** What is known already, by the fields' names. */
  readonly answers?: FormState['answers'];
  /** Why they are asked although they have written, in their words. */
  readonly complaint?: string;
  /**
   * Sends at once what needs no question. `id` names the wish ([A-Za-z0-9_-], at most 32) after the update that brought it, so that
   * an update that is delivered again is the same wish.
   */
  readonly submitAs?: string;
};

/** `asked`: a question stands in the private chat. `closed`: they cannot be written to; the form waits for `resume`. `sent`: it is done. */
export type Opened = 'asked' | 'closed' | 'sent';

/** `key` names the message or tap ("m:17", "c:4382…"): delivered again, it changes nothing. */
type From = { readonly personId: string; readonly key: string };

export type Forms = {
  readonly open: (start: FormStart) => Promise<Opened>;
  /** Asks the live question again, below what was said since; false when there is none. */
  readonly resume: (personId: string) => Promise<boolean>;
  /** Forgets the form that is open; false when there is none. */
  readonly cancel: (personId: string) => Promise<boolean>;
  /** `button_expired` for a question that is over. */
  readonly tap: (from: From & { readonly messageId: number }, tap: QuestionTap) => Promise<Result<null>>;
  /** False: no form is open, and the text is for somebody else. */
  readonly text: (from: From, text: string) => Promise<boolean>;
  readonly photo: (from: From, fileId: string) => Promise<boolean>;
};

export function createForms(options: FormsOptions): Forms {
  const { ids, wire } = options;
  const drafts = createDrafts(options);
  const asking = createAsking(options, drafts);
  const submit = createSubmit(options, drafts);
  const work = createWork(options, { drafts, asking, submit });

  /** What was delivered twice is worked in once; the question is put where the person is. */
  const said = async (from: From, take: (state: FormState) => Promise<unknown>): Promise<boolean> => {
    const state = await drafts.read(from.personId);
    if (!state) return false;
    await (state.last === from.key ? asking.below(from.personId, state) : take(state));
    return true;
  };

  return {
    async open({ viewer, complaint, submitAs, ...start }) {
      const { personId, communityId } = viewer;
      const before = await drafts.read(personId);
      if (before && before.asked !== null) await wire.retire(personId, before.asked);
      const state = begin({ ...start, communityId, id: submitAs ?? ids.token() });
      if (submitAs !== undefined && complaint === undefined && isComplete(state)) {
        const left = await submit(personId, state);
        return left ? asking.below(personId, left) : 'sent';
      }
      // The update's own name is used up only by sending.
      return asking.below(personId, { ...state, id: ids.token(), complaint: complaint ?? null });
    },
    async resume(personId) {
      const state = await drafts.read(personId);
      return state !== undefined && (await asking.below(personId, state)) === 'asked';
    },
    async cancel(personId) {
      const state = await drafts.read(personId);
      if (!state) return false;
      await drafts.drop(personId);
      await endHere(options, { personId, state, how: 'cancelled' });
      return true;
    },
    async tap({ messageId, ...from }, { formId, field, choice }) {
      const state = await drafts.read(from.personId);
      if (state?.asked !== messageId) {
        await wire.retire(from.personId, messageId);
        return fail('button_expired');
      }
      if (state.last !== from.key && state.id === formId) return work(from, state, { kind: 'tap', field, choice });
      // The same tap again, or one that was on its way while the question changed: what stands there is put right.
      await asking.inPlace(from.personId, state);
      return { ok: true, value: null };
    },
    text: (from, text) => said(from, (state) => work(from, state, { kind: 'text', text })),
    photo: (from, fileId) => said(from, (state) => takePhoto(options, { from, state, fileId, work, asking })),
  };
}

type Drafts = ReturnType<typeof createDrafts>;
type Submit = ReturnType<typeof createSubmit>;
type Work = (from: From, state: FormState, input: Input) => Promise<Result<null>>;
type Asking = {
  /** At the foot of the chat, where the person is; the old question loses its buttons. */
  readonly below: (personId: string, state: FormState) => Promise<Opened>;
  readonly inPlace: (personId: string, state: FormState) => Promise<Opened>;
};

function createAsking({ wire, wordsOf }: FormsOptions, drafts: Drafts): Asking {
  const below: Asking['below'] = async (personId, state) => {
    await drafts.keep(personId, state);
    if (state.asked !== null) await wire.retire(personId, state.asked);
    const asked = await wire.ask(personId, questionOf(state, await wordsOf(viewerOf(personId, state))));
    await drafts.keep(personId, { ...state, asked });
    return asked === null ? 'closed' : 'asked';
  };
  return {
    below,
    inPlace: async (personId, state) => {
      if (state.asked === null) return below(personId, state);
      await drafts.keep(personId, state);
      const screen = questionOf(state, await wordsOf(viewerOf(personId, state)));
      return (await wire.redraw(personId, state.asked, screen)) ? 'asked' : below(personId, { ...state, asked: null });
    },
  };
}

function createWork(
  options: FormsOptions,
  { drafts, asking, submit }: { readonly drafts: Drafts; readonly asking: Asking; readonly submit: Submit },
): Work {
  return async ({ personId, key }, state, input) => {
    const words = await options.wordsOf(viewerOf(personId, state));
    const next = step(state, input, words);
    const ask = input.kind === 'tap' ? asking.inPlace : asking.below;
    switch (next.kind) {
      case 'stale':
        return fail('button_expired');
      case 'cancel':
        await drafts.drop(personId);
        await endHere(options, { personId, state, how: 'cancelled' });
        break;
      case 'ask':
        await ask(personId, { ...next.state, last: key });
        break;
      case 'submit': {
        const left = await submit(personId, { ...next.state, last: key });
        if (left) await ask(personId, left);
        break;
      }
      default:
        return next satisfies never;
    }
    return { ok: true, value: null };
  };
}

const viewerOf = (personId: string, { communityId }: FormState): Viewer => ({ communityId, personId });

type Taking = {
  readonly from: From;
  readonly state: FormState;
  readonly fileId: string;
  readonly work: Work;
  readonly asking: Asking;
};

/** A photo that nobody asked for is not fetched. */
async function takePhoto(options: FormsOptions, { from, state, fileId, work, asking }: Taking): Promise<void> {
  const words = await options.wordsOf(viewerOf(from.personId, state));
  const field = liveField(state)?.field;
  const again = (complaint: string) => asking.below(from.personId, { ...state, last: from.key, complaint });
  if (field?.kind !== 'photo') {
    await again(field ? wanted(field, words) : words.t('telegram.form.want_tap'));
    return;
  }
  const kept = await keepPhoto(options, fileId);
  if (kept.ok) await work(from, state, { kind: 'photo', digest: kept.value });
  else await again(drawFault(kept.fault, words));
}

/** Answers the form that is still open because it was refused; undefined when it is done. */
function createSubmit(options: FormsOptions, drafts: Drafts) {
  const { core, ids, show, wordsOf } = options;
  return async (personId: string, state: FormState): Promise<FormState | undefined> => {
    const viewer = viewerOf(personId, state);
    // Its name is known before the command is: after a fall between the two, sending it again is the same command.
    await drafts.keep(personId, state);
    const intent = parseIntent(state.do, valuesOf(state));
    const command = { key: `telegram.form:${state.id}:${personId}`, ...viewer, chatId: state.chatId };
    const reply = intent.ok ? await core.handle({ ...command, intent: intent.value }) : intent;
    if (!reply.ok) return refused(state, { fault: reply.fault, id: ids.token() }, await wordsOf(viewer));
    await drafts.drop(personId);
    await endHere(options, { personId, state, how: 'done' });
    if ('show' in reply && reply.show) await show(viewer, reply.show);
    return undefined;
  };
}

/** The last question becomes the note that the form is over. */
async function endHere(
  { wire, wordsOf }: Pick<FormsOptions, 'wire' | 'wordsOf'>,
  { personId, state, how }: { personId: string; state: FormState; how: 'done' | 'cancelled' },
): Promise<void> {
  if (state.asked === null) return;
  const words = await wordsOf(viewerOf(personId, state));
  await wire.redraw(personId, state.asked, closing(state.form, how, words));
}
