import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kysely } from 'kysely';
import { describe, expect, test } from 'vitest';
import { backupSqlite } from '../../src/store/backup.ts';
import { loadMigrations, migrate, migrationNames, type Migrations, SchemaTooNew } from '../../src/store/migrate.ts';
import { databaseOf, openStore } from '../../src/store/open.ts';
import { postgresDialect } from '../../src/store/postgres-dialect.ts';
import { openPool } from '../../src/store/postgres.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { sqliteDialect } from '../../src/store/sqlite-dialect.ts';
import { StoreLocked } from '../../src/store/sqlite-lock.ts';
import { WrongKey } from '../../src/store/vault-check.ts';
import { createVault } from '../../src/runtime/vault.ts';
import { silentLog, storeOptions } from '../support/store-options.ts';
import { freshDatabase, onEachEngine, temporaryFolder, type TestDatabase } from '../support/stores.ts';

const CHILD = fileURLToPath(new URL('../support/store-child.ts', import.meta.url));
const allMigrations = await loadMigrations();

function child(...args: string[]) {
  const made = spawn(process.execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { made, exit: once(made, 'exit') as Promise<[number | null, string | null]> };
}

const fileOf = (database: TestDatabase): string => {
  const address = databaseOf(database.url);
  return address.kind === 'sqlite' ? address.file : '';
};

/** Applies some migrations; answers how many statements that took. */
async function apply(database: TestDatabase, migrations: Migrations): Promise<number> {
  let statements = 0;
  const log = () => {
    statements++;
  };
  if (database.kind === 'sqlite') {
    const connection = openSqlite(fileOf(database), { readOnly: false });
    await migrate(new Kysely({ dialect: sqliteDialect(connection.raw), log }), migrations);
    connection.close();
    return statements;
  }
  const pool = openPool({ url: database.url, schema: database.schema, log: silentLog });
  await migrate(new Kysely({ dialect: postgresDialect(pool, database.schema), log }), migrations, database.schema);
  await pool.end();
  return statements;
}

const firstOnes = (count: number): Migrations => Object.fromEntries(Object.entries(allMigrations).slice(0, count));

const applied = async (database: TestDatabase): Promise<unknown[]> => {
  const rows = await database.query('select name from kysely_migration order by name');
  return rows.map((row) => row['name']);
};

onEachEngine('a journal of before disputes', (kind) => {
  test('is carried into the wider one with every posting, and stays append-only', async () => {
    const database = freshDatabase(kind);
    await apply(database, firstOnes(7));
    await database.query(`insert into communities (id, name, time_zone, currency, locale, test_money, cash_confirm_limit,
      frozen, created_at) values ('c', 'x', 'UTC', 'MYR', 'en', 1, 0, 0, 0)`);
    await database.query(`insert into people (id, sealed_name, locale, created_at) values ('p', 'x', 'en', 0)`);
    await database.query(`insert into shops (id, community_id, owner_id, name, state, created_at)
      values ('s', 'c', 'p', 'x', 'approved', 0)`);
    await database.query(`insert into orders (id, code, community_id, shop_id, buyer_id, state, currency, total, pay_token,
      version, created_at) values ('o', 'K', 'c', 's', 'p', 'draft', 'MYR', 0, 't', 1, 0)`);
    await database.query(`insert into journal_transactions (id, book, source_type, source_id, kind, order_id, currency, at)
      values ('j', 'b', 'capture', 'x', 'captured', 'o', 'MYR', 0)`);
    await database.query(`insert into postings (transaction_id, position, book, account, currency, amount)
      values ('j', 0, 'b', 'channel', 'MYR', 5), ('j', 1, 'b', 'sales', 'MYR', -5)`);
    await apply(database, allMigrations);
    expect(await database.query('select id, order_id from journal_transactions')).toEqual([{ id: 'j', order_id: 'o' }]);
    const amounts = await database.query('select amount from postings order by position');
    expect(amounts.map((row) => Number(row['amount']))).toEqual([5, -5]);
    const rejected = async (text: string) => {
      await expect((async () => database.query(text))()).rejects.toThrow();
    };
    await rejected(`delete from postings`);
    await rejected(`update journal_transactions set kind = 'x'`);
    await rejected(`insert into postings (transaction_id, position, book, account, currency, amount)
      values ('none', 0, 'b', 'channel', 'MYR', 5)`);
    await database.query(`insert into journal_transactions (id, book, source_type, source_id, kind, order_id, currency, at)
      values ('k', 'b', 'dispute', 'x', 'payout', null, 'MYR', 0)`);
  });
});

onEachEngine('migrations', (kind) => {
  test('killed in the middle of each, go on from where the last commit was', async () => {
    const names = Object.keys(allMigrations);
    for (const [at, name] of names.entries()) {
      const measured = freshDatabase(kind);
      if (at > 0) await apply(measured, firstOnes(at));
      const upToIt = await apply(measured, firstOnes(at + 1));
      const nothing = await apply(measured, firstOnes(at + 1));

      const database = freshDatabase(kind);
      if (at > 0) await apply(database, firstOnes(at));
      // Some of what is done without any comes after it: of a small one the later half would be too late.
      const middle = nothing + Math.floor((upToIt - nothing) / 2);
      const { exit } = child('migrate', database.url, database.schema ?? '', String(middle));
      expect(await exit, name).toEqual([null, 'SIGKILL']);
      // Nothing of the killed run is there: it was all or none.
      if (at > 0) expect(await applied(database), name).toEqual(names.slice(0, at));

      const store = await database.open();
      expect(await store.probe(), name).toBe(true);
      await store.close();
      expect(await applied(database), name).toEqual(names);
    }
  }, 120_000);

  test('that fail leave the database as it was, and say which one failed', async () => {
    const database = freshDatabase(kind);
    await apply(database, firstOnes(2));
    const broken = { ...firstOnes(3), '0004-broken': { up: () => Promise.reject(new Error('no such thing')) } };
    await expect(apply(database, broken)).rejects.toThrow('0004-broken');
    expect(await applied(database)).toEqual(Object.keys(firstOnes(2)));
  });

  test('of a newer version are refused, with what to do', async () => {
    const database = freshDatabase(kind);
    await (await database.open()).close();
    await database.query("insert into kysely_migration values ('9999-from-the-future', '2030-01-01T00:00:00Z')");
    await expect(database.open()).rejects.toThrow(SchemaTooNew);
    await expect(database.open()).rejects.toThrow('9999-from-the-future');
    await expect(database.open({ readOnly: true })).rejects.toThrow(SchemaTooNew);
  });

  test('that are missing are named to whoever opens for reading only', async () => {
    const database = freshDatabase(kind);
    await apply(database, firstOnes(5));
    await expect(database.open({ readOnly: true })).rejects.toThrow('0006-web');
  });

  test('a database sealed with another key is refused', async () => {
    const database = freshDatabase(kind);
    await (await database.open()).close();
    const other = createVault({ current: 'another root key, which is long enough too', previous: [] });
    await expect(database.open({ vault: other })).rejects.toThrow(WrongKey);
    expect(await (await database.open()).probe()).toBe(true);
  });
});

describe('the list of migrations', () => {
  test('is gapless, and every file of the folder is in it', () => {
    const files = readdirSync(new URL('../../src/store/migrations/', import.meta.url));
    expect(migrationNames(files)).toEqual(Object.keys(allMigrations));
  });

  test.each([
    ['a gap', ['0001-a.ts', '0003-c.ts']],
    ['a number twice', ['0001-a.ts', '0001-b.ts']],
    ['a file that is none', ['0001-a.ts', 'notes.md']],
    ['a wrong extension', ['0001-a.js']],
  ])('with %s is refused', (_, files) => {
    expect(() => migrationNames(files)).toThrow('is not migration');
  });
});

describe('a SQLite file', () => {
  test('with rows is copied before it is migrated', async () => {
    const database = freshDatabase('sqlite');
    await apply(database, firstOnes(3));
    expect(await (await database.open()).probe()).toBe(true);
    const copy = openSqlite(`${fileOf(database)}.before-0004-payments`, { readOnly: true });
    const names = copy.raw.prepare('select name from kysely_migration order by name').all();
    copy.close();
    expect(names).toEqual(Object.keys(firstOnes(3)).map((name) => [name]));
  });

  test('is written by one process: a second is refused, until the first is dead', async () => {
    const database = freshDatabase('sqlite');
    const { made, exit } = child('hold', database.url);
    await once(made.stdout, 'data');
    const second = openStore(storeOptions(database.url));
    await expect(second).rejects.toThrow(StoreLocked);
    await expect(second).rejects.toThrow(fileOf(database));
    const beside = await database.open({ readOnly: true });
    expect(await beside.read((reads) => reads.people.communities())).toEqual([]);
    made.kill('SIGKILL');
    await exit;
    expect(await (await database.open()).probe()).toBe(true);
  });

  test('that was opened for reading takes no write', async () => {
    const database = freshDatabase('sqlite');
    await (await database.open()).close();
    const store = await database.open({ readOnly: true });
    await expect(store.transact(null, () => Promise.resolve(1))).rejects.toThrow('reading only');
    expect(await store.probe()).toBe(false);
  });

  test('that is missing is not made by opening it for reading', async () => {
    const file = join(temporaryFolder(), 'none.db');
    await expect(openStore(storeOptions(`sqlite:${file}`, { readOnly: true }))).rejects.toThrow('no database');
    expect(existsSync(file)).toBe(false);
  });

  test('is copied whole while it is in use, and the copy opens', async () => {
    const database = freshDatabase('sqlite');
    const store = await database.open();
    const person = { name: 'Aisyah', locale: 'ms', currency: null, createdAt: 1 };
    await store.transact(null, (tx) => tx.people.insertPerson({ id: 'a', ...person }));
    const target = join(temporaryFolder(), 'copy.db');
    const writing = store.transact(null, (tx) => tx.people.insertPerson({ id: 'b', ...person }));
    backupSqlite(fileOf(database), target);
    await writing;
    const copy = await openStore(storeOptions(`sqlite:${target}`));
    expect(await copy.read((reads) => reads.people.person('a'))).toEqual({ id: 'a', ...person });
    expect(await copy.read((reads) => reads.people.person('b'))).toBeUndefined();
    expect(await copy.probe()).toBe(true);
    await copy.close();
  });

  test('is never copied over another file', async () => {
    const database = freshDatabase('sqlite');
    await (await database.open()).close();
    const target = join(temporaryFolder(), 'precious.db');
    writeFileSync(target, 'precious');
    expect(() => {
      backupSqlite(fileOf(database), target);
    }).toThrow('exists');
  });
});

test('a file that is no database is named', async () => {
  const file = join(temporaryFolder(), 'notes.db');
  writeFileSync(file, 'Dear diary, this is no database at all, however long it may become.'.repeat(100));
  await expect(openStore(storeOptions(`sqlite:${file}`))).rejects.toThrow('is no SQLite database');
});

test('a server that does not answer is named without its password', async () => {
  const opening = openStore(storeOptions('postgres://someone:secret@127.0.0.1:9/none'));
  await expect(opening).rejects.toThrow('does not answer at 127.0.0.1:9');
  await expect(opening).rejects.not.toThrow('secret');
});

test.each(['mysql://root@localhost/x', 'sqlite:', 'sqlite::memory:', 'pasar.db', ''])(
  'a database URL of neither kind (%s) is refused without being repeated',
  (url) => {
    expect(() => databaseOf(url)).toThrow('sqlite:<file> or postgres://');
  },
);
