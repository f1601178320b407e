import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openMarket } from '../../src/market.ts';
import { createLog } from '../../src/runtime/log.ts';
import { addressOf, describeWith } from '../support/env.ts';
import { temporaryFolder } from '../support/stores.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SECRET = 'a secret key of the command line tests, 0123456789';

type Env = Readonly<Record<string, string>>;
type Ran = { readonly code: number; readonly out: string };

/** As npm runs it, with nothing of this process's settings. */
function run(name: string, env: Env, ...args: string[]): Promise<Ran> {
  const file = join(root, 'src/cli', `${name}.ts`);
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'tools/run.js'), file, ...args],
      { env: { PATH, ...env }, cwd: root },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out: stdout + stderr });
      },
    );
  });
}

/** Ports that are free now; a market of a test takes any. */
const settings = (folder: string, changes: Env = {}): Env => ({
  ...{ DATABASE_URL: `sqlite:${join(folder, 'pasar.db')}`, PORT: '0', SANDBOX_PORT: '0' },
  ...changes,
});

async function openedMarket(env: Env) {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.faults.join('\n'));
  const market = await openMarket(read.config, createLog({ level: 'silent' }), { timers: false });
  onTestFinished(() => market.stop());
  return market;
}

/** A demo that was opened once and closed again. */
async function usedDemo(changes: Env = {}): Promise<{ env: Env; file: string }> {
  const folder = temporaryFolder();
  const env = settings(folder, changes);
  await (await openedMarket(env)).stop();
  return { env, file: join(folder, 'pasar.db') };
}

const levelOf = (out: string, what: string): string | undefined =>
  out
    .split('\n')
    .find((line) => line.slice(6).startsWith(`${what} `))
    ?.slice(0, 5)
    .trim();

