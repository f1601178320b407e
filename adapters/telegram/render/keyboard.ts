/** A view's actions as an inline keyboard. */
import type { InlineKeyboardButton } from 'grammy/types';
import type { Words } from '../../../src/ports/words.ts';
import type { HandledAction, HandledView } from '../../../src/view/handles.ts';
import { numbers } from '../../../src/view/spoken.ts';
import { confirmData, formData } from './data.ts';
import { label, type Run } from '../../../src/view/runs.ts';

export type Button = InlineKeyboardButton;
export type Keyboard = Button[][];

/** Telegram takes 100, and 10 KB of them as JSON; the last of both is kept for the way into the private chat. */
const BUTTONS_MAX = 99;
const BYTES_MAX = 9_000;
const ROW_MAX = 8;
/** What a phone shows of a row, in Latin letters; Chinese ones are twice as wide. */
const ROW_WIDTH = 40;
const URL_MAX = 2048;

export type DrawnKeyboard = {
  readonly keyboard: Keyboard;
  /** Links that Telegram would refuse as a button: they stand in the text. */
  readonly links: readonly Run[];
  /** Buttons that found no place. */
  readonly dropped: number;
};

type Named = { readonly action: HandledAction; readonly text: string };

/** The items' buttons first, as they stand in the text; the view's own are never the ones that find no place. */
export function keyboardOf(view: HandledView, { fmt }: Pick<Words, 'fmt'>, source: string): DrawnKeyboard {
  const named = (action: HandledAction): Named => ({ action, text: action.label });
  const own = view.actions.map((row) => row.map(named));
  const numbered = numbers(view);
  const ofItems = view.body.flatMap((block): Named[][] => {
    if (block.kind !== 'list') return [];
    const items = block.items.map((item) => {
      const number = numbered.get(item);
      const before = number === undefined ? '' : `${fmt.number(number)}. `;
      return (item.actions ?? []).map((action) => ({ action, text: before + action.label }));
    });
    // One button each: they stand side by side, as many as there is room for.
    return items.every((item) => item.length <= 1) ? [items.flat()] : items;
  });
  const links = [...ofItems, ...own].flat().flatMap(({ action }) => spelled(action));
  const buttons = (rows: readonly (readonly Named[])[]) =>
    rows.map((row) => row.flatMap((one) => buttonOf(one, source)));
  const wishedOwn = buttons(own);
  const wishedOfItems = buttons(ofItems);
  const room = { buttons: BUTTONS_MAX, bytes: BYTES_MAX };
  const kept = limited(wishedOwn, room);
  const first = limited(wishedOfItems, room);
  return {
    keyboard: [...first, ...kept].flatMap(fold),
    links,
    dropped: countOf(wishedOwn) + countOf(wishedOfItems) - countOf(kept) - countOf(first),
  };
}

const countOf = (rows: readonly (readonly unknown[])[]): number => rows.reduce((sum, row) => sum + row.length, 0);

/** From the start, until the room is used up. */
function limited(rows: readonly (readonly Button[])[], room: { buttons: number; bytes: number }): Keyboard {
  return rows.map((row) =>
    row.filter((button) => {
      const bytes = Buffer.byteLength(JSON.stringify(button)) + 1;
      const fits = room.buttons > 0 && room.bytes >= bytes;
      room.buttons = fits ? room.buttons - 1 : 0;
      room.bytes -= fits ? bytes : 0;
      return fits;
    }),
  );
}

function buttonOf({ action, text }: Named, source: string): Button[] {
  const face = { text: label(text), ...styleOf(action) };
  switch (action.kind) {
    case 'link':
      return isOpenable(action.url) ? [{ ...face, url: action.url }] : [];
    case 'form':
      return [{ ...face, callback_data: formData(action.handle, source) }];
    case 'press': {
      // A sleeping button has no colour: it is grey everywhere.
      if (action.disabled) return [{ text: face.text, disabled: {} }];
      const asks = action.confirm !== undefined;
      return [{ ...face, callback_data: asks ? confirmData(action.handle, source) : action.handle }];
    }
    default:
      return action satisfies never;
  }
}

function styleOf({ kind, style }: HandledAction): { style?: 'primary' | 'success' | 'danger' } {
  if (style === 'danger') return { style: 'danger' };
  // The one green button of a message is the way to pay.
  if (style === 'primary') return { style: kind === 'link' ? 'success' : 'primary' };
  return {};
}

/** Telegram takes no button to a machine of one's own ("localhost"), nor to anything but a page. */
function isOpenable(url: string): boolean {
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' };
  return /^https?:$/.test(protocol) && hostname.includes('.') && url.length <= URL_MAX;
}

/** To be copied into a browser. */
function spelled(action: HandledAction): Run[] {
  if (action.kind !== 'link' || isOpenable(action.url)) return [];
  const { protocol = '' } = URL.parse(action.url) ?? {};
  if (!/^https?:$/.test(protocol) || action.url.length > URL_MAX) return [];
  return [{ text: `\n\n${action.label}: ` }, { text: action.url, mark: 'code' }];
}

const wide = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Extended_Pictographic}]/u;
const widthOf = (text: string): number =>
  Array.from(text, (char): number => (wide.test(char) ? 2 : 1)).reduce((sum, width) => sum + width, 0);

/** All buttons of a row are equally wide, so the longest decides how many stand side by side. */
export function fold(row: readonly Button[]): Keyboard {
  const rows: Keyboard = [];
  let current: Button[] = [];
  for (const button of row) {
    const next = [...current, button];
    const widest = Math.max(...next.map(({ text }) => widthOf(text) + 2));
    if (current.length > 0 && (next.length > ROW_MAX || widest * next.length > ROW_WIDTH)) {
      rows.push(current);
      current = [button];
    } else current = next;
  }
  return current.length > 0 ? [...rows, current] : rows;
}
