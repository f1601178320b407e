/**
 * Text for a chat's messages: runs with at most one mark, so that nothing is ever nested or cut in two. What people typed is only
 * text here: no link, no mention, no direction of writing that leaks into the rest. An adapter turns the runs into its own markup.
 */

export type Run = {
  readonly text: string;
  readonly mark?: 'b' | 'code' | 'pre' | 'blockquote';
  /** Long words of a person: shortened first when space is short. */
  readonly soft?: boolean;
};

/** Soft runs keep this much. */
const SOFT_MIN = 100;
const ELLIPSIS = '…';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Draws nothing, and keeps a chat's client from seeing a link, a mention or a command: no word of theirs may hold it. */
const WORD_JOINER = '\u2060';
const linkings: readonly (readonly [RegExp, string])[] = [
  [/:(?=\/\/)/g, `:${WORD_JOINER}`],
  // "evil.example", but not the amount "12.50"; four numbers with dots are an address.
  [/\.(?=[\p{L}\p{M}_-])/gu, `${WORD_JOINER}.`],
  [/(?<=\p{Nd})\.(?=\p{Nd}+\.\p{Nd})/gu, `${WORD_JOINER}.`],
  [/([@#])(?=[\p{L}\p{M}\p{N}_])/gu, `$1${WORD_JOINER}`],
  // A command, but not "1/2".
  [/(?<![\p{L}\p{N}_])\/(?=[\p{L}\p{M}\p{N}_])/gu, `/${WORD_JOINER}`],
  [/\$(?=[A-Za-z])/g, `$${WORD_JOINER}`],
];

const controls = /(?!\n)\p{Cc}|[\u202a-\u202e\u2066\u2067]/gu;
const isolates = /[\u2068\u2069]/g;
const FSI = '\u2068';
const PDI = '\u2069';
const RLM = '\u200f';
const rtlLetters = /[\p{sc=Arab}\p{sc=Hebr}\p{sc=Thaa}\p{sc=Syrc}\p{sc=Nkoo}\p{sc=Adlm}\p{sc=Rohg}]/u;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Text that came with a view: harmless, and each line keeps its own direction inside a message of the other. */
export function plain(text: string, dir: 'ltr' | 'rtl'): string {
  const lines = clean(text).split('\n').map(balanced);
  return disarmed(lines.map((line) => fenced(line, dir)).join('\n'));
}

/** Something to copy, to the letter; only what cannot be seen is taken out. */
export function exact(text: string): string {
  return clean(text).replace(isolates, '');
}

/** A label of a button has no markup and no length of its own; beyond this phones show nothing more. */
export function label(text: string, max = 64): string {
  const line = balanced(clean(text).replaceAll('\n', ' ')).trim();
  return visible.test(line) ? shortened(line, max) : ELLIPSIS;
}

const clean = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(controls, '');

const disarmed = (text: string): string => linkings.reduce((all, [what, by]) => all.replace(what, by), text);

const fenced = (line: string, dir: 'ltr' | 'rtl'): string =>
  line !== '' && (dir === 'rtl' || rtlLetters.test(line)) ? `${FSI}${line}${PDI}` : line;

/** Every isolate is closed on its line, and none is closed that was not opened. */
function balanced(line: string): string {
  let open = 0;
  const kept = line.replace(isolates, (mark) => {
    if (mark === FSI) {
      open += 1;
      return mark;
    }
    open -= 1;
    if (open >= 0) return mark;
    open = 0;
    return '';
  });
  return kept + PDI.repeat(open);
}

/** At most `max` long, cut between two characters of a reader and with its isolates closed. */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  let open = 0;
  for (const { segment } of graphemes.segment(text.slice(0, max + ELLIPSIS.length))) {
    const depth = openAfter(open, segment);
    if (kept.length + segment.length + ELLIPSIS.length + depth > max) break;
    kept += segment;
    open = depth;
  }
  return max < ELLIPSIS.length ? '' : kept.trimEnd() + ELLIPSIS + PDI.repeat(open);
}

/** A line break closes every isolate by itself. */
function openAfter(open: number, segment: string): number {
  let depth = open;
  for (const char of segment) {
    if (char === FSI) depth += 1;
    else if (char === PDI) depth = Math.max(0, depth - 1);
    else if (char === '\n') depth = 0;
  }
  return depth;
}

const lengthOf = (runs: readonly Run[]): number => runs.reduce((sum, { text }) => sum + text.length, 0);

/** Long words of people first, each down to a rest that still tells what they are. */
function squeezed(runs: readonly Run[], max: number): Run[] {
  let over = lengthOf(runs) - max;
  if (over <= 0) return [...runs];
  const squeezable = runs.filter((run) => run.soft && run.text.length > SOFT_MIN);
  const shorter = new Map<Run, Run>();
  for (const run of squeezable.toSorted((a, b) => b.text.length - a.text.length)) {
    if (over <= 0) break;
    const text = shortened(run.text, Math.max(SOFT_MIN, run.text.length - over));
    over -= run.text.length - text.length;
    shorter.set(run, { ...run, text });
  }
  return runs.map((run) => shorter.get(run) ?? run);
}

/** What fits, from the start; something to copy is there whole or not at all. */
function ended(runs: readonly Run[], max: number): Run[] {
  let left = max;
  const kept: Run[] = [];
  for (const run of runs) {
    if (run.text.length <= left - ELLIPSIS.length) {
      kept.push(run);
      left -= run.text.length;
      continue;
    }
    const isWhole = run.mark === 'code' || run.mark === 'pre';
    kept.push(isWhole ? { text: ELLIPSIS } : { ...run, text: shortened(run.text, left) });
    break;
  }
  return kept;
}

export type Fitted = { readonly runs: readonly Run[]; /** Something at the end is missing. */ readonly cut: boolean };

export function fitted(runs: readonly Run[], max: number): Fitted {
  const squeezedRuns = squeezed(runs, max);
  const cut = lengthOf(squeezedRuns) > max;
  return { runs: cut ? ended(squeezedRuns, max) : squeezedRuns, cut };
}

/** In a language written from right to left every line says so, whatever it begins with. */
export function directed(runs: readonly Run[], dir: 'ltr' | 'rtl'): Run[] {
  if (dir === 'ltr') return [...runs];
  const marked = runs.map((run) =>
    run.mark === 'code' || run.mark === 'pre'
      ? run
      : { ...run, text: run.text.replaceAll(/\n+/g, (breaks) => breaks + RLM) },
  );
  return [{ text: RLM }, ...marked];
}

export const isBlank = (runs: readonly Run[]): boolean => !runs.some(({ text }) => visible.test(text));
