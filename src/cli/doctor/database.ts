/** The database and its key: there, ours, up to date, opened by the key, and what waits in it for somebody. */
import { existsSync, statSync } from 'node:fs';
import { Kysely } from 'kysely';
import type { Config } from '../../config.ts';
import type { Store } from '../../ports/store.ts';
import { createLog } from '../../runtime/log.ts';
import { keyPathOf } from '../../runtime/secret-key.ts';
import { StartFault } from '../../start-fault.ts';
import { loadMigrations, schemaState } from '../../store/migrate.ts';
import type { AnyDatabase } from '../../store/migrate-ddl.ts';
import { openStore } from '../../store/open.ts';
import { openPool } from '../../store/postgres.ts';
import { postgresDialect } from '../../store/postgres-dialect.ts';
import { openSqlite, valueOf } from '../../store/sqlite.ts';
import { sqliteDialect } from '../../store/sqlite-dialect.ts';
import { lockFile, StoreLocked } from '../../store/sqlite-lock.ts';
import { explained, readingOptions, readKeys } from '../shared/command.ts';
import { bad, fine, type Finding, reasonOf, warn } from './finding.ts';
import { clockAgainst, clockAgainstFile } from './machine.ts';

const START_ONCE = 'Run npm start once: it brings the database up to date, after a copy of it.';

export async function databaseFindings(config: Config): Promise<Finding[]> {
  const { database } = config;
  try {
    return database.kind === 'sqlite' ? await sqlite(config, database.path) : await postgres(config, database.url);
  } catch (error) {
    const fault = explained(error, config);
    return [bad('database', reasonOf(fault), fault instanceof StartFault ? undefined : 'Correct DATABASE_URL.')];
  }
}

async function sqlite(config: Config, file: string): Promise<Finding[]> {
  if (!existsSync(file)) return [fine('database', `${file} will be made at the first start`)];
  const connection = openSqlite(file, { readOnly: true });
  const { raw } = connection;
  const findings: Finding[] = [];
  try {
    const pages = Number(valueOf(raw, 'pragma page_count')) * Number(valueOf(raw, 'pragma page_size'));
    const size = `${Math.ceil(pages / 1024).toLocaleString('en')} KB, SQLite ${String(valueOf(raw, 'select sqlite_version()'))}`;
    findings.push(await migrations(`${file} (${size})`, new Kysely({ dialect: sqliteDialect(raw) })));
  } finally {
    connection.close();
  }
  findings.push(running(file), clockAgainstFile(file, Date.now()));
  return [...findings, ...(await inside(config, findings))];
}

/** Taken and given back at once: a market that starts in this very moment would be refused, and started again. */
function running(file: string): Finding {
  if (!existsSync(`${file}.lock`)) return fine('market', 'is not running');
  try {
    lockFile(file).close();
    return fine('market', 'is not running');
  } catch (error) {
    if (error instanceof StoreLocked) return fine('market', 'is running on this database');
    return bad('market', `${file}.lock cannot be opened (${reasonOf(error)})`, 'Give this user the right to write it.');
  }
}

const VERSION_MIN = 150_000;

async function postgres(config: Config, url: string): Promise<Finding[]> {
  const pool = openPool({ url, log: createLog({ level: 'silent' }).log });
  const findings: Finding[] = [];
  try {
    const from = Date.now();
    const { rows } = await pool.query<{ version: number; name: string; now: number; schema: string | null }>(
      `select current_setting('server_version_num')::int as version, current_database() as name, current_schema() as schema,
        floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`,
    );
    const [row] = rows;
    if (!row) return [bad('database', 'PostgreSQL gave no answer', 'Look into its log.')];
    findings.push(clockAgainst('PostgreSQL', row.now, { from, to: Date.now() }));
    if (row.version < VERSION_MIN) {
      const says = `PostgreSQL ${Math.floor(row.version / 10_000)} is older than ${VERSION_MIN / 10_000}`;
      findings.push(bad('database', says, `Move to PostgreSQL ${VERSION_MIN / 10_000} or newer.`));
    }
    if (row.schema === null) {
      return [
        ...findings,
        bad('database', 'its user has no schema', 'Create one, or set the search_path of the user.'),
      ];
    }
    const name = `${row.name}, schema ${row.schema} (PostgreSQL ${Math.floor(row.version / 10_000)})`;
    findings.push(await migrations(name, new Kysely({ dialect: postgresDialect(pool, row.schema) }), row.schema));
  } finally {
    await pool.end();
  }
  return [...findings, ...(await inside(config, findings))];
}

async function migrations(name: string, db: AnyDatabase, schema?: string): Promise<Finding> {
  try {
    const { applied, pending } = await schemaState(db, await loadMigrations(), schema);
    if (applied.length === 0) return fine('database', `${name} is empty: the first start fills it`);
    return pending.length === 0
      ? fine('database', `${name} has all ${applied.length} migrations`)
      : warn('database', `${name} lacks ${pending.join(', ')}`, START_ONCE);
  } catch (error) {
    return bad('database', reasonOf(error));
  }
}

/** With the key, and only in a database that this version can read. */
async function inside(config: Config, before: readonly Finding[]): Promise<Finding[]> {
  const ready = before.some(
    ({ what, level, says }) => what === 'database' && level === 'ok' && !says.includes('empty'),
  );
  if (!ready) return [];
  let store: Store;
  try {
    store = await openStore(readingOptions(config, readKeys(config)));
  } catch (error) {
    return [bad('key', reasonOf(explained(error, config)))];
  }
  try {
    return [fine('key', 'opens what the database has sealed'), await leftBehind(store)];
  } finally {
    await store.close();
  }
}

async function leftBehind(store: Store): Promise<Finding> {
  const { dead, unknown, pending } = await store.read((reads) => reads.outbox.counts());
  if (dead + unknown === 0) return fine('outbox', `${pending} waiting, none given up`);
  const says = `${dead} messages given up, ${unknown} of which nobody knows whether they were sent`;
  return warn('outbox', says, 'The log says why each was given up ("a message was given up").');
}

/** Whoever reads the file beside an embedded database reads everything in it. */
export function keyFile({ database, secretKey }: Config): Finding {
  if (secretKey !== null) return fine('SECRET_KEY', 'is set');
  if (database.kind !== 'sqlite') return bad('SECRET_KEY', 'is missing', 'Set it to the key of this database.');
  const path = keyPathOf(database.path);
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there) {
    if (!existsSync(database.path)) return fine('key file', `${path} will be made at the first start`);
    const remedy = 'Put it back from where you keep it, or set SECRET_KEY to the key the database was made with.';
    return bad('key file', `${path} is missing: names, addresses and digital goods cannot be read`, remedy);
  }
  const open = process.platform !== 'win32' && (there.mode & 0o077) !== 0;
  if (!open) return fine('key file', path);
  const mode = (there.mode & 0o777).toString(8);
  return warn('key file', `${path} can be read by others (mode ${mode})`, `chmod 600 ${path}`);
}
