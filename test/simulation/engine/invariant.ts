// What a file of `invariants/` is: something that is always true, or true when everything has come to rest.
import type { Stage } from './stage.ts';

export type Invariant = {
  readonly title: string;
  /** `step`: looked at after every step, so it must be quick. `end`: when everything has come to rest. */
  readonly when: 'step' | 'end';
  /** What is wrong, a line each; nothing when it holds. */
  readonly broken: (stage: Stage) => Promise<readonly string[]> | readonly string[];
};

export const always = (title: string, broken: Invariant['broken']): Invariant => ({ title, when: 'step', broken });
export const atRest = (title: string, broken: Invariant['broken']): Invariant => ({ title, when: 'end', broken });

/** Rows that must not be there. */
export const rowsOf = (stage: Stage, text: string): string[] => stage.rows(text).map((row) => JSON.stringify(row));
