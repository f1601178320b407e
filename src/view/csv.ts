/** A table as a file that spreadsheets open: quoted where needed, harmless where a cell would be taken for a formula. */
import { stringify } from 'csv-stringify/sync';
import type { SheetData } from '../ports/shown.ts';

export function csvOf({ columns, rows }: SheetData): string {
  return stringify([...rows], {
    header: true,
    columns: [...columns],
    // Without it spreadsheets take the letters of half the world for something else.
    bom: true,
    record_delimiter: 'windows',
    // "=1+1" typed as a name stays a name. Numbers with a minus would get the guard too: our columns hold none.
    escape_formulas: true,
  });
}
