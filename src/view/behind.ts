/** A message drawn anew because a button of it asks first, or asks for something: as things are now, and with today's rights. */
import type { Result } from '../domain/faults.ts';
import type { Core, Viewer } from '../ports/core.ts';
import type { StoredIntent } from '../ports/intents.ts';
import type { Message } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { draw } from './draw.ts';
import { sameIntent } from './handles.ts';
import type { Action, View } from './view.ts';

const EXPIRED = { ok: false, fault: { code: 'button_expired' } } as const;

type At = { readonly viewer: Viewer; /** Where it was pressed; null in private. */ readonly chatId: string | null };
type Standing = { readonly message: Message; readonly view: View };
type Press = Extract<Action, { kind: 'press' }>;
type FormAction = Extract<Action, { kind: 'form' }>;
export type Behind = Standing & { readonly action: Press | FormAction; readonly do: StoredIntent };

/** The message that a button stands on. `not_found` and the like when its viewer may no longer see it. */
export async function messageBehind(
  core: Pick<Core, 'readHandle' | 'load'>,
  source: string,
  { viewer, chatId, words }: At & { readonly words: Words },
): Promise<Result<Standing>> {
  const stored = await core.readHandle({ handle: source, personId: viewer.personId, chatId });
  if (!stored.ok) return stored;
  const { kind, message } = stored.value;
  if (kind !== 'show' || typeof message !== 'object' || message === null) return EXPIRED;
  // A row of ours: nobody else writes handles.
  const shown = message as Message;
  const loaded = await core.load(shown, viewer);
  if (!loaded.ok) return loaded;
  return { ok: true, value: { message: shown, view: draw(shown, loaded.value, words) } };
}

/** The action of a form's or a question's button; `button_expired` when the message no longer offers it. */
export async function actionBehind(
  core: Pick<Core, 'readHandle' | 'load'>,
  tap: { readonly step: 'form' | 'confirm'; readonly handle: string; readonly source: string },
  at: At & { readonly words: Words },
): Promise<Result<Behind>> {
  const stored = await core.readHandle({ handle: tap.handle, personId: at.viewer.personId, chatId: at.chatId });
  if (!stored.ok) return stored;
  const standing = await messageBehind(core, tap.source, at);
  if (!standing.ok) return standing;
  const kind = tap.step === 'form' ? 'form' : 'press';
  const action = actionsOf(standing.value.view).find(
    (one): one is Press | FormAction => one.kind === kind && sameIntent(one.do, stored.value),
  );
  const isAsleep = action?.kind === 'press' && action.disabled;
  if (!action || isAsleep) return EXPIRED;
  return { ok: true, value: { ...standing.value, action, do: stored.value } };
}

function actionsOf({ actions, body }: View): Action[] {
  const ofItems = body.flatMap((block) =>
    block.kind === 'list' ? block.items.flatMap((item) => item.actions ?? []) : [],
  );
  return [...actions.flat(), ...ofItems];
}
