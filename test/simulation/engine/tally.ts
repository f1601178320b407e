// How many histories were lived through, and one hash over all of them that does not depend on who lived through which.
import type { Verdict } from './run.ts';

export type Tally = {
  readonly histories: number;
  readonly happenings: number;
  readonly hash: string;
  /** The report of the history that was broken. */
  readonly broken: string | null;
};

const WIDTH = 16;
const MODULUS = 2n ** 64n;

export const noTally: Tally = { histories: 0, happenings: 0, hash: '0'.repeat(WIDTH), broken: null };

export const tallyOf = (verdict: Verdict): Tally =>
  verdict.ok
    ? { histories: 1, happenings: verdict.happenings, hash: verdict.hash, broken: null }
    : { ...noTally, histories: 1, broken: verdict.report };

export const addTally = (one: Tally, other: Tally): Tally => ({
  histories: one.histories + other.histories,
  happenings: one.happenings + other.happenings,
  hash: ((BigInt(`0x${one.hash}`) + BigInt(`0x${other.hash}`)) % MODULUS).toString(16).padStart(WIDTH, '0'),
  broken: one.broken ?? other.broken,
});
