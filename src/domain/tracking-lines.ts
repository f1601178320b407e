/** "ORDERCODE tracking", one a line, as it is pasted from a courier's page or a table. */
import { withAsciiDigits } from './digits.ts';

/** `line` counts from 1, empty ones included, as an editor shows it. `code` is null where the line begins with no order code. */
export type TrackingLine = { readonly line: number; readonly code: string | null; readonly tracking: string };

/** The letters of order codes: without those that are read for another. */
const HALF = '([2-9A-HJKMNP-TV-Z]{4})';
const CODE = new RegExp(`^#?${HALF}[-\u2010-\u2015\u2212 ]?${HALF}(?:[\\s,;:|]+(.*))?$`, 'iu');

/** Codes in any case, whole or in two halves; between code and number stands space, tab, comma, semicolon, colon or a bar. */
export function parseTrackingLines(text: string): readonly TrackingLine[] {
  return text.split(/\r\n|[\n\r]/).flatMap((raw, index): TrackingLine[] => {
    const typed = withAsciiDigits(raw.trim());
    if (typed === '') return [];
    const [, first, second, tracking = ''] = CODE.exec(typed) ?? [];
    const code = first === undefined || second === undefined ? null : `${first}${second}`.toUpperCase();
    return [{ line: index + 1, code, tracking: tracking.trim() }];
  });
}
