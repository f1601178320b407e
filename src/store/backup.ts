/** A consistent copy of a SQLite database while it is in use: one snapshot, written as a new file. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { makePrivate } from './private-file.ts';
import { openSqlite } from './sqlite.ts';

/** Copies the database at `file` to `target`, which must not exist. A market may be running on it meanwhile. */
export function backupSqlite(file: string, target: string): void {
  if (!existsSync(file)) throw new Error(`There is no database at ${file}: nothing was copied.`);
  const connection = openSqlite(file, { readOnly: true });
  try {
    // The file itself is open for reading only; VACUUM INTO counts as a write all the same.
    connection.raw.exec('pragma query_only = off');
    copySqlite(connection.raw, target, { replace: false });
  } finally {
    connection.close();
  }
}

/** The target appears complete and on disk, or not at all. */
export function copySqlite(raw: DatabaseSync, target: string, { replace }: { replace: boolean }): void {
  const path = resolve(target);
  if (!replace && existsSync(path)) throw new Error(`${path} exists: name a new file for the copy.`);
  const partial = `${path}.partial`;
  rmSync(partial, { force: true });
  try {
    makePrivate(partial);
    raw.prepare('vacuum into ?').run(partial);
    sync(partial, 'r+');
    renameSync(partial, path);
    sync(dirname(path), 'r');
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** A file must be open for writing to be synced on Windows, and a folder cannot be synced there at all. */
function sync(path: string, flags: 'r+' | 'r'): void {
  if (process.platform === 'win32' && flags === 'r') return;
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
