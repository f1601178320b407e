/** What a press, a pick and a sent form do. Anybody may send us any data here: it is read, then looked up, then judged by the core. */
import type { APIMessageComponentInteraction, APIModalSubmitInteraction } from 'discord.js';
import type { Fault, Result } from '../../src/domain/faults.ts';
import type { Core } from '../../src/ports/core.ts';
import { actionBehind, messageBehind } from '../../src/view/behind.ts';
import { parseIntent } from '../../src/view/intent.ts';
import type { PressKeys } from '../../src/view/press-keys.ts';
import type { Form } from '../../src/view/view.ts';
import { acknowledge } from './acknowledge.ts';
import type { DiscordApi } from './api.ts';
import type { FormMemory } from './form-memory.ts';
import type { Draft, Forms, Taken } from './forms.ts';
import type { Incoming, Meet } from './incoming.ts';
import type { Origin, Panels } from './panels.ts';
import type { Met } from './people.ts';
import { readData, readModal, type Tap } from './render/data.ts';
import { drawQuestion, formScreen, strangerScreen } from './render/words.ts';

type Options = {
  readonly core: Core;
  readonly api: DiscordApi;
  readonly panels: Panels;
  readonly forms: Forms;
  readonly memory: FormMemory;
  readonly keyOf: PressKeys;
};

type Pressed = Incoming<APIMessageComponentInteraction>;
type Submitted = Incoming<APIModalSubmitInteraction>;

export type Taps = ReturnType<typeof createTaps>;

/** A form is read this long; after it the person gets a button that opens it. */
const FORM_READ_MS = 1_000;

export function createTaps(options: Options) {
  const { api, panels, forms } = options;
  const submitted = createAnswer(options);
  return {
    async press(pressed: Pressed, meet: Meet): Promise<void> {
      const tap = tapOf(pressed);
      if (tap?.step === 'page') return goOn(options, pressed, tap, meet);
      if (tap?.step === 'form') return openForm(options, pressed, tap, meet);
      const at = await arrive(options, pressed, meet);
      if (!at) return void (await api.answer(pressed.interaction.token, strangerScreen(pressed)));
      if (tap?.step === 'press') return act(options, at, tap.handle);
      if (tap?.step === 'confirm') return ask(options, at, tap);
      if (tap?.step === 'again') return showAgain(options, at, tap.source);
      if (tap?.step === 'finish') {
        const draft = await forms.drafts.find(at.met, tap.formId);
        return submitted(at, draft ? await forms.submit(at, draft) : expired);
      }
      return panels.refuse(at.met, { code: 'button_expired' }, at.origin);
    },
    async submit(sent: Submitted, meet: Meet): Promise<void> {
      const at = await arrive(options, sent, meet);
      if (!at) return void (await api.answer(sent.interaction.token, strangerScreen(sent)));
      const { data } = sent.interaction;
      const modal = readModal(data.custom_id);
      await submitted(at, modal ? await forms.take(at, modal, data) : expired);
    },
  };
}

const expired: Taken = { kind: 'fault', draft: null, fault: { code: 'button_expired' } };

type At = { readonly met: Met; readonly chatId: string | null; readonly origin: Origin };

/** A menu's choice is what its button would have carried. */
function tapOf({ interaction: { data } }: Pressed): Tap | undefined {
  const tap = readData(data.custom_id);
  if (tap?.step !== 'pick') return tap;
  const [picked = ''] = 'values' in data ? data.values : [];
  return readData(picked);
}

/** Ten equal presses in a row are one command, and each gets its answer. */
async function act({ core, panels, keyOf }: Options, { met, chatId, origin }: At, handle: string): Promise<void> {
  const { personId, communityId } = met;
  const key = keyOf({ handle, personId, pressId: origin.called.id });
  const stored = await core.readHandle({ handle, personId, chatId });
  if (!stored.ok) return panels.refuse(met, stored.fault, origin);
  const intent = parseIntent(stored.value);
  if (!intent.ok) return panels.refuse(met, intent.fault, origin);
  const reply = await core.handle({ key, personId, communityId, chatId, intent: intent.value });
  if (!reply.ok) return panels.refuse(met, reply.fault, origin);
  await panels.show(met, reply.show ?? { name: 'home' }, origin);
}

async function ask(
  { core, panels }: Options,
  { met, chatId, origin }: At,
  tap: Extract<Tap, { step: 'confirm' }>,
): Promise<void> {
  const behind = await actionBehind(core, tap, { viewer: met, chatId, words: met.words });
  if (!behind.ok) return panels.refuse(met, behind.fault, origin);
  await panels.say(met, drawQuestion(behind.value, tap, met.words), origin);
}

