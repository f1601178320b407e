import type { Fault } from './faults.ts';

/** `max` counts graphemes. */
export type TextFault = Fault &
  ({ readonly code: 'text_empty' } | { readonly code: 'text_too_long'; readonly params: { readonly max: number } });

export type TextLimits = {
  /** What a reader would count as characters. */
  readonly maxGraphemes: number;
  /** UTF-8 bytes of the cleaned text. */
  readonly maxBytes: number;
  /** Whether line breaks are kept; otherwise they become spaces, and runs of spaces become one. */
  readonly multiline: boolean;
};

export type CleanedText =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly fault: TextFault };

/** Marks that may stand on one base; more is a way to paint over the neighbours' lines. */
const MARKS_MAX = 4;

/** Raw text far beyond the limit is refused unread, so that cleaning has a bound. */
const RAW_LENGTH_FACTOR = 8;

/** Made when first needed: it loads the tables of Unicode, which would make the market open later. */
let segmenter: Intl.Segmenter | undefined;
const utf8 = new TextEncoder();

const lineBreaks = /\r\n|[\n\r\u0085\u2028\u2029]/g;
const blanks = /[\t\v\f\u2800]/g; // the braille blank draws nothing
const controlsAndStrays = /[\p{Cs}\p{Noncharacter_Code_Point}\ufff9-\ufffb]|(?!\n)\p{Cc}/gu;

// Draw nothing and mean nothing in a title or a name: bidi controls and isolates, zero-width spaces, fillers. The
// joiners, variation selectors and tags among them have uses and are judged by what stands beside them.
const invisibles = /[\p{Default_Ignorable_Code_Point}--[\u200c\u200d\p{Variation_Selector}\u{e0020}-\u{e007f}]]/gv;
// Tags spell the flags of England, Scotland and Wales; elsewhere they smuggle text.
const strayTags = /(\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f})|[\u{e0020}-\u{e007f}]/gu;
const straySelectors = /(?<![\p{L}\p{N}\p{P}\p{S}])\p{Variation_Selector}+/gu;

// A joiner stays between two emoji, and inside words of scripts that shape with it (Arabic, Persian, Indic).
const unjoined = 'Latin Greek Cyrillic Han Hangul Hiragana Katakana'.split(' ').map((script) => `\\p{sc=${script}}`);
const shaping = `\\p{Extended_Pictographic}[\\p{L}--[${unjoined.join('')}]]`;
const repeatedJoiners = /([\u200c\u200d])[\u200c\u200d]+/g;
const strayJoiners = new RegExp(
  `(?<![${shaping}\\p{M}\\p{Emoji_Modifier}])[\\u200c\\u200d]` +
    `|[\\u200c\\u200d](?![${shaping}]|(?<=\\p{L}[\\u200c\\u200d])\\p{M})`,
  'gv',
);

const excessMarks = new RegExp(`(\\p{M}{${MARKS_MAX}})\\p{M}+`, 'gu');
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * Text from a person, fit to be stored and shown beside other people's: NFC, no controls, no bidi controls, no lone
 * surrogates, no invisible padding, few marks, trimmed. Refused when nothing visible is left or it is too long.
 * Cleaning a cleaned text changes nothing.
 */
export function cleanText(raw: string, limits: TextLimits): CleanedText {
  const tooLong: CleanedText = { ok: false, fault: { code: 'text_too_long', params: { max: limits.maxGraphemes } } };
  if (raw.length > limits.maxBytes * RAW_LENGTH_FACTOR) return tooLong;
  const value = tidySpace(stripped(raw), limits.multiline);
  if (!visible.test(value)) return { ok: false, fault: { code: 'text_empty' } };
  if (utf8.encode(value).length > limits.maxBytes) return tooLong;
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  if ([...segmenter.segment(value)].length > limits.maxGraphemes) return tooLong;
  return { ok: true, value };
}

/** Fences a person's text, so that its direction of writing stays its own (U+2068 ... U+2069). */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`;
}

function stripped(raw: string): string {
  return raw
    .replace(lineBreaks, '\n')
    .replace(blanks, ' ')
    .replace(controlsAndStrays, '')
    .replace(invisibles, '')
    .replace(strayTags, '$1')
    .replace(straySelectors, '')
    .replace(repeatedJoiners, '$1')
    .replace(strayJoiners, '')
    .normalize('NFC')
    .replace(excessMarks, '$1');
}

function tidySpace(text: string, multiline: boolean): string {
  // More than one blank line in a row only pushes other people's messages off the screen.
  if (multiline) return text.replace(/\n(?:[^\S\n]*\n){2,}/g, '\n\n').trim();
  return text.replace(/\s+/g, ' ').trim();
}
