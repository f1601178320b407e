/** A view's actions as rows of buttons; what finds no room stands in a menu under them. */
import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInMessageActionRow,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { Words } from '../../../src/ports/words.ts';
import type { HandledAction } from '../../../src/view/handles.ts';
import { label } from '../../../src/view/runs.ts';
import { confirmData, formData, pickData } from './data.ts';

export type Button = APIButtonComponent;
export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

const ROW_MAX = 5;
const LABEL_MAX = 80;
const OPTION_MAX = 100;
const OPTIONS_MAX = 25;
const URL_MAX = 512;
/** A row and its menu. */
const MENU_COMPONENTS = 2;

/** Undefined for a link that Discord would refuse. */
export function buttonOf(
  action: HandledAction,
  { source, text }: { source: string; text: string },
): Button | undefined {
  const face = { type: ComponentType.Button as const, label: label(text, LABEL_MAX) };
  if (action.kind === 'link') {
    if (!isOpenable(action.url)) return undefined;
    return { ...face, style: ButtonStyle.Link, url: action.url };
  }
  const disabled = action.kind === 'press' && action.disabled === true;
  return { ...face, style: styleOf(action), custom_id: dataOf(action, source), ...(disabled ? { disabled } : {}) };
}

function dataOf(action: Exclude<HandledAction, { kind: 'link' }>, source: string): string {
  if (action.kind === 'form') return formData(action.handle, source);
  return action.confirm === undefined ? action.handle : confirmData(action.handle, source);
}

type PressStyle = ButtonStyle.Primary | ButtonStyle.Secondary | ButtonStyle.Success | ButtonStyle.Danger;

function styleOf({ style }: HandledAction): PressStyle {
  if (style === 'danger') return ButtonStyle.Danger;
  return style === 'primary' ? ButtonStyle.Primary : ButtonStyle.Secondary;
}

function isOpenable(url: string): boolean {
  const { protocol } = URL.parse(url) ?? { protocol: '' };
  return /^https?:$/.test(protocol) && url.length <= URL_MAX;
}

/** `room`: how many components there may be. */
export function rowsOf(
  wished: readonly (readonly HandledAction[])[],
  { source, room, words }: { source: string; room: number; words: Words },
): { readonly rows: Row[]; readonly dropped: number } {
  const rows = wished
    .map((row) => row.flatMap((action) => buttonOf(action, { source, text: action.label }) ?? []))
    .flatMap(fold);
  const needed = rows.reduce((sum, row) => sum + 1 + row.length, 0);
  if (needed <= room) return { rows: rows.map(rowOf), dropped: 0 };
  // The view's own rows come last and are the ones that lead on: they stay, the long lists before them become a menu.
  const kept: Button[][] = [];
  let left = room - MENU_COMPONENTS;
  for (const row of rows.toReversed()) {
    if (row.length + 1 > left) break;
    kept.unshift(row);
    left -= row.length + 1;
  }
  const rest = rows.slice(0, rows.length - kept.length).flat();
  const menu = menuOf(rest, words);
  return { rows: [...(menu ? [menu] : []), ...kept.map(rowOf)], dropped: Math.max(0, rest.length - OPTIONS_MAX) };
}

function menuOf(buttons: readonly Button[], { t }: Words): Row | undefined {
  const options = buttons.flatMap((button) => {
    if (!('custom_id' in button) || button.disabled === true) return [];
    return [{ label: (button.label ?? '…').slice(0, OPTION_MAX), value: button.custom_id }];
  });
  if (options.length === 0) return undefined;
  const menu = {
    type: ComponentType.StringSelect as const,
    custom_id: pickData(0),
    placeholder: t('discord.screen.more'),
    options: options.slice(0, OPTIONS_MAX),
  };
  return { type: ComponentType.ActionRow, components: [menu] };
}

const rowOf = (components: readonly Button[]): Row => ({ type: ComponentType.ActionRow, components: [...components] });

function fold(row: readonly Button[]): Button[][] {
  const rows: Button[][] = [];
  for (let from = 0; from < row.length; from += ROW_MAX) rows.push(row.slice(from, from + ROW_MAX));
  return rows;
}
