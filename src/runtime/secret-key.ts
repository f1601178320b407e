/** Where the root key comes from: the environment, or a file beside an embedded database. */
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RootKeys } from './vault.ts';

const KEY_BYTES = 32;
const KEY_LENGTH_MIN = 32;

export type SecretKeyOptions = {
  /** SECRET_KEY and SECRET_KEY_PREVIOUS. */
  readonly secretKey: string | null;
  readonly previous: readonly string[];
  /** The embedded database's file; null where the database is elsewhere and SECRET_KEY must be set. */
  readonly databasePath: string | null;
  /** False: a command that only reads must not make a key for a database that has another one somewhere. */
  readonly mayMake: boolean;
};

export const keyPathOf = (databasePath: string): string => `${databasePath}.key`;

/** Throws an Error that names the file and the remedy. */
export function loadRootKeys({ secretKey, previous, databasePath, mayMake }: SecretKeyOptions): RootKeys {
  if (secretKey !== null) return { current: secretKey, previous };
  if (databasePath === null)
    throw new Error('SECRET_KEY is missing: set it to the key that this database was made with.');
  return { current: readKey(databasePath) ?? makeKey(databasePath, mayMake), previous };
}

function readKey(databasePath: string): string | undefined {
  const path = keyPathOf(databasePath);
  let key: string;
  try {
    key = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Error(`The key file ${path} cannot be read (${codeOf(error)}): give this user the right to read it.`, {
      cause: error,
    });
  }
  if (key.length >= KEY_LENGTH_MIN) return key;
  throw new Error(`The key file ${path} is cut short: put back the whole file from a backup, or set SECRET_KEY.`);
}

function makeKey(databasePath: string, mayMake: boolean): string {
  const path = keyPathOf(databasePath);
  if (!mayMake || (statSync(databasePath, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    throw new Error(
      `The key of the database ${databasePath} is missing: put its file ${path} back, or set SECRET_KEY to the key it was made with. ` +
        'Without it names, addresses and digital goods in it cannot be read.',
    );
  }
  mkdirSync(dirname(path), { recursive: true });
  const key = randomBytes(KEY_BYTES).toString('base64url');
  // Durable before the first row is sealed under it; "wx": two starts at once must not each make one.
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${key}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(path, 0o600);
  return key;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
