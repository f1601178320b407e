/** The body of a view as runs of text: what reads well on a narrow phone, in either direction of writing. */
import type { Words } from '../ports/words.ts';
import type { HandledBlock, HandledView } from './handles.ts';
import type { Inline, Text, Tone } from './view.ts';
import { exact, plain, type Run } from './runs.ts';

const SIGNS: Readonly<Record<Tone, string>> = { plain: '', good: '✅ ', warning: '⚠️ ', bad: '⛔ ' };
const BAR_CELLS = 10;

type List = Extract<HandledBlock, { kind: 'list' }>;
type Item = List['items'][number];
type Fmt = Words['fmt'];

/** The title, then the blocks with an empty line between them; what is to be copied one by one stands close together. */
export function runsOf(view: HandledView, fmt: Fmt): Run[] {
  const numbered = numbers(view);
  const { body } = view;
  const blocks = body.flatMap((block, index): Run[] => {
    const runs = blockOf(block, fmt, numbered);
    const isClose = block.kind === 'copy' && body[index - 1]?.kind === 'copy';
    return runs.length === 0 ? [] : [{ text: isClose ? '\n' : '\n\n' }, ...runs];
  });
  const title = titleOf(view, fmt);
  return title.length === 0 ? blocks.slice(1) : [...title, ...blocks];
}

/** Items get a number where several of them have buttons: the buttons stand apart from them, under the text. */
export function numbers(view: Pick<HandledView, 'body'>): ReadonlyMap<Item, number> {
  const items = view.body
    .flatMap((block) => (block.kind === 'list' ? block.items : []))
    .filter((item) => (item.actions ?? []).length > 0);
  return items.length < 2 ? new Map() : new Map(items.map((item, index) => [item, index + 1]));
}

function spread(parts: readonly (readonly Run[])[], between: string): Run[] {
  return parts
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index === 0 ? part : [{ text: between }, ...part]));
}

function titleOf({ title, badge }: HandledView, { dir }: Fmt): Run[] {
  const name: Run[] = title === undefined ? [] : [{ text: plain(title, dir), mark: 'b' }];
  const word: Run[] = badge === undefined ? [] : [{ text: SIGNS[badge.tone] + plain(badge.text, dir) }];
  return spread([name, word], ' · ');
}

function blockOf(block: HandledBlock, fmt: Fmt, numbered: ReadonlyMap<Item, number>): Run[] {
  const { dir } = fmt;
  switch (block.kind) {
    case 'paragraph':
      return [{ text: SIGNS[block.tone ?? 'plain'] }, ...inlines(block.text, dir)];
    case 'facts':
      return spread(
        block.facts.map((fact) => [{ text: `${plain(fact.label, dir)}: ` }, ...inlines(fact.value, dir)]),
        '\n',
      );
    case 'quote':
      return quoteOf(block, fmt);
    case 'list':
      return spread(
        block.items.map((item) => itemOf(item, fmt, numbered.get(item))),
        '\n',
      );
    case 'progress':
      return progressOf(block, fmt);
    case 'words':
      return [{ text: plain(block.text, dir), mark: 'blockquote', soft: true }];
    case 'copy':
      return copyOf(block, fmt);
    default:
      return block satisfies never;
  }
}

/** "label: amount" line by line: columns would break on a phone, and in Arabic, and under Chinese letters. */
function quoteOf({ rows, about }: Extract<HandledBlock, { kind: 'quote' }>, { dir }: Fmt): Run[] {
  const lines = rows.map((row): Run[] => {
    const named = row.detail === undefined ? row.label : `${row.label} · ${row.detail}`;
    const line = `${plain(named, dir)}: ${plain(row.amount, dir)}`;
    return [row.strong ? { text: line, mark: 'b' } : { text: line }];
  });
  return spread(about === undefined ? lines : [...lines, [{ text: plain(about, dir) }]], '\n');
}

function itemOf({ text, detail }: Item, fmt: Fmt, number: number | undefined): Run[] {
  const bullet = number === undefined ? '• ' : `${fmt.number(number)}. `;
  const more: Run[] = detail === undefined ? [] : [{ text: `\n${plain(detail, fmt.dir)}`, soft: true }];
  return [{ text: bullet }, ...inlines(text, fmt.dir), ...more];
}

function progressOf({ label, done, of }: Extract<HandledBlock, { kind: 'progress' }>, fmt: Fmt): Run[] {
  const share = of > 0 ? Math.min(1, Math.max(0, done / of)) : 0;
  const full = Math.floor(share * BAR_CELLS);
  const bar = '▰'.repeat(full) + '▱'.repeat(BAR_CELLS - full);
  return [{ text: `${plain(label, fmt.dir)}\n${bar} ${fmt.number(done)} / ${fmt.number(of)}` }];
}

/** A tap on it copies it. Several lines, or none beside it, stand on their own. */
function copyOf({ label, text }: Extract<HandledBlock, { kind: 'copy' }>, { dir }: Fmt): Run[] {
  const copied = exact(text);
  const isBlock = copied.includes('\n');
  return [{ text: `${plain(label, dir)}:${isBlock ? '\n' : ' '}` }, { text: copied, mark: isBlock ? 'pre' : 'code' }];
}

function inlines(text: Text, dir: 'ltr' | 'rtl'): Run[] {
  return text.map((inline: Inline): Run => {
    if (typeof inline === 'string') return { text: plain(inline, dir), soft: true };
    return 'bold' in inline ? { text: plain(inline.bold, dir), mark: 'b' } : { text: exact(inline.code), mark: 'code' };
  });
}
