/** Runs of text as Discord takes them: Markdown, in which what people typed marks nothing up and mentions nobody. */
import { fitted, type Run } from '../../../src/view/runs.ts';

const marking = /[\\*_~`|<>[\]()#+-]/g;
const escaped = (text: string): string => text.replace(marking, '\\$&');

/** A run of backticks longer than any inside keeps the text to the letter. */
function inCode(text: string): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = '`'.repeat(longest === 1 ? 2 : 1);
  // Discord has no longer fence in a line than two.
  const safe = longest > 1 ? text.replaceAll('`', 'ˋ') : text;
  const pad = safe.startsWith('`') || safe.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}

const inBlock = (text: string): string => `\`\`\`\n${text.replaceAll('```', 'ˋˋˋ')}\n\`\`\``;

function written({ text, mark }: Run): string {
  if (text === '') return '';
  switch (mark) {
    case undefined:
      return escaped(text);
    case 'b':
      // Stars beside a space would stand there as stars.
      return text.replace(/^(\s*)([\s\S]*?)(\s*)$/, (_, before: string, inner: string, after: string) =>
        inner === '' ? before + after : `${before}**${escaped(inner)}**${after}`,
      );
    case 'code':
      return inCode(text);
    case 'pre':
      return inBlock(text);
    case 'blockquote':
      return text
        .split('\n')
        .map((line) => `> ${escaped(line)}`)
        .join('\n');
    default:
      return mark satisfies never;
  }
}

const toMarkdown = (runs: readonly Run[]): string => runs.map(written).join('');

const ROUNDS_MAX = 12;

/** At most `max` UTF-16 units as Markdown: escaping makes text longer, so it is fitted until it is short enough. */
export function fittedMarkdown(runs: readonly Run[], max: number): { readonly text: string; readonly cut: boolean } {
  let room = max;
  for (let round = 0; round < ROUNDS_MAX && room > 0; round++) {
    const { runs: kept, cut } = fitted(runs, room);
    const text = toMarkdown(kept);
    if (text.length <= max) return { text, cut };
    room = Math.min(room - 1, Math.floor(room * (max / text.length)));
  }
  return { text: '…', cut: true };
}
