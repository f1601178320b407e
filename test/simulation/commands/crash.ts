import { constantFrom, record } from 'fast-check';
import { define } from '../engine/command.ts';

const DOWN_MS = [0, 1_000, 30_000, 10 * 60_000] as const;
/** Between two commits, in the middle of a call, before an answer: from the step before it, in milliseconds. */
const AFTER_MS = [0, 1, 2, 3, 4, 6, 10, 25, 100, 2_500] as const;

export const command = define({
  weight: 6,
  input: record({ downMs: constantFrom(...DOWN_MS), afterMs: constantFrom(...AFTER_MS) }),
  tell: ({ downMs, afterMs }) =>
    `the market's process dies${afterMs === 0 ? '' : ` after ${afterMs} ms`}, and is back after ${downMs / 1000} s`,
  run: (stage, { downMs, afterMs }) => stage.later(afterMs, 'the market dies', () => stage.crash(downMs)),
});
