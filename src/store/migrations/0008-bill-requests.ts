/** Bills that a seller sends to a person, Telegram's public names to find that person by, and what a shop has still to hand over. */
import { type AnyDatabase, createTable, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await createTable(db, 'bill_requests', {
    columns: {
      order_id: 'text primary key references orders (id)',
      shop_id: 'text references shops (id)',
      buyer_id: 'text references people (id)',
      by_person_id: 'text references people (id)',
      created_at: 'int',
    },
    compact: true,
  });
  await run(db, 'create index bill_requests_shop on bill_requests (shop_id, buyer_id)');
  // A name may change hands: the newest bearer has it, and nobody has two.
  await createTable(db, 'platform_names', {
    columns: { platform: 'text', name_digest: 'text', person_id: 'text references people (id)' },
    rules: ['primary key (platform, name_digest)', 'unique (platform, person_id)'],
    compact: true,
  });
  await run(db, "create index orders_to_fulfil on orders (shop_id, id) where state = 'paid'");
}
