/** What a tap on a button of ours does. Anybody may send us any data as a tap: it is read, then looked up, then judged by the core. */
import type { CallbackQuery } from 'grammy/types';
import type { Core } from '../../src/ports/core.ts';
import { parseIntent } from '../../src/view/intent.ts';
import type { Forms } from './forms/forms.ts';
import { PLATFORM, type TelegramAdapterOptions } from './options.ts';
import type { Origin } from './origin.ts';
import type { Panels } from './panels.ts';
import type { Met } from './people.ts';
import { actionBehind, messageBehind } from '../../src/view/behind.ts';
import { drawQuestion } from './render/again.ts';
import { productIn, productOf } from './product-link.ts';
import type { createQr } from './qr.ts';
import { readData, type Tap } from './render/data.ts';
import { compose, drawScreen } from './render/screen.ts';
import { createPressKeys } from '../../src/view/press-keys.ts';

type Options = Pick<TelegramAdapterOptions, 'handleKey' | 'store' | 'clock'> & {
  readonly qr: ReturnType<typeof createQr>;
  readonly core: Core;
  readonly panels: Panels;
  readonly forms: Forms;
};

export type Taps = (met: Met, query: CallbackQuery, origin: Origin) => Promise<void>;
type Step<S extends Tap['step']> = (
  at: { readonly met: Met; readonly origin: Origin; readonly queryId: string },
  tap: Extract<Tap, { step: S }>,
) => Promise<void>;

export function createTaps(options: Options): Taps {
  const steps: { readonly [S in Tap['step']]: Step<S> } = {
    press: press(options),
    form: openForm(options),
    confirm: confirm(options),
    again: again(options),
    qr: picture(options),
    question: answer(options),
  };
  return async (met, query, origin) => {
    const tap = readData(query.data ?? '');
    if (!tap) return options.panels.refuse(met, { code: 'button_expired' }, origin);
    // The step of the tap is the key of the table, so the two agree.
    const step = steps[tap.step] as Step<Tap['step']>;
    await step({ met, origin, queryId: query.id }, tap);
  };
}

const chatOf = ({ group }: Origin): string | null => group?.chatId ?? null;

/** Ten equal taps in a row are one command, and each gets its answer. */
function press({ core, panels, clock }: Options): Step<'press'> {
  const keyOf = createPressKeys(PLATFORM, clock);
  return async ({ met, origin, queryId }, { handle }) => {
    const { personId, communityId } = met;
    const chatId = chatOf(origin);
    const key = keyOf({ handle, personId, pressId: queryId });
    const stored = await core.readHandle({ handle, personId, chatId });
    if (!stored.ok) return panels.refuse(met, stored.fault, origin);
    const intent = parseIntent(stored.value);
    if (!intent.ok) return panels.refuse(met, intent.fault, origin);
    const reply = await core.handle({ key, personId, communityId, chatId, intent: intent.value });
    if (!reply.ok) return panels.refuse(met, reply.fault, origin);
    if (reply.show) await panels.show(met, reply.show, origin);
    // Nobody is left to show a panel to.
    else if (intent.value.kind === 'erase_me') await panels.say(met, forgotten(met), origin);
  };
}

const forgotten = ({ words: { t, fmt } }: Met) =>
  compose([{ text: t('privacy.done') }], { photo: null, keyboard: [], dir: fmt.dir });

/** Forms are asked in the private chat, where nobody reads along. */
function openForm({ core, panels, forms }: Options): Step<'form'> {
  return async ({ met, origin }, tap) => {
    const at = { viewer: met, chatId: chatOf(origin), words: met.words };
    const behind = await actionBehind(core, tap, at);
    if (!behind.ok) return panels.refuse(met, behind.fault, origin);
    const { action, do: intent } = behind.value;
    if (action.kind !== 'form') return panels.refuse(met, { code: 'button_expired' }, origin);
    const viewer = { personId: met.personId, communityId: met.communityId };
    const opened = await forms.open({ viewer, chatId: at.chatId, do: intent, form: action.form });
    if (origin.group) await panels.lead(met, origin, { start: 'form', asked: opened === 'asked' });
  };
}

function confirm({ core, panels }: Options): Step<'confirm'> {
  return async ({ met, origin }, tap) => {
    const at = { viewer: met, chatId: chatOf(origin), words: met.words };
    const behind = await actionBehind(core, tap, at);
    if (!behind.ok) return panels.refuse(met, behind.fault, origin);
    await panels.redraw(met, drawQuestion(behind.value, tap, { words: met.words }), origin);
  };
}

function again({ core, panels, handleKey }: Options): Step<'again'> {
  return async ({ met, origin }, { source }) => {
    const at = { viewer: met, chatId: chatOf(origin), words: met.words };
    const standing = await messageBehind(core, source, at);
    if (!standing.ok) return panels.refuse(met, standing.fault, origin);
    const place = { chatId: null, personId: met.personId, key: handleKey };
    const { message, view } = standing.value;
    const { screen, drawn } = drawScreen(view, { ...place, message, words: met.words });
    await core.drawHandles(drawn);
    await panels.redraw(met, screen, origin);
  };
}

/** Everybody who may see the product may have its link. */
function picture({ store, qr, panels }: Options): Step<'qr'> {
  return async ({ met, origin }, { start }) => {
    const productId = productIn(start);
    const product = productId === undefined ? undefined : await productOf(store, productId);
    if (!product || product.communityId !== met.communityId) return panels.refuse(met, { code: 'not_found' }, origin);
    await qr(met, { productId: product.id, title: product.title });
  };
}

function answer({ forms, panels }: Options): Step<'question'> {
  return async ({ met, origin, queryId }, tap) => {
    const messageId = origin.pressed?.message;
    if (messageId === undefined || origin.group) return panels.refuse(met, { code: 'button_expired' }, origin);
    const done = await forms.tap({ personId: met.personId, key: `c:${queryId}`, messageId }, tap);
    if (!done.ok) await panels.refuse(met, done.fault, origin);
  };
}
