/** Opens the database that a URL names, brings it up to date, and dresses it as the port `Store`. */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, sql } from 'kysely';
import type { AfterTurn, Clock, Log, Vault } from '../ports/runtime.ts';
import type { Store } from '../ports/store.ts';
import { StoreTx } from './aggregates.ts';
import { copySqlite } from './backup.ts';
import { int } from './columns.ts';
import { loadMigrations, migrate, schemaState } from './migrate.ts';
import type { AnyDatabase } from './migrate-ddl.ts';
import { prepare } from './prepare.ts';
import { type BeginUnit, remoteUnits, type UnitWire } from './remote.ts';
import { openSqlite, type SqliteConnection } from './sqlite.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { lockFile } from './sqlite-lock.ts';
import type { Aggregates, Engine } from './transact.ts';
import { sqliteEngine, sqliteReadEngine } from './transact-sqlite.ts';
import { checkVault, runOf } from './vault-check.ts';

export type StoreOptions = {
  /** `sqlite:<file>` or `postgres://...`. */
  readonly url: string;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly afterTurn: AfterTurn;
  readonly log: Log;
  /** For verify, backup and doctor: works beside a running market, changes nothing, wants a database that is up to date. */
  readonly readOnly?: boolean;
  /** SQLite: false lets several stores of one process write to one file, as only a simulation may; true when absent. */
  readonly lock?: boolean;
  /** PostgreSQL: the schema of the tables, made when it is missing; the database's default when absent. */
  readonly schema?: string;
  /** SQLite: called before each COMMIT, on the thread that waits for it. For tests and the bench, which play a slow disk. */
  readonly beforeCommit?: () => void;
};

export type DatabaseAddress =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string };

