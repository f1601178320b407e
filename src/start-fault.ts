/** Why a market cannot open, as one line with its remedy. */
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from './config.ts';
import { keyPathOf } from './runtime/secret-key.ts';

/** Expected: told without a stack. */
export class StartFault extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StartFault';
  }
}

/** The system's word for what went wrong with a port that we want to listen on. */
export function portFault(
  error: unknown,
  at: { host: string; port: number; setting: 'PORT' | 'SANDBOX_PORT' },
): unknown {
  const { host, port, setting } = at;
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new StartFault(
        `Port ${port} is taken: stop the program that uses it (perhaps another Pasar), or set ${setting} to another one.`,
        error,
      );
    case 'EACCES':
      return new StartFault(`This user may not listen on port ${port}: set ${setting} to one from 1024.`, error);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartFault(
        `HOST is ${host}, which is no address of this machine: set it to 127.0.0.1 or 0.0.0.0.`,
        error,
      );
    default:
      return error;
  }
}

/** Makes the folder of an embedded database. Throws a `StartFault` when nothing can be written there. */
export function prepareFolder({ database }: Pick<Config, 'database'>): void {
  if (database.kind !== 'sqlite') return;
  const folder = dirname(database.path);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
    if (existsSync(database.path)) accessSync(database.path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new StartFault(
      `The data folder ${folder} cannot be written (${codeOf(error)}): give this user the right to write there, or name another file in DATABASE_URL.`,
      error,
    );
  }
}

const SAID_BY_THEMSELVES = new Set(['StoreLocked', 'SchemaTooNew', 'StartFault']);

/** What the store threw when it was opened. */
export function databaseFault(
  error: unknown,
  { database, secretKey }: Pick<Config, 'database' | 'secretKey'>,
): unknown {
  if (!(error instanceof Error)) return error;
  if (SAID_BY_THEMSELVES.has(error.name)) return new StartFault(error.message, error);
  if (error.name === 'WrongKey') {
    const where =
      database.kind === 'sqlite' && secretKey === null
        ? `put back its file ${keyPathOf(database.path)}`
        : 'set SECRET_KEY to the key it was made with, or name that key in SECRET_KEY_PREVIOUS';
    return new StartFault(`The database was sealed with another key: ${where}.`, error);
  }
  if (database.kind === 'postgres') return serverFault(error);
  if (/SQLite/i.test(error.message) || codeOf(error) === 'ERR_SQLITE_ERROR') {
    return new StartFault(`The database ${database.path} cannot be opened: ${error.message}.`, error);
  }
  return error;
}

function serverFault(error: Error): unknown {
  const code = codeOf(error);
  if (error.message.startsWith('PostgreSQL does not answer')) return new StartFault(error.message, error);
  if (code === '28P01' || code === '28000')
    return new StartFault('PostgreSQL refuses the user or password in DATABASE_URL: correct them.', error);
  if (code === '3D000')
    return new StartFault(
      'The database in DATABASE_URL does not exist: create it with createdb, or correct its name.',
      error,
    );
  if (code === '42501') return new StartFault(`The user in DATABASE_URL may not make tables: ${error.message}.`, error);
  return error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
