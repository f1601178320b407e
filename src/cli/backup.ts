/** npm run backup -- FILE: a consistent copy of the live database, and the key that it is sealed with, which belongs elsewhere. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import type { DatabaseConfig } from '../config-settings.ts';
import { keyPathOf } from '../runtime/secret-key.ts';
import { StartFault } from '../start-fault.ts';
import { backupSqlite } from '../store/backup.ts';
import { openStore } from '../store/open.ts';
import { command, explained, readingOptions, readKeys, readSettings, say, sqliteFileOf } from './shared/command.ts';

const PRIVATE = 0o600;
/** The client's own tool: no copy of ours would be as complete. */
const PG_DUMP = 'pg_dump';

await command(async () => {
  const target = targetOf(process.argv.slice(2));
  const config = readSettings();
  const keys = readKeys(config);
  await refuseWrongKey(config);
  const keyFile = keyPathOf(target);
  for (const file of [target, keyFile]) {
    if (existsSync(file)) throw new StartFault(`${file} exists: name a new file for the copy. Nothing was copied.`);
  }
  writeKey(keyFile, keys.current);
  try {
    await copy(config, target);
  } catch (error) {
    rmSync(keyFile, { force: true });
    throw explained(error, config);
  }
  say(
    `${target}  ${Math.ceil(statSync(target).size / 1024).toLocaleString('en')} KB, as the database was at one instant`,
  );
  say(`${keyFile}  the key that it is sealed with`);
  say('Keep the two apart: whoever has both reads names, addresses and digital goods; without the key nobody does.');
  if (keys.previous.length > 0)
    say('SECRET_KEY_PREVIOUS is set: keep those keys as well, some of it is sealed with them.');
  return 0;
});

function targetOf(args: readonly string[]): string {
  const [file, ...rest] = args;
  if (file !== undefined && file !== '' && rest.length === 0 && !file.startsWith('-')) return resolve(file);
  throw new StartFault('Name the file of the copy: npm run backup -- /somewhere/else/pasar.db');
}

/** A copy with a key that does not open it would be found out on the worst of days. */
async function refuseWrongKey(config: Config): Promise<void> {
  try {
    const store = await openStore(readingOptions(config, readKeys(config)));
    await store.close();
  } catch (error) {
    // A database that waits for its next version may be copied just the same.
    if (error instanceof Error && error.name === 'WrongKey') throw explained(error, config);
  }
}

function writeKey(file: string, key: string): void {
  const descriptor = openNew(file);
  try {
    writeSync(descriptor, `${key}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function openNew(file: string): number {
  try {
    return openSync(file, 'wx', PRIVATE);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new StartFault(`${file} cannot be written (${reason}): name a file in a folder that is there.`, error);
  }
}

async function copy(config: Config, target: string): Promise<void> {
  const file = sqliteFileOf(config);
  if (file === null) await dump(config.database, target);
  else backupSqlite(file, target);
  chmodSync(target, PRIVATE);
}

/** The password goes by the environment: arguments are shown to everybody on the machine. */
async function dump({ url }: DatabaseConfig, target: string): Promise<void> {
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  address.password = '';
  const partial = `${target}.partial`;
  const args = ['--format=custom', `--file=${partial}`, '--no-password', address.href];
  const child = spawn(PG_DUMP, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: password === '' ? process.env : { ...process.env, PGPASSWORD: password },
  });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new StartFault(`pg_dump did not finish (${code ?? 'killed'}): nothing was copied.`);
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
    throw new StartFault(
      'pg_dump is not on this machine: install the client of your PostgreSQL, or run this where it is:\n' +
        `  pg_dump --format=custom --file=${JSON.stringify(target)} '${address.href}'\n` +
        'and keep SECRET_KEY apart from the copy.',
      error,
    );
  }
}
