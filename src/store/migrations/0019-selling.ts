/** What a shop is told every evening, the list of what is on sale in a chat, and cards that were posted again further down. */
import { type AnyDatabase, createTable, oneOf, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await createTable(db, 'shop_digests', {
    columns: {
      shop_id: 'text primary key references shops (id)',
      at_minute: 'int?',
      due_at: 'int?',
      told_at: 'int',
    },
    rules: ['check ((at_minute is null) = (due_at is null))', 'check (at_minute between 0 and 1439)'],
    compact: true,
  });
  await run(db, 'create index shop_digests_due on shop_digests (due_at) where due_at is not null');
  await createTable(db, 'chat_indexes', {
    columns: {
      chat_id: 'text primary key references chats (id)',
      state: `text ${oneOf('state', 'posting', 'live', 'unknown', 'removed')}`,
      message_ref: 'text?',
      created_at: 'int',
    },
    compact: true,
  });
  await createTable(db, 'card_reposts', {
    columns: {
      listing_id: 'text primary key references listings (id)',
      times: 'int check (times > 0)',
      old_ref: 'text?',
      at: 'int',
    },
    compact: true,
  });
  await run(db, 'create index orders_paid on orders (shop_id, paid_at) where paid_at is not null');
}
