/** Chat platforms of others: how people are reached there, where panels stand, what came in and is not worked on yet. */
import { type AnyDatabase, createTable, oneOf, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await createTable(db, 'platform_addresses', {
    columns: {
      person_id: 'text references people (id)',
      platform: 'text',
      sealed_user_id: 'text',
      open: 'flag',
    },
    rules: ['primary key (person_id, platform)'],
    compact: true,
  });
  await createTable(db, 'panel_refs', {
    columns: { platform: 'text', person_id: 'text references people (id)', key: 'text', ref: 'text', at: 'int' },
    rules: ['primary key (platform, person_id, key)'],
    compact: true,
  });
  await createTable(db, 'platform_drafts', {
    columns: {
      platform: 'text',
      person_id: 'text references people (id)',
      sealed_state: 'text',
      updated_at: 'int',
    },
    rules: ['primary key (platform, person_id)'],
  });
  await createTable(db, 'platform_updates', {
    columns: {
      platform: 'text',
      account: 'text',
      update_id: 'int',
      sealed_payload: 'text?',
      state: `text ${oneOf('state', 'pending', 'done', 'dead')}`,
      tries: 'int',
      received_at: 'int',
    },
    // What is done is known by its number alone.
    rules: ['primary key (platform, account, update_id)', "check ((state = 'pending') = (sealed_payload is not null))"],
  });
  await run(
    db,
    "create index platform_updates_pending on platform_updates (platform, account, update_id) where state = 'pending'",
  );
  await run(db, 'create index platform_updates_received on platform_updates (received_at)');
  await createTable(db, 'community_visits', {
    columns: {
      person_id: 'text references people (id)',
      community_id: 'text references communities (id)',
      at: 'int',
    },
    rules: ['primary key (person_id, community_id)'],
    compact: true,
  });
  await createTable(db, 'chat_places', {
    columns: { chat_id: 'text primary key references chats (id)', present: 'flag', rights: 'text', updated_at: 'int' },
    compact: true,
  });
}
