/** Shops' own accounts at payment channels, while they are opened and for as long as they are followed. */
import { type AnyDatabase, createTable, oneOf, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await createTable(db, 'account_openings', {
    columns: {
      shop_id: 'text references shops (id)',
      channel: 'text',
      account_ref: 'text',
      state: `text ${oneOf('state', 'pending', 'restricted', 'active')}`,
      wants: 'json',
      next_check_at: 'int?',
      checks: 'int check (checks >= 0)',
      created_at: 'int',
    },
    // An account is one shop's, as a merchant account is.
    rules: ['primary key (shop_id, channel)', 'unique (channel, account_ref)'],
    compact: true,
  });
  await run(
    db,
    'create index account_openings_due on account_openings (next_check_at) where next_check_at is not null',
  );
}