describe('doctor', () => {
  test('finds nothing in the way of a first start, and makes nothing', async () => {
    const folder = temporaryFolder();
    const { code, out } = await run('doctor', settings(join(folder, 'data')));
    expect(code).toBe(0);
    expect(out).toContain('will be made at the first start');
    expect(out).not.toMatch(/^fail/m);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  test('names every wrong setting at once', async () => {
    const env = settings(temporaryFolder(), { PORT: 'many', DEFAULT_CURRENCY: 'SHELLS', LOG_LEVEL: 'loud' });
    const { code, out } = await run('doctor', env);
    expect(code).toBe(1);
    for (const name of ['PORT', 'DEFAULT_CURRENCY', 'LOG_LEVEL'])
      expect(out).toMatch(new RegExp(`fail +settings +${name}`));
  });

  test('says who reads the figures, and that a proxy needs a token for it', async () => {
    const folder = temporaryFolder();
    expect(levelOf((await run('doctor', settings(folder))).out, 'METRICS')).toBe('ok');
    const { code, out } = await run('doctor', settings(folder, { TRUST_PROXY: '1' }));
    expect(code).toBe(0);
    expect(levelOf(out, 'METRICS')).toBe('warn');
    expect(out).toContain('Set METRICS_TOKEN');
    const told = await run('doctor', settings(folder, { TRUST_PROXY: '1', METRICS_TOKEN: 'm'.repeat(40) }));
    expect(levelOf(told.out, 'METRICS')).toBe('ok');
  });

  test('sees a running market by its lock and by its port', async () => {
    const env = settings(temporaryFolder());
    const market = await openedMarket(env);
    const { code, out } = await run('doctor', { ...env, PORT: new URL(market.url).port });
    expect(out).toContain('is running on this database');
    expect(out).toMatch(/ok +PORT +Pasar is running on/);
    expect(code).toBe(0);
  });

  test('says when another program has the port', async () => {
    const server = createServer((socket) => socket.end('220 mail\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const { code, out } = await run('doctor', settings(temporaryFolder(), { PORT: port }));
    expect(code).toBe(1);
    expect(out).toContain(`127.0.0.1:${port} is taken by another program`);
    expect(out).toContain('set PORT to another port');
  });

  test('warns of a key file that others can read, and refuses one that is missing or another', async () => {
    const { env, file } = await usedDemo();
    chmodSync(`${file}.key`, 0o644);
    const open = await run('doctor', env);
    expect(open.code).toBe(0);
    expect(levelOf(open.out, 'key file')).toBe('warn');
    expect(open.out).toContain(`chmod 600 ${file}.key`);

    writeFileSync(`${file}.key`, `${SECRET}\n`);
    const other = await run('doctor', env);
    expect(other.code).toBe(1);
    expect(other.out).toContain('sealed with another key');
    expect(other.out).not.toContain(SECRET);

    rmSync(`${file}.key`);
    const missing = await run('doctor', env);
    expect(missing.code).toBe(1);
    expect(missing.out).toContain(`${file}.key is missing`);
  });

  test('notices a clock that has gone back', async () => {
    const { env, file } = await usedDemo();
    const tomorrow = Date.now() / 1000 + 86_400;
    utimesSync(file, tomorrow, tomorrow);
    const { code, out } = await run('doctor', env);
    expect(code).toBe(1);
    expect(levelOf(out, 'clock')).toBe('fail');
  });

  test('takes a Redis that is away for a warning: no money hangs on it', async () => {
    const env = settings(temporaryFolder(), { REDIS_URL: 'redis://:hush@127.0.0.1:1' });
    const { code, out } = await run('doctor', env);
    expect(levelOf(out, 'Redis')).toBe('warn');
    expect(out).not.toContain('hush');
    expect(code).toBe(0);
  });

  test('says why a PostgreSQL does not answer, without its password', async () => {
    const env = { DATABASE_URL: 'postgres://pasar:hush@127.0.0.1:1/pasar', SECRET_KEY: SECRET, PORT: '0' };
    const { code, out } = await run('doctor', { ...env, SANDBOX_PORT: '0' });
    expect(code).toBe(1);
    expect(levelOf(out, 'database')).toBe('fail');
    expect(out).toContain('ECONNREFUSED');
    expect(out).not.toContain('hush');
  });
});

describe('verify', () => {
  test('names every check with its figure beside a running market', async () => {
    const env = settings(temporaryFolder());
    await openedMarket(env);
    const { code, out } = await run('verify', env);
    expect(code).toBe(0);
    expect(out).toMatch(/^ok +L1 +\d+ /m);
    expect(out).toMatch(/^ok +S2 +\d+ /m);
    expect(out).toMatch(/All \d+ checks hold\./);
  });

  test('exits with 1 and names what is broken', async () => {
    const { env, file } = await usedDemo();
    const database = new DatabaseSync(file);
    const changed = database.prepare('update variants set on_hand = on_hand + 5 where on_hand is not null').run();
    database.close();
    expect(changed.changes).toBeGreaterThan(0);
    const { code, out } = await run('verify', env);
    expect(code).toBe(1);
    expect(out).toMatch(/^BROKEN +S2 /m);
    expect(out).toContain('report it');
  });

  test('says that there is no database, and makes none', async () => {
    const folder = temporaryFolder();
    const { code, out } = await run('verify', settings(folder));
    expect(code).toBe(1);
    expect(out).toContain(`There is no database at ${join(folder, 'pasar.db')}`);
    expect(existsSync(join(folder, 'pasar.db'))).toBe(false);
  });
});

describe('backup', () => {
  test('copies a running market, and a market starts on the copy', async () => {
    const env = settings(temporaryFolder());
    const market = await openedMarket(env);
    const copy = join(temporaryFolder(), 'copy.db');
    const { code, out } = await run('backup', env, copy);
    expect(out).toContain('Keep the two apart');
    expect(code).toBe(0);
    for (const file of [copy, `${copy}.key`]) expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect(out).not.toContain(readFileSync(`${copy}.key`, 'utf8').trim());

    const restored = await openedMarket({ ...env, DATABASE_URL: `sqlite:${copy}` });
    expect(restored.communityId).toBe(market.communityId);
    const names = await restored.store.read(async (reads) => {
      const members = await reads.people.members(restored.communityId, 100);
      return (await reads.people.people(members.map(({ personId }) => personId))).map(({ name }) => name);
    });
    expect(names).toContain('Aisha');
  });

  test('writes the key of the environment beside the copy', async () => {
    const { env } = await usedDemo({ SECRET_KEY: SECRET });
    const copy = join(temporaryFolder(), 'copy.db');
    expect((await run('backup', env, copy)).code).toBe(0);
    expect(readFileSync(`${copy}.key`, 'utf8').trim()).toBe(SECRET);
  });

  test('overwrites nothing', async () => {
    const { env } = await usedDemo();
    for (const name of ['copy.db', 'copy.db.key']) {
      const folder = temporaryFolder();
      writeFileSync(join(folder, name), 'mine');
      const { code, out } = await run('backup', env, join(folder, 'copy.db'));
      expect(code).toBe(1);
      expect(out).toContain(`${join(folder, name)} exists`);
      expect(readFileSync(join(folder, name), 'utf8')).toBe('mine');
    }
  });

  test('refuses to back up with a key that opens nothing', async () => {
    const { env } = await usedDemo();
    const copy = join(temporaryFolder(), 'copy.db');
    const { code, out } = await run('backup', { ...env, SECRET_KEY: SECRET }, copy);
    expect(code).toBe(1);
    expect(out).toContain('sealed with another key');
    expect(existsSync(copy) || existsSync(`${copy}.key`)).toBe(false);
  });

  test('leaves nothing behind when the place cannot be written', async () => {
    const { env } = await usedDemo();
    const { code, out } = await run('backup', env, join(temporaryFolder(), 'no', 'such', 'copy.db'));
    expect(code).toBe(1);
    expect(out).toContain('copy.db');
    expect(out).not.toMatch(/^\s+at /m);
    expect(out).toContain('name a file in a folder that is there');
  });
});

describe('demo:reset', () => {
  test('asks first, then throws the demo away, and the next start is a fresh one', async () => {
    const { env, file } = await usedDemo();
    const before = await openedMarket(env);
    const old = before.communityId;
    await before.stop();
    const asked = await run('demo-reset', env);
    expect(asked.code).toBe(1);
    expect(asked.out).toContain('-- --yes');
    expect(existsSync(file)).toBe(true);

    const { code, out } = await run('demo-reset', env, '--yes');
    expect(code).toBe(0);
    expect(out).toContain(join(dirname(file), 'sandbox.db'));
    for (const gone of [file, `${file}-wal`, `${file}.key`, `${file}.lock`, join(dirname(file), 'sandbox.db')]) {
      expect(existsSync(gone)).toBe(false);
    }
    expect((await openedMarket(env)).communityId).not.toBe(old);
  });

  test('does not touch a demo that is running', async () => {
    const folder = temporaryFolder();
    const env = settings(folder);
    await openedMarket(env);
    const { code, out } = await run('demo-reset', env, '--yes');
    expect(code).toBe(1);
    expect(out).toContain('is running');
    expect(existsSync(join(folder, 'pasar.db'))).toBe(true);
  });

  test('never deletes a real market, whatever DEMO says now', async () => {
    const { env, file } = await usedDemo({ DEMO: 'off' });
    for (const demo of ['off', 'on']) {
      const { code, out } = await run('demo-reset', { ...env, DEMO: demo }, '--yes');
      expect(code).toBe(1);
      expect(out).toContain('nothing was deleted');
    }
    expect(existsSync(file)).toBe(true);
    expect(existsSync(`${file}.key`)).toBe(true);
  });

  test('never deletes a file that is not ours', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'pasar.db');
    const other = new DatabaseSync(file);
    other.exec('create table diary (entry text)');
    other.close();
    const { code, out } = await run('demo-reset', settings(folder), '--yes');
    expect(code).toBe(1);
    expect(out).toContain('no database of Pasar');
    expect(existsSync(file)).toBe(true);
  });
});

describeWith('postgres', 'the commands on PostgreSQL', () => {
  const admin = async (text: string): Promise<void> => {
    const client = new Client({ connectionString: addressOf('postgres') });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };
  const freshName = () => `pasar_cli_${randomBytes(5).toString('hex')}`;
  const freshSchema = async (): Promise<string> => {
    const name = freshName();
    await admin(`create schema ${name}`);
    onTestFinished(() => admin(`drop schema ${name} cascade`));
    const url = new URL(addressOf('postgres'));
    url.searchParams.set('options', `-c search_path=${name}`);
    return url.href;
  };
  /** pg_dump copies a whole database, and other suites are at work in the usual one. */
  const freshServerDatabase = async (): Promise<string> => {
    const name = freshName();
    await admin(`create database ${name}`);
    onTestFinished(() => admin(`drop database if exists ${name} with (force)`), 90_000);
    const url = new URL(addressOf('postgres'));
    url.pathname = `/${name}`;
    return url.href;
  };
  const onServer = (url: string): Env => ({ DATABASE_URL: url, SECRET_KEY: SECRET, PORT: '0', SANDBOX: 'off' });

  test('doctor compares the clocks and finds an empty database, then a full one', async () => {
    const env = onServer(await freshSchema());
    const empty = await run('doctor', env);
    expect(empty.out).toContain('is empty');
    expect(levelOf(empty.out, 'clock')).toBe('ok');
    await (await openedMarket(env)).stop();
    const full = await run('doctor', env);
    expect(full.code).toBe(0);
    expect(full.out).toMatch(/ok +database .* has all \d+ migrations/);
    expect((await run('verify', env)).code).toBe(0);
  });

  // Dropping a database waits for a checkpoint of the whole server.
  test('backup runs pg_dump, and prints its command where there is none', { timeout: 90_000 }, async () => {
    const url = await freshServerDatabase();
    const withPassword = new URL(url);
    withPassword.password = 'hush';
    const env = onServer(withPassword.href);
    await (await openedMarket(env)).stop();
    const copy = join(temporaryFolder(), 'copy.dump');
    const without = await run('backup', { ...env, PATH: dirname(process.execPath) }, copy);
    expect(without.code).toBe(1);
    expect(without.out).toContain('pg_dump --format=custom');
    expect(without.out).not.toContain('hush');
    expect(existsSync(`${copy}.key`)).toBe(false);

    const { code, out } = await run('backup', env, copy);
    const able = !/is not on this machine|server version/.test(out);
    expect(code).toBe(able ? 0 : 1);
    expect(existsSync(copy)).toBe(able);
    expect(existsSync(`${copy}.key`)).toBe(able);
    if (!able) return;
    expect(out).toContain('Keep the two apart');
    expect(readFileSync(copy).subarray(0, 5).toString('latin1')).toBe('PGDMP');
    expect(readFileSync(`${copy}.key`, 'utf8').trim()).toBe(SECRET);
  });
});

describe('reconcile', () => {
  test('compares a day of every account and says what waits; a running market keeps its database', async () => {
    const { env } = await usedDemo();
    const today = new Date().toISOString().slice(0, 10);
    const clean = await run('reconcile', env, '--channel', 'sandbox', '--day', today);
    expect(clean.out).toMatch(new RegExp(`sandbox ${today} \\(UTC\\): \\d+ accounts, 0 differences wait`));
    expect(clean.code).toBe(0);
    expect(await run('reconcile', env, '--channel', 'cash', '--day', today)).toMatchObject({
      code: 1,
      out: expect.stringContaining('cash has no statement here. These have: sandbox') as string,
    });
    expect(await run('reconcile', env, '--day', '2026-02-31')).toMatchObject({
      code: 1,
      out: expect.stringContaining('Name a channel and a day') as string,
    });
    const market = await openedMarket(env);
    expect((await run('reconcile', env, '--channel', 'sandbox', '--day', today)).code).toBe(1);
    await market.stop();
  });
});

describe('inbox and settlement', () => {
  test('list what waits and print a shop as CSV, beside a market or without one', async () => {
    const { env } = await usedDemo();
    expect(await run('inbox', env, 'list')).toMatchObject({ code: 0, out: 'Nothing waits.\n' });
    expect(await run('inbox', env, 'show', 'none')).toMatchObject({ code: 1 });
    expect(await run('inbox', env, 'replay', 'none')).toMatchObject({ code: 1 });
    expect(await run('inbox', env, 'burn')).toMatchObject({ code: 1 });
    const market = await openedMarket(env);
    const [shop] = await market.store.read((reads) => reads.people.shops(market.communityId));
    const csv = await run('settlement', env, '--shop', shop?.id ?? '');
    expect(csv).toMatchObject({ code: 0, out: expect.stringMatching(/^day_utc,channel,/) as string });
    expect(await run('settlement', env, '--shop', 'none')).toMatchObject({ code: 1 });
    await market.stop();
  });
});
