import { expect, test } from 'vitest';
import { attemptMachine, paymentMachine } from '../../src/domain/payment.ts';
import { disputeMachine } from '../../src/domain/dispute.ts';
import { holdMachine } from '../../src/domain/hold.ts';
import type { Machine } from '../../src/domain/machine.ts';
import { orderMachine } from '../../src/domain/order.ts';
import { outboxMessageMachine } from '../../src/domain/outbox-message.ts';
import { refundRequestMachine } from '../../src/domain/refund-request.ts';
import { refundMachine } from '../../src/domain/refund.ts';
import type { Columns, Dialect } from '../../src/store/columns.ts';
import { tables } from '../../src/store/schema.ts';
import { freshDatabase, onEachEngine, type TestDatabase } from '../support/stores.ts';

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const TYPES: Record<Dialect, Record<string, string>> = {
  sqlite: { text: 'TEXT', int: 'INTEGER', flag: 'INTEGER', json: 'TEXT', bytes: 'BLOB' },
  postgres: { text: 'text', int: 'bigint', flag: 'bigint', json: 'text', bytes: 'bytea' },
};

async function made(database: TestDatabase): Promise<Record<string, Record<string, string>>> {
  const text =
    database.kind === 'sqlite'
      ? `select m.name as "table", c.name as "column", c.type as "type", c."notnull" = 0 and c.pk = 0 as "nullable"
         from sqlite_schema m, pragma_table_info(m.name) c where m.type = 'table'`
      : `select table_name as "table", column_name as "column", data_type as "type", (is_nullable = 'YES')::int as "nullable"
         from information_schema.columns where table_schema = '${database.schema ?? ''}'`;
  const found: Record<string, Record<string, string>> = {};
  for (const { table, column, type, nullable } of await database.query(text)) {
    if (String(table).startsWith('kysely_')) continue;
    (found[String(table)] ??= {})[String(column)] = `${String(type)}${nullable === 1 ? ' or null' : ''}`;
  }
  return found;
}

const MACHINES: Record<string, Machine<string>> = {
  orders: orderMachine,
  payments: paymentMachine,
  attempts: attemptMachine,
  refunds: refundMachine,
  disputes: disputeMachine,
  refund_requests: refundRequestMachine,
  holds: holdMachine,
  outbox_messages: outboxMessageMachine,
};

onEachEngine('the migrations', (kind) => {
  test('make exactly the tables and columns that the queries know', async () => {
    const database = freshDatabase(kind);
    await (await database.open()).close();
    const known = Object.entries<Columns>(tables).map(([table, columns]) => [
      snake(table),
      Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [
          snake(name),
          `${TYPES[kind][column.kind] ?? ''}${column.nullable ? ' or null' : ''}`,
        ]),
      ),
    ]);
    expect(await made(database)).toEqual(Object.fromEntries(known));
  });

  test('let states move as the machines do', async () => {
    const database = freshDatabase(kind);
    await (await database.open()).close();
    for (const [table, machine] of Object.entries(MACHINES)) {
      const rows = await database.query(
        kind === 'sqlite'
          ? `select sql as body from sqlite_schema where type = 'trigger' and name = '${table}_moves'`
          : `select prosrc as body from pg_proc where proname = '${table}_moves' and pronamespace = '${database.schema ?? ''}'::regnamespace`,
      );
      const moves = [...String(rows[0]?.['body']).matchAll(/'([a-z_]+>[a-z_]+)'/g)].map((match) => match[1]);
      const expected = machine.states.flatMap((from) => (machine.transitions[from] ?? []).map((to) => `${from}>${to}`));
      expect(new Set(moves), table).toEqual(new Set(expected));
    }
  });
});
