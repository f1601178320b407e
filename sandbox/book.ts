import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { KINDS_BEFORE, SCHEMA, WIDEN } from './schema.ts';

/**
 * The sandbox's own database file. Every statement is prepared once; a change is durable (fsynced) when `transact`
 * returns, which is before any reply that tells of it.
 */
export type Book = {
  one<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  /** Returns how many rows changed: the guard of every state change. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /** One atomic step (BEGIN IMMEDIATE). What `work` throws undoes all of it. Never nested, never asynchronous. */
  transact<T>(work: () => T): T;
  /** Inside `transact`: what `work` throws undoes only what `work` did. */
  attempt<T>(work: () => T): T;
  close(): void;
};

export function openBook(path: string): Book {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  // The file holds the API key and the webhook secret; its -wal and -shm files inherit the mode.
  if (path !== ':memory:') chmodSync(path, 0o600);
  database.exec(`PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;`);
  const lines = database.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'lines'`).get()?.['sql'];
  const [before, after] = typeof lines === 'string' && lines.includes(KINDS_BEFORE) ? WIDEN : ['', ''];
  database.exec(`BEGIN IMMEDIATE; ${before} ${SCHEMA} ${after} COMMIT;`);

  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const made = database.prepare(sql);
    statements.set(sql, made);
    return made;
  };

  return {
    // The tables are STRICT and written only by this folder, so a row's shape is known where it is asked for.
    one: <Row>(sql: string, ...values: SQLInputValue[]) => prepared(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: SQLInputValue[]) => prepared(sql).all(...values) as Row[],
    run: (sql, ...values) => Number(prepared(sql).run(...values).changes),
    transact(work) {
      if (database.isTransaction) throw new Error('sandbox: a transaction was opened inside another');
      return step(database, 'BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK', work);
    },
    attempt(work) {
      return step(database, 'SAVEPOINT attempt', 'RELEASE attempt', 'ROLLBACK TO attempt; RELEASE attempt', work);
    },
    close() {
      if (database.isOpen) database.close();
    },
  };
}

function step<T>(database: DatabaseSync, begin: string, commit: string, undo: string, work: () => T): T {
  database.exec(begin);
  try {
    const result = work();
    database.exec(commit);
    return result;
  } catch (error) {
    // After a full disk SQLite has already rolled back by itself; a second ROLLBACK would hide the reason.
    if (database.isTransaction) database.exec(undo);
    throw error;
  }
}
