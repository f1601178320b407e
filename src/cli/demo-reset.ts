/** npm run demo:reset: throws the demo's database and play money away, so that the next start opens a fresh one. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Config } from '../config.ts';
import { keyPathOf } from '../runtime/secret-key.ts';
import { StartFault } from '../start-fault.ts';
import { openSqlite, valueOf } from '../store/sqlite.ts';
import { lockFile, StoreLocked } from '../store/sqlite-lock.ts';
import { command, explained, readSettings, say, sqliteFileOf } from './shared/command.ts';

const SANDBOX = 'sandbox.db';
/** Beside a database file: its log and what readers share. */
const SIDE_FILES = ['', '-wal', '-shm'] as const;

await command(async () => {
  const config = readSettings();
  const file = demoFileOf(config);
  if (filesOf(config, file).length === 0) {
    say(`There is no demo at ${file}: npm start opens one.`);
    return 0;
  }
  const lock = lockOf(file);
  try {
    if (existsSync(file)) refuseReal(config, file);
    // Looking has left a log beside the file.
    const doomed = filesOf(config, file);
    for (const one of doomed) say(one);
    if (!(await agreed())) {
      say('Nothing was deleted.');
      return 1;
    }
    for (const one of doomed) rmSync(one, { force: true });
  } finally {
    lock.close();
  }
  for (const side of SIDE_FILES) rmSync(`${file}.lock${side}`, { force: true });
  say('The demo is gone. npm start opens a fresh one.');
  return 0;
});

function demoFileOf(config: Config): string {
  if (config.demo === 'off') {
    throw new StartFault('DEMO is off: this is no demo, and nothing was deleted.');
  }
  const file = sqliteFileOf(config);
  if (file !== null) return file;
  throw new StartFault(
    'The demo stands on PostgreSQL, where only its owner should delete: stop the market, then dropdb and createdb the ' +
      `database that DATABASE_URL names, and delete ${join('data', SANDBOX)}.`,
  );
}

function filesOf({ secretKey }: Config, file: string): string[] {
  const folder = dirname(file);
  const copies = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.startsWith(`${basename(file)}.before-`))
    : [];
  const candidates = [
    ...SIDE_FILES.map((side) => `${file}${side}`),
    ...copies.map((name) => join(folder, name)),
    ...(secretKey === null ? [keyPathOf(file)] : []),
    ...SIDE_FILES.map((side) => join(folder, `${SANDBOX}${side}`)),
  ];
  return candidates.filter((one) => existsSync(one));
}

function lockOf(file: string): { close(): void } {
  try {
    return lockFile(file);
  } catch (error) {
    if (error instanceof StoreLocked)
      throw new StartFault('The demo is running: stop it first. Nothing was deleted.', error);
    throw error;
  }
}

/** Whatever the settings say: a database with a market that takes real money is never deleted. */
function refuseReal(config: Config, file: string): void {
  try {
    const connection = openSqlite(file, { readOnly: true });
    try {
      const tables = Number(valueOf(connection.raw, 'select count(*) from sqlite_schema'));
      const known = "select count(*) from sqlite_schema where name in ('communities', 'chats')";
      if (tables === 0) return;
      if (valueOf(connection.raw, known) !== 2) {
        throw new StartFault(`${file} is no database of Pasar: nothing was deleted.`);
      }
      const real = `select (select count(*) from communities where test_money = 0)
        + (select count(*) from chats where platform <> 'web')`;
      if (valueOf(connection.raw, real) === 0) return;
      throw new StartFault(`${file} holds a real market, not the demo: nothing was deleted.`);
    } finally {
      connection.close();
    }
  } catch (error) {
    throw explained(error, config);
  }
}

async function agreed(): Promise<boolean> {
  if (process.argv.slice(2).some((arg) => arg === '--yes' || arg === '-y')) return true;
  if (!process.stdin.isTTY) {
    throw new StartFault('These files would be deleted. Say so: npm run demo:reset -- --yes');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(?:es)?$/i.test((await terminal.question('Delete these files? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}
