/** Communities, people and shops; and what the store needs for itself. */
import { type AnyDatabase, createTable, oneOf, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await house(db);
  await people(db);
  await shops(db);
}

async function house(db: AnyDatabase): Promise<void> {
  await createTable(db, 'vault_checks', { columns: { id: 'int primary key check (id = 1)', sealed_check: 'text' } });
  await createTable(db, 'probes', { columns: { id: 'int primary key check (id = 1)', beat: 'int' } });
  await run(db, 'insert into probes (id, beat) values (1, 0)');
  await createTable(db, 'commands', {
    columns: { key: 'text primary key', input_hash: 'text', result: 'text', created_at: 'int' },
    compact: true,
  });
}

async function people(db: AnyDatabase): Promise<void> {
  await createTable(db, 'communities', {
    columns: {
      id: 'text primary key',
      name: 'text',
      time_zone: 'text',
      currency: 'text',
      locale: 'text',
      test_money: 'flag',
      cash_confirm_limit: 'int check (cash_confirm_limit >= 0)',
      frozen: 'flag',
      created_at: 'int',
    },
  });
  await createTable(db, 'people', {
    columns: { id: 'text primary key', sealed_name: 'text', locale: 'text', currency: 'text?', created_at: 'int' },
  });
  await createTable(db, 'person_keys', {
    columns: { person_id: 'text primary key references people (id)', wrapped: 'text?', erased_at: 'int?' },
    // A key that was destroyed stays destroyed: the row is what says so.
    rules: ['check ((wrapped is null) = (erased_at is not null))'],
    compact: true,
  });
  await createTable(db, 'identities', {
    columns: { platform: 'text', user_digest: 'text', person_id: 'text references people (id)', created_at: 'int' },
    rules: ['primary key (platform, user_digest)'],
    compact: true,
  });
  await run(db, 'create index identities_person on identities (person_id)');
  await createTable(db, 'addresses', {
    columns: { person_id: 'text primary key references people (id)', sealed_address: 'text', updated_at: 'int' },
  });
  await createTable(db, 'memberships', {
    columns: {
      community_id: 'text references communities (id)',
      person_id: 'text references people (id)',
      role: `text ${oneOf('role', 'owner', 'admin', 'member')}`,
      created_at: 'int',
    },
    rules: ['primary key (community_id, person_id)'],
    compact: true,
  });
  await createTable(db, 'chats', {
    columns: {
      id: 'text primary key',
      community_id: 'text references communities (id)',
      platform: 'text',
      platform_chat_id: 'text',
      title: 'text',
    },
    rules: ['unique (platform, platform_chat_id)'],
  });
  await run(db, 'create index chats_community on chats (community_id)');
}

async function shops(db: AnyDatabase): Promise<void> {
  await createTable(db, 'shops', {
    columns: {
      id: 'text primary key',
      community_id: 'text references communities (id)',
      owner_id: 'text references people (id)',
      name: 'text',
      state: `text ${oneOf('state', 'applied', 'approved', 'frozen', 'rejected')}`,
      created_at: 'int',
    },
  });
  await run(db, 'create index shops_community on shops (community_id)');
  await createTable(db, 'shop_staff', {
    columns: {
      shop_id: 'text references shops (id)',
      person_id: 'text references people (id)',
      role: `text ${oneOf('role', 'seller', 'helper')}`,
      created_at: 'int',
    },
    rules: ['primary key (shop_id, person_id)'],
    compact: true,
  });
  await run(db, 'create index shop_staff_person on shop_staff (person_id)');
  await createTable(db, 'merchant_accounts', {
    columns: {
      id: 'text primary key',
      shop_id: 'text references shops (id)',
      channel: 'text',
      account_ref: 'text',
      created_at: 'int',
    },
    // Two shops' money never meets: an account at a channel belongs to one shop.
    rules: ['unique (shop_id, channel)', 'unique (channel, account_ref)'],
  });
}
