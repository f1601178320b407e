/** A neutral view as one Discord message of components. */
import { type APIComponentInContainer, type APIContainerComponent, ComponentType } from 'discord.js';
import type { Message } from '../../../src/ports/messages.ts';
import type { Words } from '../../../src/ports/words.ts';
import {
  drawHandle,
  type DrawnHandle,
  type HandledAction,
  type HandledBlock,
  type HandledView,
  type HandleOptions,
  withHandles,
} from '../../../src/view/handles.ts';
import { directed, type Run } from '../../../src/view/runs.ts';
import { runsOf } from '../../../src/view/spoken.ts';
import type { Form, Tone, View } from '../../../src/view/view.ts';
import { buttonOf, type Button, rowsOf } from './buttons.ts';
import { unlike } from './data.ts';
import { fittedMarkdown } from './markdown.ts';

export type Screen = {
  readonly components: readonly [APIContainerComponent];
  /** Digest of an image of ours, shown as attachment://picture.jpg. */
  readonly photo: string | null;
  /** Something found no place. */
  readonly cut: boolean;
};

export type ScreenOptions = HandleOptions & {
  /** What the view was drawn from: its forms and questions draw it again. */
  readonly message: Message;
  readonly words: Words;
};

export type Drawn = {
  readonly screen: Screen;
  /** To be stored (core.drawHandles) before the screen is shown. */
  readonly drawn: DrawnHandle[];
  /** Its forms by their handles, so that they can be opened without a read. */
  readonly forms: ReadonlyMap<string, Form>;
};

export const PICTURE = 'picture.jpg';

/** Discord takes 40 components, those inside others counted, and 4,000 characters in all. */
const COMPONENTS_MAX = 40;
const TEXT_MAX = 4_000;
/** Each row of a list with a button beside it is three components. */
const BESIDE_MAX = 6;
const BESIDE_TEXT_MAX = 300;

const COLOURS: Readonly<Record<Tone, number | undefined>> = {
  plain: undefined,
  good: 0x2e9e5b,
  warning: 0xe0a030,
  bad: 0xc9413a,
};

export function drawScreen(view: View, options: ScreenOptions): Drawn {
  const { view: handled, drawn } = withHandles(view, options);
  const source = sourceOf(options.message, options);
  const screen = compose(handled, { words: options.words, source: source.handle });
  return { screen, drawn: [...drawn, source], forms: formsOf(handled) };
}

/** The button that shows a message again. */
function sourceOf(message: Message, options: HandleOptions): DrawnHandle {
  return drawHandle({ kind: 'show', message }, 'u', options);
}

type List = Extract<HandledBlock, { kind: 'list' }>;
type Part = { readonly text: readonly Run[]; readonly beside?: Button };

function compose(view: HandledView, { words, source }: { words: Words; source: string }): Screen {
  const { fmt } = words;
  const parts = partsOf(view, words, source);
  const besides = parts.filter(({ beside }) => beside !== undefined).length;
  const photo = view.image?.digest ?? null;
  const used = 1 + (photo === null ? 0 : 1) + (parts.length - besides) + besides * 3;
  const loose = parts.some(({ beside }) => beside) ? view.actions : [...itemActions(view), ...view.actions];
  const { rows, dropped } = rowsOf(loose, { source, room: COMPONENTS_MAX - used, words });
  const texts = shared(parts, fmt.dir);
  const shown = parts.map((part, index): APIComponentInContainer => {
    const text = { type: ComponentType.TextDisplay as const, content: texts[index]?.text ?? '…' };
    return part.beside ? { type: ComponentType.Section, components: [text], accessory: part.beside } : text;
  });
  const picture: APIComponentInContainer[] =
    photo === null
      ? []
      : [
          {
            type: ComponentType.MediaGallery,
            items: [{ media: { url: `attachment://${PICTURE}` }, description: view.image?.alt.slice(0, 1024) || null }],
          },
        ];
  const colour = COLOURS[view.tone];
  const container: APIContainerComponent = {
    type: ComponentType.Container,
    ...(colour === undefined ? {} : { accent_color: colour }),
    components: distinct([...picture, ...shown, ...rows]),
  };
  return { components: [container], photo, cut: dropped > 0 || texts.some(({ cut }) => cut) };
}

/** The body as texts; a short list whose items have one button each keeps the button beside its item. */
function partsOf(view: HandledView, { fmt }: Words, source: string): Part[] {
  const beside = view.body.filter(isBeside).flatMap(({ items }) => items).length;
  if (beside === 0 || beside > BESIDE_MAX) return [{ text: runsOf(view, fmt) }];
  const { title, badge } = view;
  const parts: Part[] = [];
  let open: HandledBlock[] = [];
  const flush = () => {
    const head = parts.length === 0 ? { ...(title === undefined ? {} : { title }), ...(badge ? { badge } : {}) } : {};
    const text = runsOf({ ...head, body: open, actions: [], tone: view.tone }, fmt);
    if (text.length > 0) parts.push({ text });
    open = [];
  };
  for (const block of view.body) {
    if (!isBeside(block)) {
      open.push(block);
      continue;
    }
    flush();
    for (const item of block.items) {
      const [action] = item.actions ?? [];
      const { actions: _, ...bare } = item;
      const text = runsOf({ body: [{ kind: 'list', items: [bare] }], actions: [], tone: 'plain' }, fmt);
      const button = action && buttonOf(action, { source, text: action.label });
      parts.push(button ? { text, beside: button } : { text });
    }
  }
  flush();
  return parts.length === 0 ? [{ text: [{ text: '…' }] }] : parts;
}

const isBeside = (block: HandledBlock): block is List =>
  block.kind === 'list' && block.items.length > 0 && block.items.every(({ actions }) => actions?.length === 1);

function itemActions(view: HandledView): HandledAction[][] {
  return view.body.flatMap((block) =>
    block.kind === 'list' ? block.items.map(({ actions = [] }) => [...actions]) : [],
  );
}

/** What stands beside a button keeps a little each; the rest of the room is the other texts'. */
function shared(parts: readonly Part[], dir: 'ltr' | 'rtl'): { text: string; cut: boolean }[] {
  let left = TEXT_MAX - parts.filter(({ beside }) => beside).length * BESIDE_TEXT_MAX;
  return parts.map(({ text, beside }) => {
    const fit = fittedMarkdown(directed(text, dir), beside ? BESIDE_TEXT_MAX : left);
    if (!beside) left = Math.max(1, left - fit.text.length);
    return fit.text.trim() === '' ? { text: '…', cut: fit.cut } : fit;
  });
}

/** The second button that does the same gets an id of its own: Discord takes no id twice in a message. */
function distinct(components: readonly APIComponentInContainer[]): APIComponentInContainer[] {
  const seen = new Map<string, number>();
  const named = <T extends object>(component: T): T => {
    if (!('custom_id' in component) || typeof component.custom_id !== 'string') return component;
    const count = seen.get(component.custom_id) ?? 0;
    seen.set(component.custom_id, count + 1);
    return { ...component, custom_id: unlike(component.custom_id, count) };
  };
  return components.map((one) => {
    if (one.type === ComponentType.ActionRow) return { ...one, components: one.components.map(named) };
    return one.type === ComponentType.Section ? { ...one, accessory: named(one.accessory) } : one;
  });
}

function formsOf(view: HandledView): Map<string, Form> {
  const all = [...view.actions.flat(), ...itemActions(view).flat()];
  return new Map(all.flatMap((action) => (action.kind === 'form' ? [[action.handle, action.form] as const] : [])));
}
