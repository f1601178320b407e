/**
 * Recomputes everything that the database can show about itself. The market asserts most of it by constraints and guards as it goes;
 * this looks at what is there, however it came there.
 */
import type { Log, Vault } from '../../ports/runtime.ts';
import type { Store } from '../../ports/store.ts';
import { databaseOf, openStore, type StoreOptions } from '../open.ts';
import { openPool, type PgSettings, statementsOf } from '../postgres.ts';
import { type Arguments, bind, type Query, type Run } from '../prepare.ts';
import { runOf } from '../vault-check.ts';
import type { Broken, Check, Weight } from './check.ts';
import { couponChecks } from './coupon-checks.ts';
import { disputeChecks } from './dispute-checks.ts';
import { eventChecks } from './event-checks.ts';
import { ledgerChecks } from './ledger-checks.ts';
import { orderChecks } from './order-checks.ts';
import { paymentChecks } from './payment-checks.ts';
import { sealedChecks } from './sealed-checks.ts';
import { statementChecks } from './statement-checks.ts';
import { stockChecks } from './stock-checks.ts';

/** In the order in which they are told: the money first. */
export const checks: readonly Check[] = [
  ...ledgerChecks,
  ...paymentChecks,
  ...disputeChecks,
  ...statementChecks,
  ...orderChecks,
  ...couponChecks,
  ...stockChecks,
  ...eventChecks,
  ...sealedChecks,
];

export type Result = {
  readonly id: string;
  readonly title: string;
  /** `must`: a broken row is a bug. `look`: somebody has to decide or to mend something outside. */
  readonly weight: Weight;
  /** How many things were looked at. */
  readonly figure: number;
  /** The first few for which it does not hold: ids, states and integers, never words of a person. */
  readonly broken: readonly Broken[];
};

export type Report = {
  /** No `must` is broken. */
  readonly ok: boolean;
  readonly results: readonly Result[];
};

type Tell = (result: Result) => void;

/** Every check over one `Run`, which should be one snapshot. `tell` hears of each result as it is known. */
async function verify(run: Run, vault: Vault, tell: Tell = () => undefined): Promise<Report> {
  const results: Result[] = [];
  for (const check of checks) {
    const { id, title, weight } = check;
    const result = { id, title, weight, ...(await check.find(run, vault)) };
    results.push(result);
    tell(result);
  }
  return { ok: results.every(({ weight, broken }) => weight === 'look' || broken.length === 0), results };
}

/** Of a store that is open already. One snapshot on SQLite; on PostgreSQL let nothing else write meanwhile. */
export const verifyStore = (store: Store, vault: Vault): Promise<Report> =>
  store.read((reads) => verify(runOf(reads), vault));

export type VerifyOptions = Pick<StoreOptions, 'url' | 'vault' | 'clock' | 'afterTurn' | 'log' | 'schema'>;

/** Of a database by its URL, in one snapshot, beside a running market. Throws when it is missing, older than this release, or sealed with another key. */
export async function verifyDatabase(options: VerifyOptions, tell?: Tell): Promise<Report> {
  const store = await openStore({ ...options, readOnly: true });
  try {
    const address = databaseOf(options.url);
    if (address.kind === 'sqlite') return await store.read((reads) => verify(runOf(reads), options.vault, tell));
    const { log, schema } = options;
    return await inSnapshot({ url: address.url, log, schema }, (run) => verify(run, options.vault, tell));
  } finally {
    await store.close();
  }
}

/** All of it sees the rows as they were at its first statement. */
async function inSnapshot<R>(settings: PgSettings & { log: Log }, read: (run: Run) => Promise<R>): Promise<R> {
  const pool = openPool(settings);
  try {
    const client = await pool.connect();
    try {
      await client.query('begin isolation level repeatable read read only');
      const statements = statementsOf();
      const rows = <P, O>(query: Query<P, O>, given: Arguments<P>): Promise<O[]> => {
        const statement = query.statement('postgres', given);
        return statements.rows(client, statement, bind(statement, given)) as Promise<O[]>;
      };
      return await read({
        all: rows,
        first: async (query, given) => (await rows(query, given))[0],
        change: () => Promise.reject(new Error('Verification changes nothing.')),
      });
    } finally {
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}

/** One line a result: `ok  L1  1204  every journal transaction ...`; broken rows indented below. */
export function linesOf({ id, title, weight, figure, broken }: Result): string[] {
  const state = broken.length === 0 ? 'ok' : weight === 'must' ? 'BROKEN' : 'look';
  const head = `${state.padEnd(7)} ${id.padEnd(4)} ${String(figure).padStart(9)}  ${title}`;
  return [head, ...broken.map((row) => `          ${fieldsOf(row)}`)];
}

const fieldsOf = (row: Broken): string =>
  Object.entries(row)
    .map(([name, value]) => `${name}=${value ?? 'null'}`)
    .join(' ');
