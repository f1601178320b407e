/** Runs of text as Telegram takes them: parse_mode HTML. */
import type { Run } from '../../../src/view/runs.ts';

/** Of a message and of the words under a picture, after parsing. Telegram counts code points; we count UTF-16 units, which are more. */
export const TEXT_MAX = 4096;
export const CAPTION_MAX = 1024;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replaceAll(/[&<>]/g, (char) => ESCAPES[char] ?? char);

export function toHtml(runs: readonly Run[]): string {
  const html = runs.map(({ text, mark }) => {
    if (text === '') return '';
    return mark === undefined ? escaped(text) : `<${mark}>${escaped(text)}</${mark}>`;
  });
  return html.join('');
}
