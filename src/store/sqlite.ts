/** A connection to a SQLite file: the pragmas that make it safe, and statements prepared once. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Parameter } from './columns.ts';
import { makePrivate } from './private-file.ts';
import { readerOf, type RowReader, type Statement } from './prepare.ts';
import { codeOf } from './sqlite-lock.ts';

/** Before it, a reset of the write-ahead log could lose committed pages (fixed in 3.51.3). */
const VERSION_MIN = '3.51.3';
const BUSY_TIMEOUT_MS = 5_000;
const SQLITE_NOTADB = 26;
/** A log that grew under a long reader is cut back to this at the next checkpoint. */
const WAL_BYTES_MAX = 64 * 1024 * 1024;

export interface SqliteConnection {
  readonly file: string;
  /** Rows in camelCase. */
  rows(statement: Statement, parameters: readonly Parameter[]): Record<string, unknown>[];
  first(statement: Statement, parameters: readonly Parameter[]): Record<string, unknown> | undefined;
  /** How many rows it changed. */
  change(statement: Statement, parameters: readonly Parameter[]): number;
  /** For words without parameters: BEGIN, COMMIT, SAVEPOINT, ... Prepared once as well. */
  say(words: string): void;
  inTransaction(): boolean;
  /** For migrations, backup and verification; rows are arrays. */
  readonly raw: DatabaseSync;
  close(): void;
}

type Prepared = { readonly prepared: StatementSync; reader: RowReader | undefined };

/** Throws when SQLite is too old, or the file is none of SQLite's. */
export function openSqlite(file: string, { readOnly }: { readOnly: boolean }): SqliteConnection {
  if (!readOnly) makePrivate(file);
  const raw = new DatabaseSync(file, { readOnly, timeout: BUSY_TIMEOUT_MS, returnArrays: true });
  try {
    refuseOldVersion(raw);
    configure(raw, readOnly);
  } catch (error) {
    raw.close();
    if (codeOf(error) !== SQLITE_NOTADB) throw error;
    throw new Error(`${file} is no SQLite database: name another file in DATABASE_URL.`, { cause: error });
  }
  return connectionOn(raw, file);
}

function connectionOn(raw: DatabaseSync, file: string): SqliteConnection {
  const statements = new Map<Statement, Prepared>();
  const words = new Map<string, StatementSync>();
  const preparedOf = (statement: Statement): Prepared => {
    const known = statements.get(statement);
    if (known) return known;
    const made: Prepared = { prepared: raw.prepare(statement.text), reader: undefined };
    statements.set(statement, made);
    return made;
  };
  const readerFor = (one: Prepared): RowReader =>
    (one.reader ??= readerOf(one.prepared.columns().map((column) => column.name)));
  // With `returnArrays` each row is an array, which the driver's types do not know.
  const rows = (statement: Statement, parameters: readonly Parameter[]) => {
    const one = preparedOf(statement);
    const found = one.prepared.all(...parameters) as unknown as readonly (readonly unknown[])[];
    return found.length === 0 ? [] : found.map(readerFor(one));
  };
  return {
    file,
    raw,
    rows,
    first(statement, parameters) {
      // A write with RETURNING must run to its end.
      if (statement.writes) return rows(statement, parameters).at(0);
      const one = preparedOf(statement);
      const row = one.prepared.get(...parameters) as unknown as readonly unknown[] | undefined;
      return row === undefined ? undefined : readerFor(one)(row);
    },
    change: (statement, parameters) => Number(preparedOf(statement).prepared.run(...parameters).changes),
    say(text) {
      const prepared = words.get(text) ?? raw.prepare(text);
      words.set(text, prepared);
      prepared.run();
    },
    inTransaction: () => raw.isTransaction,
    close: () => {
      raw.close();
    },
  };
}

function refuseOldVersion(raw: DatabaseSync): void {
  const version = valueOf(raw, 'select sqlite_version()');
  if (compareVersions(String(version), VERSION_MIN) < 0) {
    throw new Error(
      `SQLite ${String(version)} can lose data: run Pasar with the Node that "npm ci" brings (SQLite >= ${VERSION_MIN}).`,
    );
  }
}

function compareVersions(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split('.').map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function configure(raw: DatabaseSync, readOnly: boolean): void {
  raw.exec('pragma foreign_keys = on; pragma recursive_triggers = on; pragma temp_store = memory');
  if (readOnly) {
    raw.exec('pragma query_only = on');
    return;
  }
  const mode = valueOf(raw, 'pragma journal_mode = wal');
  raw.exec(`pragma synchronous = full; pragma journal_size_limit = ${WAL_BYTES_MAX}`);
  const synchronous = valueOf(raw, 'pragma synchronous');
  if (mode !== 'wal' || synchronous !== 2) {
    throw new Error(`The database cannot be made durable (journal ${String(mode)}): keep it on a local disk.`);
  }
}

export function valueOf(raw: DatabaseSync, text: string): unknown {
  const row = raw.prepare(text).get() as unknown as readonly unknown[] | undefined;
  return row?.[0];
}
