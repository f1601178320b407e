import { expect, test } from 'vitest';
import { freshDatabase, onEachEngine, type TestDatabase } from '../support/stores.ts';

/** A row of each append-only table, and what it stands on. */
const ROWS = `
  insert into communities values ('c', 'Market', 'UTC', 'EUR', 'en', 0, 0, 0, 1);
  insert into people values ('p', 'sealed', 'en', null, 1);
  insert into shops (id, community_id, owner_id, name, state, created_at) values ('s', 'c', 'p', 'Stall', 'approved', 1);
  insert into merchant_accounts (id, shop_id, channel, account_ref, created_at) values ('m', 's', 'cash', 's', 1);
  insert into products (id, community_id, shop_id, kind, title, description, image_alt, options, hold_policy, service_note, state, version, created_at)
    values ('pr', 'c', 's', 'physical', 'Jam', '', '', '[]', '{}', '', 'on_sale', 1, 1);
  insert into variants values ('v', 'pr', 0, '[]', 5, 0, 0);
  insert into orders (id, code, community_id, shop_id, buyer_id, state, currency, total, pay_token, version, created_at)
    values ('o', 'K7', 'c', 's', 'p', 'draft', 'EUR', 500, 't', 1, 1);
  insert into payments values ('pa', 'o', 500, 'EUR', 'open', 1);
  insert into stock_moves (seq, variant_id, delta, reason, at) values (1, 'v', 5, 'initial', 1);
  insert into timeline_entries values ('t', 'o', 1, 'placed', 'everybody', '{}');
  insert into payment_exceptions values ('pa', 'paid_late');
  insert into journal_transactions values ('j', 'm', 'capture', 'x', 'captured', 'o', 'EUR', 1);
  insert into postings values ('j', 0, 'm', 'channel', 'EUR', 500);
  insert into inbox_events values ('e', 'sandbox', 'm', 'evt', 'obj', 'paid', 'd', 1);
  insert into audit_entries values ('a', 1, 'c', 'p', 'shop.approve', 's', '{}')`;

/** Each with its primary key and a column that somebody might like to change. */
const TABLES: [table: string, key: string, column: string][] = [
  ['stock_moves', 'seq', 'delta'],
  ['timeline_entries', 'id', 'at'],
  ['payment_exceptions', 'payment_id, exception', 'payment_id'],
  ['journal_transactions', 'id', 'at'],
  ['postings', 'transaction_id, position', 'amount'],
  ['inbox_events', 'id', 'received_at'],
  ['audit_entries', 'id', 'at'],
];

async function filled(database: TestDatabase): Promise<TestDatabase> {
  const store = await database.open();
  await store.close();
  for (const statement of ROWS.split(';')) await database.query(statement);
  return database;
}

onEachEngine('append-only tables', (kind) => {
  test('refuse update, delete, upsert, replace and truncate, and keep their rows', async () => {
    const database = await filled(freshDatabase(kind));
    for (const [table, key, column] of TABLES) {
      const before = await database.query(`select * from ${table}`);
      const copy = `insert into ${table} select * from ${table} where true`;
      const attacks = [
        `update ${table} set ${column} = ${column}`,
        `delete from ${table}`,
        `${copy} on conflict (${key}) do update set ${column} = excluded.${column}`,
        ...(kind === 'sqlite'
          ? [`replace into ${table} select * from ${table}`, `update or replace ${table} set ${column} = ${column}`]
          : [`truncate ${table} cascade`]),
      ];
      for (const attack of attacks) {
        await expect(database.query(attack), attack).rejects.toThrow(`${table} is append-only`);
      }
      expect(await database.query(`select * from ${table}`), table).toEqual(before);
      expect(before, table).toHaveLength(1);
    }
  });

  test('take what is new, and leave alone what they have', async () => {
    const database = await filled(freshDatabase(kind));
    await database.query("insert into audit_entries values ('b', 2, 'c', null, 'shop.approve', 's', '{}')");
    await database.query(
      "insert into inbox_events values ('e2', 'sandbox', 'm', 'evt', 'obj', 'paid', 'd', 2) on conflict do nothing",
    );
    expect(await database.query('select id from audit_entries')).toHaveLength(2);
    expect(await database.query('select id from inbox_events')).toMatchObject([{ id: 'e' }]);
  });
});

onEachEngine('the database itself', (kind) => {
  test.each([
    ['more stock held than there is', 'update variants set held = 6'],
    ['stock below nothing', 'update variants set on_hand = -1'],
    ['a move that the order machine lacks', "update orders set state = 'fulfilled'"],
    ['a bill in a state that needs a quote, without one', "update orders set state = 'pending_payment'"],
    ['another total once a payment exists', 'update orders set total = 400'],
    ['another amount of a payment', 'update payments set amount = 400'],
    ['a second payment of an order', "insert into payments values ('pb', 'o', 500, 'EUR', 'open', 1)"],
    ['a posting of nothing', "insert into postings values ('j', 1, 'm', 'sales', 'EUR', 0)"],
    ['an account that is on no list', "insert into account_balances values ('m', 'customer_wallet', 'EUR', 5)"],
    ['a second basket at a shop', basket('o2')],
    [
      'an account of two shops at a channel',
      "insert into merchant_accounts (id, shop_id, channel, account_ref, created_at) values ('m2', 's', 'cash', 'other', 1)",
    ],
    ['a word where an integer belongs', "update variants set sold = 'many'"],
    [
      'a row that points nowhere',
      "insert into shops (id, community_id, owner_id, name, state, created_at) values ('s2', 'nowhere', 'p', 'Stall', 'approved', 1)",
    ],
    ['the same event twice', "insert into inbox_events values ('e2', 'sandbox', 'm', 'evt', 'obj', 'paid', 'd', 2)"],
  ])('refuses %s', async (_, statement) => {
    const database = await filled(freshDatabase(kind));
    await expect(database.query(statement)).rejects.toThrow();
  });
});

function basket(id: string): string {
  return `insert into orders (id, code, community_id, shop_id, buyer_id, state, currency, total, pay_token, version, created_at)
    values ('${id}', '${id}', 'c', 's', 'p', 'draft', 'EUR', 0, '${id}', 1, 1)`;
}
