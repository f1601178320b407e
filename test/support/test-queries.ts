// Queries of tests that both threads of a store know.
import { sql } from 'kysely';
import { int } from '../../src/store/columns.ts';
import { prepare } from '../../src/store/prepare.ts';

/** Beyond what SQLite and we can count. */
export const divide = prepare(
  'test.divide',
  { by: int },
  (_db, p) => sql<{ n: number }>`select abs(-9223372036854775807 - ${p.by}) as n`,
);
