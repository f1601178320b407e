/**
 * An invariant of the database and how it is looked at. A check names what it found broken by ids alone: what it prints may be sent
 * to anybody.
 */
import { sql } from 'kysely';
import type { Vault } from '../../ports/runtime.ts';
import { int } from '../columns.ts';
import { prepare, type Run } from '../prepare.ts';

/** Of one invariant, no more broken rows are told. */
export const BROKEN_MAX = 20;

export type Broken = { readonly id: string } & Readonly<Record<string, string | number | null>>;

/** `must`: anything else is a bug. `look`: nothing is broken, but somebody should look. */
export type Weight = 'must' | 'look';

export type Finding = {
  /** How many things were looked at. */
  readonly figure: number;
  /** The first of those for which it does not hold; `BROKEN_MAX` at most. */
  readonly broken: readonly Broken[];
};

export type Check = {
  /** As in the list of invariants: a letter and a number, for what it is about. */
  readonly id: string;
  readonly title: string;
  readonly weight: Weight;
  find(run: Run, vault: Vault): Promise<Finding>;
};

export type SqlCheck = {
  readonly id: string;
  readonly title: string;
  readonly weight?: Weight;
  /** `select count(*) as figure from ...` */
  readonly figure: string;
  /** `select ... as id, ... from ...`: what is broken. One text for both engines; tables and columns in snake_case. */
  readonly broken: string;
};

export function sqlCheck({ id, title, weight = 'must', figure, broken }: SqlCheck): Check {
  const counted = prepare(`verify.${id}.figure`, {}, () => sql<{ figure: number }>`${sql.raw(figure)}`);
  const wrong = prepare(
    `verify.${id}.broken`,
    { limit: int },
    (_db, p) => sql<Broken>`select * from (${sql.raw(broken)}) as broken order by id limit ${p.limit}`,
  );
  return {
    id,
    title,
    weight,
    async find(run) {
      const count = await run.first(counted, {});
      return { figure: count?.figure ?? 0, broken: await run.all(wrong, { limit: BROKEN_MAX }) };
    },
  };
}

/** `'a', 'b'`: words of our own, for a text of SQL. */
export const words = (list: readonly string[]): string => list.map((word) => `'${word}'`).join(', ');

/** `(x is true) and (y is not)`, and the other way round: SQL's own comparison of truths differs between the engines. */
export const differ = (one: string, other: string): string =>
  `case when ${one} then 1 else 0 end <> case when ${other} then 1 else 0 end`;