async function showAgain({ core, panels }: Options, { met, chatId, origin }: At, source: string): Promise<void> {
  const behind = await messageBehind(core, source, { viewer: met, chatId, words: met.words });
  if (!behind.ok) return panels.refuse(met, behind.fault, origin);
  await panels.show(met, behind.value.message, origin);
}

/** From memory at once; read when it is not there; and when the read is slow, a button that opens it. */
async function openForm(
  options: Options,
  pressed: Pressed,
  tap: Extract<Tap, { step: 'form' }>,
  meet: Meet,
): Promise<void> {
  const { api, forms, panels, memory } = options;
  const { interaction, someone } = pressed;
  const target = { kind: 'handle', handle: tap.handle } as const;
  const known = memory.find(tap.handle, someone.user.id);
  if (known) return begin(options, pressed, forms.begin(someone.user.id, target, known), meet);
  const reading = readForm(options, pressed, tap, meet);
  const soon = await within(reading, FORM_READ_MS);
  if (soon?.ok) return begin(options, pressed, forms.begin(someone.user.id, target, soon.value), meet);
  const at = await arrive(options, pressed, meet);
  if (!at) return void (await api.answer(interaction.token, strangerScreen(pressed)));
  const late = await reading;
  if (!late.ok) return panels.refuse(at.met, late.fault, at.origin);
  await offerPage(options, at, forms.begin(someone.user.id, target, late.value), { page: 0 });
}

/** Opened first, kept afterwards. */
async function begin({ forms }: Options, pressed: Pressed, draft: Draft, meet: Meet): Promise<void> {
  await forms.openPage(pressed.interaction, draft, 0);
  const meeting = await meet(pressed);
  if (meeting) await forms.keep(meeting.met.personId, draft);
}

/** The next page of a form that was begun. */
async function goOn(
  options: Options,
  pressed: Pressed,
  tap: Extract<Tap, { step: 'page' }>,
  meet: Meet,
): Promise<void> {
  const { forms, panels, api } = options;
  const recent = forms.drafts.recent(pressed.someone.user.id, tap.formId);
  if (recent) return forms.openPage(pressed.interaction, recent, tap.page);
  const reading = meet(pressed).then((meeting) => meeting && forms.drafts.find(meeting.met, tap.formId));
  const soon = await within(reading, FORM_READ_MS);
  if (soon) return forms.openPage(pressed.interaction, soon, tap.page);
  const at = await arrive(options, pressed, meet);
  if (!at) return void (await api.answer(pressed.interaction.token, strangerScreen(pressed)));
  const late = await reading;
  if (!late) return panels.refuse(at.met, { code: 'button_expired' }, at.origin);
  forms.drafts.remember(late);
  await offerPage(options, at, late, { page: tap.page });
}

async function readForm(
  { core }: Options,
  pressed: Pressed,
  tap: Extract<Tap, { step: 'form' }>,
  meet: Meet,
): Promise<Result<Form>> {
  const meeting = await meet(pressed);
  if (!meeting) return { ok: false, fault: { code: 'not_allowed' } };
  const { met, chatId } = meeting;
  const behind = await actionBehind(core, tap, { viewer: met, chatId, words: met.words });
  if (!behind.ok) return behind;
  const { action } = behind.value;
  return action.kind === 'form' ? { ok: true, value: action.form } : { ok: false, fault: { code: 'button_expired' } };
}

async function arrive({ api }: Options, pressed: Pressed | Submitted, meet: Meet): Promise<At | undefined> {
  const origin = await acknowledge(api, pressed);
  const meeting = await meet(pressed);
  return meeting && { ...meeting, origin: { ...origin, chatId: meeting.chatId } };
}

/** Says what became of a form: the panel that answers it, what is still to be asked, or what has to be corrected. */
function createAnswer(options: Pick<Options, 'panels' | 'forms'>) {
  const { panels, forms } = options;
  return async (at: At, taken: Taken): Promise<void> => {
    if (taken.kind === 'done') return panels.show(at.met, taken.reply.show ?? { name: 'home' }, at.origin);
    if (taken.draft) await forms.keep(at.met.personId, taken.draft);
    if (taken.kind === 'page') return offerPage(options, at, taken.draft, { page: taken.next, missing: taken.missing });
    if (!taken.draft) return panels.refuse(at.met, taken.fault, at.origin);
    await offerPage(options, at, taken.draft, { page: 0, fault: taken.fault });
  };
}

async function offerPage(
  { panels }: Pick<Options, 'panels'>,
  { met, origin }: At,
  draft: Draft,
  asked: { readonly page: number; readonly missing?: readonly { readonly label: string }[]; readonly fault?: Fault },
): Promise<void> {
  await panels.say(met, formScreen(draft, asked, met.words), origin);
}

/** Undefined when it takes longer; the work goes on. */
async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
