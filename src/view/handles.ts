/** Buttons as platforms carry them: 23 characters that stand for a stored row, the same bytes every time the same view is drawn. */
import type { StoredIntent } from '../ports/intents.ts';
import type { Action, Block, ListItem, View } from './view.ts';

type Link = Extract<Action, { kind: 'link' }>;
type Pressable = Exclude<Action, { kind: 'link' }>;
export type HandledAction = Link | (Pressable & { readonly handle: string });
type HandledItem = Omit<ListItem, 'actions'> & { readonly actions?: readonly HandledAction[] };
type List = Extract<Block, { kind: 'list' }>;
export type HandledBlock = Exclude<Block, List> | { readonly kind: 'list'; readonly items: readonly HandledItem[] };

/** A view whose presses and forms have their handles; still a View. */
export type HandledView = Omit<View, 'actions' | 'body'> & {
  readonly body: readonly HandledBlock[];
  readonly actions: readonly (readonly HandledAction[])[];
};

/** A row for `core.drawHandles`. */
export type DrawnHandle = {
  readonly handle: string;
  readonly intent: StoredIntent;
  readonly personId: string | null;
  readonly chatId: string | null;
};

export type HandleOptions = {
  /** Null in private. */
  readonly chatId: string | null;
  /** Null: anyone may press it (a public card). */
  readonly personId: string | null;
  /** HMAC-SHA-256 under the key for handles. */
  readonly key: (text: string) => Uint8Array;
};

const HANDLE_BYTES = 16;

/** Gives every press and form its handle and lists the rows to store before the view is shown. */
export function withHandles(view: View, options: HandleOptions): { view: HandledView; drawn: DrawnHandle[] } {
  const drawn = new Map<string, DrawnHandle>();
  const handled = (action: Action): HandledAction => {
    if (action.kind === 'link') return action;
    const handle = handleOf(action, options);
    drawn.set(handle, { handle, intent: action.do, personId: options.personId, chatId: options.chatId });
    return { ...action, handle };
  };
  const block = (one: Block): HandledBlock =>
    one.kind === 'list' ? { kind: 'list', items: one.items.map((item) => handledItem(item, handled)) } : one;
  const { body, actions, ...rest } = view;
  const withThem = { ...rest, body: body.map(block), actions: actions.map((row) => row.map(handled)) };
  return { view: withThem, drawn: [...drawn.values()] };
}

/** A button of an adapter's own beside those of a view ("show this again"), as a row to store. */
export function drawHandle(intent: StoredIntent, answer: 'u' | 'p', options: HandleOptions): DrawnHandle {
  const handle = handleOf({ kind: 'press', label: '', do: intent, answer }, options);
  return { handle, intent, personId: options.personId, chatId: options.chatId };
}

/** Whether two buttons do the same, however their intents are written. */
export function sameIntent(one: StoredIntent, other: StoredIntent): boolean {
  return JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
}

function handledItem(item: ListItem, handled: (action: Action) => HandledAction): HandledItem {
  const { actions, ...rest } = item;
  return actions ? { ...rest, actions: actions.map(handled) } : rest;
}

/** The letter lets an adapter answer its platform before anything is read. */
export function answerOf(handle: string): 'u' | 'p' | 'f' | undefined {
  const letter = handle[0];
  return handle.length === 23 && (letter === 'u' || letter === 'p' || letter === 'f') ? letter : undefined;
}

function handleOf(action: Pressable, { chatId, personId, key }: HandleOptions): string {
  const letter = action.kind === 'form' ? 'f' : action.answer;
  const digest = key(JSON.stringify([canonical(action.do), chatId, personId ?? '*']));
  return letter + digest.subarray(0, HANDLE_BYTES).toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** Keys in one order, so that it does not matter in which a view wrote them. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, one]) => [name, canonical(one)]));
}
