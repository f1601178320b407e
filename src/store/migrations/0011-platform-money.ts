/** Whom a shop lets collect for it, and bills that others may pay. */
import { addColumn, type AnyDatabase, createTable } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await addColumn(db, 'shops', 'market_collects', 'flag?');
  await createTable(db, 'shared_bills', {
    columns: {
      order_id: 'text primary key references orders (id)',
      by_person_id: 'text references people (id)',
      at: 'int',
    },
    compact: true,
  });
}
