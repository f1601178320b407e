/** What could not be put where it lasts: news for people whose private chat is closed, and cards that say so. */
import { type AnyDatabase, createTable, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await createTable(db, 'kept_news', {
    columns: { platform: 'text', person_id: 'text references people (id)', key: 'text', message: 'text', at: 'int' },
    rules: ['primary key (platform, person_id, key)'],
    compact: true,
  });
  await createTable(db, 'claims', {
    columns: {
      platform: 'text',
      product_id: 'text references products (id)',
      order_id: 'text references orders (id)',
      person_id: 'text references people (id)',
    },
    rules: ['primary key (platform, product_id, order_id)'],
    compact: true,
  });
  await run(db, 'create index claims_person on claims (person_id)');
}
