/** A pool of PostgreSQL connections: integers that are safe or an error, and statements prepared by name. */
import { createHash } from 'node:crypto';
import { Pool, type PoolClient, types } from 'pg';
import type { Log } from '../ports/runtime.ts';
import { type Parameter, safeInteger } from './columns.ts';
import { readerOf, type RowReader, type Statement } from './prepare.ts';

export type PgSettings = {
  readonly url: string;
  /** Where the tables are, when not in the database's default schema. */
  readonly schema?: string | undefined;
  readonly log: Log;
};

const WRITING_MAX = 16;
/** Reads have connections of their own: a unit of work keeps its own for as long as the COMMIT takes. */
const READING_MAX = 4;
const CONNECT_TIMEOUT_MS = 5_000;
/** A transaction that this process forgot does not lock rows for ever. */
const IDLE_TRANSACTION_MS = 15_000;
/** PostgreSQL cuts longer names, and two cut names could be one. */
const NAME_MAX = 63;

const INT8 = 20;
const NUMERIC = 1700;
const BYTEA = 17;

/** `pg` gives int8 and numeric as text, because not all of them are safe integers; ours must be. */
const parsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (value: never) => unknown {
    if (oid === INT8 || oid === NUMERIC) return (value: string) => safeInteger(value);
    const parse = types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text') as (value: string) => Buffer;
    if (oid === BYTEA) return (value: string) => new Uint8Array(parse(value));
    return parse;
  },
};

export type Pools = { readonly writing: Pool; readonly reading: Pool; readonly end: () => Promise<void> };

/** A connection is made when it is needed. */
export function openPools(settings: PgSettings): Pools {
  const writing = openPool(settings, WRITING_MAX);
  const reading = openPool(settings, READING_MAX);
  const end = async () => {
    await Promise.all([writing.end(), reading.end()]);
  };
  return { writing, reading, end };
}

export function openPool({ url, schema, log }: PgSettings, max = WRITING_MAX): Pool {
  if (schema !== undefined && !/^[a-z_][a-z0-9_]*$/.test(schema)) {
    throw new TypeError(`${schema} is no name of a schema: use small letters, digits and underscores.`);
  }
  const pool = new Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
    application_name: 'pasar',
    types: parsers,
    ...(schema === undefined ? {} : { options: `-c search_path=${schema}` }),
  });
  // Without a listener the loss of an idle connection would end the process.
  pool.on('error', (error) => {
    log.warn({ error }, 'An idle database connection was lost');
  });
  return pool;
}

/** Where a statement runs: one connection, or whichever of the pool is free. */
export type Target = Pick<PoolClient, 'query'> | Pick<Pool, 'query'>;

type Named = { readonly name: string; reader: RowReader | undefined };

/** What is known about statements: one for all connections of a pool. */
export function statementsOf() {
  const known = new Map<Statement, Named>();
  const namedOf = (statement: Statement): Named => {
    const named = known.get(statement) ?? { name: nameOf(statement), reader: undefined };
    known.set(statement, named);
    return named;
  };
  const send = (on: Target, statement: Statement, parameters: readonly Parameter[]) =>
    on.query<unknown[]>({
      name: namedOf(statement).name,
      text: statement.text,
      values: [...parameters],
      rowMode: 'array',
    });
  return {
    async rows(on: Target, statement: Statement, parameters: readonly Parameter[]): Promise<Record<string, unknown>[]> {
      const { fields, rows } = await send(on, statement, parameters);
      const named = namedOf(statement);
      named.reader ??= readerOf(fields.map((field) => field.name));
      return rows.map(named.reader);
    },
    async change(on: Target, statement: Statement, parameters: readonly Parameter[]): Promise<number> {
      const { rowCount } = await send(on, statement, parameters);
      return rowCount ?? 0;
    },
  };
}

export type Statements = ReturnType<typeof statementsOf>;

function nameOf({ name, text }: Statement): string {
  if (name.length <= NAME_MAX) return name;
  return `${name.slice(0, 40)}.${createHash('sha256').update(text).digest('hex').slice(0, 20)}`;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Somebody else went first: the same work may well succeed now. */
export const isLostRace = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error));

const LOST = new Set(['57P01', '57P02', '57P03', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', '25P03']);

export function isLostConnection(error: unknown): boolean {
  const code = codeOf(error);
  if (LOST.has(code) || code.startsWith('08')) return true;
  return (
    error instanceof Error && /^(Connection terminated|Client has encountered a connection error)/.test(error.message)
  );
}
