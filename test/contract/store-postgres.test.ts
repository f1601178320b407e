import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import type { Store, Tx } from '../../src/ports/store.ts';
import { prepare } from '../../src/store/prepare.ts';
import { OutcomeUnknown } from '../../src/store/transact.ts';
import { runOf } from '../../src/store/vault-check.ts';
import { describeWith } from '../support/env.ts';
import { freshDatabase, type TestDatabase } from '../support/stores.ts';

const backend = prepare('test.backend', {}, () => sql<{ pid: number }>`select pg_backend_pid() as pid`);
const person = { name: 'Siti', locale: 'ms', currency: null, createdAt: 1 };
const insert = (tx: Tx) => tx.people.insertPerson({ id: 'p', ...person });
const found = (store: Store) => store.read((reads) => reads.people.person('p'));

/** Something goes wrong at the first insert of a person, or at its commit; a sequence remembers through rollbacks that it did. */
async function plant(database: TestDatabase, wrong: string, { atCommit = false } = {}): Promise<void> {
  await database.query('create sequence mishaps');
  await database.query(`create function mishap() returns trigger language plpgsql as $$
    begin if nextval('mishaps') = 1 then ${wrong}; end if; return new; end $$`);
  await database.query(
    atCommit
      ? 'create constraint trigger mishap after insert on people deferrable initially deferred for each row execute function mishap()'
      : 'create trigger mishap before insert on people for each row execute function mishap()',
  );
}

const TERMINATED = 'perform pg_terminate_backend(pg_backend_pid())';

describeWith('postgres', 'a unit of work on a server', () => {
  test.each([
    ['a serialization failure', "raise exception 'planted' using errcode = '40001'"],
    ['a deadlock', "raise exception 'planted' using errcode = '40P01'"],
    ['a terminated connection', TERMINATED],
  ])('runs again after %s', async (_, wrong) => {
    const database = freshDatabase('postgres');
    const store = await database.open();
    await plant(database, wrong);
    let runs = 0;
    const made = await store.transact({ key: 'k', input: null }, (tx) => {
      runs++;
      return insert(tx);
    });
    expect([made, runs]).toEqual([true, 2]);
    expect(await found(store)).toMatchObject(person);
  });

  test('after a loss during the commit asks by its key', async () => {
    const database = freshDatabase('postgres');
    const store = await database.open();
    await plant(database, TERMINATED, { atCommit: true });
    expect(await store.transact({ key: 'k', input: null }, insert)).toBe(true);
    expect(await found(store)).toMatchObject(person);
  });

  test('without a key, after a loss during the commit, says that the outcome is not known and does not run again', async () => {
    const database = freshDatabase('postgres');
    const store = await database.open();
    await plant(database, TERMINATED, { atCommit: true });
    let runs = 0;
    const work = store.transact(null, (tx) => {
      runs++;
      return insert(tx);
    });
    await expect(work).rejects.toThrow(OutcomeUnknown);
    expect(runs).toBe(1);
  });

  test('gives up after a bounded number of runs', async () => {
    const database = freshDatabase('postgres');
    const store = await database.open();
    await database.query(`create function never() returns trigger language plpgsql as $$
      begin raise exception 'planted' using errcode = '40001'; end $$`);
    await database.query('create trigger never before insert on people for each row execute function never()');
    let runs = 0;
    const work = store.transact(null, (tx) => {
      runs++;
      return insert(tx);
    });
    await expect(work).rejects.toThrow('planted');
    expect(runs).toBeGreaterThan(2);
    expect(runs).toBeLessThan(20);
  });

  test('that loses a real deadlock is run again and done', async () => {
    const database = freshDatabase('postgres');
    const store = await database.open();
    await store.transact(null, async (tx) => {
      await tx.people.insertPerson({ id: 'a', ...person });
      await tx.people.insertPerson({ id: 'b', ...person });
      return null;
    });
    const other = new Client({ connectionString: database.url, options: `-c search_path=${database.schema ?? ''}` });
    await other.connect();
    // The longer patience of the other makes the store's work the one that the server gives up.
    await other.query("set deadlock_timeout = '10s'");
    await other.query('begin');
    await other.query("update people set locale = 'zh-CN' where id = 'b'");
    let runs = 0;
    const work = store.transact({ key: 'k', input: null }, async (tx) => {
      runs++;
      await tx.people.updatePerson('a', { locale: 'en' });
      await tx.people.updatePerson('b', { locale: 'en' });
      return null;
    });
    await someoneWaits(other);
    await other.query("update people set locale = 'zh-CN' where id = 'a'");
    await other.query('commit');
    await other.end();
    await work;
    expect(runs).toBe(2);
    expect(await store.read((reads) => reads.people.people(['a', 'b']))).toMatchObject([
      { locale: 'en' },
      { locale: 'en' },
    ]);
  });

  test('a read goes on when the connections of the pool were terminated', async () => {
    const database = freshDatabase('postgres');
    const store = await database.open();
    await store.transact(null, insert);
    const ask = () => store.read(async (reads) => (await runOf(reads).first(backend, {}))?.pid ?? 0);
    const pids = new Set(await Promise.all([ask(), ask(), ask(), ask()]));
    for (const pid of pids) await database.query(`select pg_terminate_backend(${pid})`);
    expect(await found(store)).toMatchObject(person);
  });
});

async function someoneWaits(client: Client): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const { rows } = await client.query('select 1 from pg_locks where pg_backend_pid() = any(pg_blocking_pids(pid))');
    if (rows.length > 0) return;
    await sleep(10);
  }
  throw new Error('Nobody came to wait for the lock.');
}