/** RangeError when the URL is of neither kind. */
export function databaseOf(url: string): DatabaseAddress {
  if (/^postgres(ql)?:\/\//.test(url)) return { kind: 'postgres', url };
  const file = /^sqlite:(?:\/\/)?(.+)$/.exec(url)?.[1];
  if (file === undefined || file === ':memory:') {
    // The URL itself may hold a password.
    throw new RangeError(
      'DATABASE_URL names no database: use sqlite:<file> or postgres://user:password@host/database.',
    );
  }
  return { kind: 'sqlite', file };
}

/**
 * Throws `StoreLocked` when another process writes to the file, `SchemaTooNew`, `WrongKey`, or the error of a migration; nothing is
 * left open then.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const address = databaseOf(options.url);
  const aggregates: Aggregates = (run) => new StoreTx(run, options.vault);
  const engine =
    address.kind === 'sqlite'
      ? await openFile(options, address.file, aggregates)
      : await openServer(options, address.url, aggregates);
  try {
    await checkVault(engine, options);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return { ...engine, probe: () => probe(engine, options.log) };
}

/**
 * Reads on a connection of its own beside the writer of another thread, where `begin` has every unit of work committed. SQLite only,
 * after the writer has brought the file up to date.
 */
export async function openBesideWriter(
  options: Pick<StoreOptions, 'url' | 'vault' | 'clock' | 'afterTurn' | 'log'>,
  wire: UnitWire,
  begin: BeginUnit,
): Promise<Store> {
  const address = databaseOf(options.url);
  if (address.kind !== 'sqlite') throw new TypeError('Only SQLite has a writer in a thread of its own.');
  const aggregates: Aggregates = (run) => new StoreTx(run, options.vault);
  const reading = await openFile({ ...options, readOnly: true }, address.file, aggregates);
  const engine: Engine = { ...reading, transact: remoteUnits(wire, begin, aggregates) };
  return { ...engine, probe: () => probe(engine, options.log) };
}

async function openFile(options: StoreOptions, file: string, aggregates: Aggregates): Promise<Engine> {
  const { readOnly = false } = options;
  if (readOnly && !existsSync(file))
    throw new Error(`There is no database at ${file}: start the market once, or correct DATABASE_URL.`);
  if (!readOnly) makeFolder(dirname(file));
  const open: { close(): void }[] = [];
  const closeAll = () => {
    for (const one of open.toReversed()) one.close();
  };
  const opened = <T extends { close(): void }>(one: T): T => {
    open.push(one);
    return one;
  };
  try {
    if (readOnly) {
      const reader = opened(openSqlite(file, { readOnly: true }));
      await refusePending(new Kysely({ dialect: sqliteDialect(reader.raw) }));
      return sqliteReadEngine({ ...options, aggregates, reader, close: closeAll });
    }
    if (options.lock !== false) opened(lockFile(file));
    const writer = opened(openSqlite(file, { readOnly: false }));
    await bringUpToDate(writer);
    const reader = opened(openSqlite(file, { readOnly: true }));
    return sqliteEngine({ ...options, aggregates, writer, reader, close: closeAll });
  } catch (error) {
    closeAll();
    throw error;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new Error(
      `The folder ${folder} cannot be written to: give this user the right to, or name another file in DATABASE_URL.`,
      { cause: error },
    );
  }
}

async function bringUpToDate(writer: SqliteConnection): Promise<void> {
  const db: AnyDatabase = new Kysely({ dialect: sqliteDialect(writer.raw) });
  const migrations = await loadMigrations();
  const { applied, pending } = await schemaState(db, migrations);
  const [first] = pending;
  if (first === undefined) return;
  if (applied.length > 0) copySqlite(writer.raw, `${writer.file}.before-${first}`, { replace: true });
  await migrate(db, migrations);
}

/** Its driver is loaded here: a market on SQLite opens sooner without it. */
async function openServer(options: StoreOptions, url: string, aggregates: Aggregates): Promise<Engine> {
  const [{ isLostConnection, openPools }, { postgresDialect }, { postgresEngine }] = await Promise.all([
    import('./postgres.ts'),
    import('./postgres-dialect.ts'),
    import('./transact-postgres.ts'),
  ]);
  const pools = openPools({ url, schema: options.schema, log: options.log });
  try {
    const db: AnyDatabase = new Kysely({ dialect: postgresDialect(pools.writing, options.schema) });
    const schema = options.schema ?? (await defaultSchema(db));
    if (options.readOnly) await refusePending(db, schema);
    else {
      const migrations = await loadMigrations();
      await schemaState(db, migrations, schema);
      await migrate(db, migrations, schema);
    }
    return postgresEngine({ ...options, aggregates, pools });
  } catch (error) {
    await pools.end();
    if (!isLostConnection(error)) throw error;
    throw new Error(`PostgreSQL does not answer at ${new URL(url).host}: start it, or correct DATABASE_URL.`, {
      cause: error,
    });
  }
}

async function defaultSchema(db: AnyDatabase): Promise<string> {
  const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(db);
  const name = rows[0]?.name;
  if (name == null) throw new Error('The database user has no schema: create one, or set its search_path.');
  return name;
}

async function refusePending(db: AnyDatabase, schema?: string): Promise<void> {
  const { pending } = await schemaState(db, await loadMigrations(), schema);
  if (pending.length === 0) return;
  throw new Error(`The database lacks ${pending.join(', ')}: start the market once, which brings it up to date.`);
}

const beat = prepare('probes.beat', {}, (db) =>
  db
    .updateTable('probes')
    .set((eb) => ({ beat: eb('beat', '+', 1) }))
    .where('id', '=', 1)
    .returning('beat'),
);
const beaten = prepare('probes.beaten', { beat: int }, (db, p) =>
  db.selectFrom('probes').select('id').where('beat', '>=', p.beat),
);

async function probe(engine: Engine, log: Log): Promise<boolean> {
  try {
    const written = await engine.transact(null, async (tx) => (await runOf(tx).first(beat, {}))?.beat ?? 0);
    const found = await engine.read((reads) => runOf(reads).first(beaten, { beat: written }));
    return found !== undefined;
  } catch (error) {
    log.error({ error }, 'The database did not take a write');
    return false;
  }
}
