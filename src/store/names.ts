/** Column names of a set of columns, for `select`: what a record shows, and not what is sealed beside it. */
import type { Columns } from './columns.ts';

export const namesOf = <C extends Columns>(columns: C): readonly (keyof C & string)[] => Object.keys(columns);

/** The most rows that a list without a limit of its own answers: the parts of one order, one product, one community. */
export const PARTS_MAX = 1000;

/** The one row that a statement must have changed; anything else is a bug of ours and ends the whole work. */
export function mustChange(changed: number, what: string): void {
  if (changed !== 1) throw new Error(`${what} changed ${changed} rows, not one: what it stands on was not there.`);
}
