import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { encode, flag, int, json, orNull, pick, text } from '../../src/store/columns.ts';
import { personVault } from '../../src/store/person-vault.ts';
import { changes, list, prepare, type Run } from '../../src/store/prepare.ts';
import { tables } from '../../src/store/schema.ts';
import { runOf } from '../../src/store/vault-check.ts';
import { testVault } from '../support/store-options.ts';
import { freshDatabase, onEachEngine } from '../support/stores.ts';

const insert = prepare('test.insert', tables.communities, (db, p) => db.insertInto('communities').values(p));
const byIds = prepare('test.byIds', { ids: list(text) }, (db, p) =>
  db.selectFrom('communities').selectAll().where('id', 'in', p.ids).orderBy('id'),
);
const patch = prepare(
  'test.patch',
  { id: text, set: changes(pick(tables.communities, 'name', 'frozen', 'cashConfirmLimit')) },
  (db, p) => db.updateTable('communities').set(p.set).where('id', '=', p.id),
);
const total = prepare('test.total', {}, (db) =>
  db.selectFrom('communities').select((eb) => eb.fn.sum<number>('cashConfirmLimit').as('total')),
);
const frozen = prepare('test.frozen', {}, (db) => db.selectFrom('communities').select('id').where('frozen', '=', true));

const rowOf = (id: string) => ({
  id,
  name: `Market "${id}" 夜市'; drop table communities; --`,
  timeZone: 'UTC',
  currency: 'EUR',
  locale: 'en',
  testMoney: true,
  cashConfirmLimit: 2 ** 40,
  frozen: false,
  createdAt: -5,
});

const write = <R extends null | number>(store: Store, work: (run: Run) => Promise<R>) =>
  store.transact(null, (tx) => work(runOf(tx)));
const read = <R>(store: Store, work: (run: Run) => Promise<R>) => store.read((reads) => work(runOf(reads)));

async function withRows(kind: 'sqlite' | 'postgres', count: number): Promise<Store> {
  const store = await freshDatabase(kind).open();
  await write(store, async (run) => {
    for (let at = 0; at < count; at++) await run.change(insert, rowOf(`c${at}`));
    return null;
  });
  return store;
}

onEachEngine('a prepared query', (kind) => {
  test('gives back what went in: text of any kind, flags, negative and large integers', async () => {
    const store = await withRows(kind, 1);
    expect(await read(store, (run) => run.all(byIds, { ids: ['c0'] }))).toEqual([rowOf('c0')]);
  });

  test('takes lists of any length, also an empty one', async () => {
    const store = await withRows(kind, 11);
    const found = async (ids: string[]) => (await read(store, (run) => run.all(byIds, { ids }))).map((row) => row.id);
    expect(await found([])).toEqual([]);
    expect(await found(['c3', 'c3', 'none'])).toEqual(['c3']);
    expect(await found(Array.from({ length: 11 }, (_, at) => `c${at}`))).toHaveLength(11);
    await expect(found(Array.from({ length: 1_025 }, String))).rejects.toThrow('1024 is the most');
  });

  test('changes the columns that it is given, and no others', async () => {
    const store = await withRows(kind, 2);
    const changed = await write(store, (run) =>
      run.change(patch, { id: 'c1', set: { frozen: true, cashConfirmLimit: 7 } }),
    );
    const missed = await write(store, (run) => run.change(patch, { id: 'none', set: { name: 'x' } }));
    expect([changed, missed]).toEqual([1, 0]);
    const [row] = await read(store, (run) => run.all(byIds, { ids: ['c1'] }));
    expect(row).toEqual({ ...rowOf('c1'), frozen: true, cashConfirmLimit: 7 });
    expect(await read(store, (run) => run.all(frozen, {}))).toEqual([{ id: 'c1' }]);
  });

  test('gives sums as numbers', async () => {
    const store = await withRows(kind, 3);
    expect(await read(store, (run) => run.first(total, {}))).toEqual({ total: 3 * 2 ** 40 });
  });
});

onEachEngine('a person’s key', (kind) => {
  const person = { id: 'p', name: 'Siti', locale: 'ms', currency: null, createdAt: 1 };

  test('opens what it sealed, for the purpose it was sealed for', async () => {
    const store = await freshDatabase(kind).open();
    const opened = await store.transact(null, async (tx) => {
      await tx.people.insertPerson(person);
      const vault = personVault(runOf(tx), testVault);
      const sealed = await vault.seal('p', 'question', 'Is it halal?');
      const wrong = await vault.open('p', 'address', sealed).catch(() => 'refused');
      return [sealed.includes('halal'), await vault.open('p', 'question', sealed), wrong];
    });
    expect(opened).toEqual([false, 'Is it halal?', 'refused']);
  });

  test('that was erased opens nothing and is never made again', async () => {
    const database = freshDatabase(kind);
    const store = await database.open();
    const sealed = await store.transact(null, async (tx) => {
      await tx.people.insertPerson(person);
      return personVault(runOf(tx), testVault).seal('p', 'note', 'secret');
    });
    const erased = await store.transact(null, async (tx) => {
      const vault = personVault(runOf(tx), testVault);
      return [await vault.erase('p', 9), await vault.erase('p', 10), await vault.open('p', 'note', sealed)];
    });
    expect(erased).toEqual([true, false, '']);
    const again = store.transact(null, (tx) => personVault(runOf(tx), testVault).seal('p', 'note', 'new'));
    await expect(again).rejects.toThrow('was erased');
    expect(await database.query('select wrapped, erased_at from person_keys')).toMatchObject([{ wrapped: null }]);
  });
});

describe('the check of parameters', () => {
  test.each([
    ['a fraction', int, 1.5],
    ['an unsafe integer', int, 2 ** 53],
    ['not a number', int, Number.NaN],
    ['an integer as text', int, '5'],
    ['a number as text', text, -1001234567890],
    ['nothing', text, undefined],
    ['null where none may be', text, null],
    ['nothing where null may be', orNull(text), undefined],
    ['an object as text', text, {}],
    ['a number as a flag', flag, 1],
    ['nothing as json', json(), undefined],
    ['a big integer', int, 5n],
    ['a date', int, new Date(0)],
  ])('refuses %s, and names the place but not the value', (_, column, value) => {
    expect(() => encode(column, value, 'orders.insert: total')).toThrow(
      /^orders\.insert: total was given \w+: give it/,
    );
  });

  test('makes zero of minus zero', () => {
    expect(Object.is(encode(int, -0, 'x'), 0)).toBe(true);
  });

  test('refuses a value that was written into a query instead of being a parameter', () => {
    const name = "x'; drop table people; --";
    const query = prepare('test.literal', {}, (db) => db.selectFrom('people').selectAll().where('id', '=', name));
    expect(() => query.statement('sqlite', {})).toThrow('make it a parameter');
  });

  test('refuses two queries of one name', () => {
    const make = () => prepare('test.twice', {}, () => sql`select 1`);
    make();
    expect(make).toThrow('test.twice');
  });
});
