/** Products, their variants and prices, pictures and cards, questions and reports. */
import { type AnyDatabase, createTable, oneOf, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await products(db);
  await variants(db);
  await cards(db);
  await words(db);
}

async function products(db: AnyDatabase): Promise<void> {
  await createTable(db, 'images', {
    columns: {
      digest: 'text primary key',
      mime: 'text',
      width: 'int check (width > 0)',
      height: 'int check (height > 0)',
      bytes: 'bytes',
      created_at: 'int',
    },
  });
  await createTable(db, 'products', {
    columns: {
      id: 'text primary key',
      community_id: 'text references communities (id)',
      shop_id: 'text references shops (id)',
      kind: `text ${oneOf('kind', 'physical', 'digital', 'service')}`,
      title: 'text',
      description: 'text',
      image_digest: 'text? references images (digest)',
      image_alt: 'text',
      options: 'json',
      hold_policy: 'json',
      limit_per_person: 'int? check (limit_per_person > 0)',
      delivery: 'json?',
      digital: `text? ${oneOf('digital', 'text', 'codes')}`,
      sealed_digital_text: 'text?',
      service_note: 'text',
      state: `text ${oneOf('state', 'on_sale', 'paused', 'frozen', 'withdrawn')}`,
      version: 'int',
      created_at: 'int',
    },
  });
  await run(db, 'create index products_community on products (community_id, id)');
  await run(db, 'create index products_shop on products (shop_id, id)');
}

async function variants(db: AnyDatabase): Promise<void> {
  await createTable(db, 'variants', {
    columns: {
      id: 'text primary key',
      product_id: 'text references products (id)',
      position: 'int',
      choices: 'json',
      on_hand: 'int? check (on_hand >= 0)',
      held: 'int check (held >= 0)',
      sold: 'int check (sold >= 0)',
    },
    rules: ['unique (product_id, position)', 'check (on_hand is null or held <= on_hand)'],
  });
  await createTable(db, 'prices', {
    columns: { variant_id: 'text references variants (id)', currency: 'text', amount: 'int check (amount >= 0)' },
    rules: ['primary key (variant_id, currency)'],
    compact: true,
  });
}

async function cards(db: AnyDatabase): Promise<void> {
  await createTable(db, 'listings', {
    columns: {
      id: 'text primary key',
      product_id: 'text references products (id)',
      chat_id: 'text references chats (id)',
      state: `text ${oneOf('state', 'posting', 'live', 'unknown', 'removed')}`,
      message_ref: 'text?',
      created_at: 'int',
    },
    rules: ['unique (product_id, chat_id)'],
  });
}

async function words(db: AnyDatabase): Promise<void> {
  await createTable(db, 'questions', {
    columns: {
      id: 'text primary key',
      product_id: 'text references products (id)',
      asker_id: 'text references people (id)',
      sealed_text: 'text',
      sealed_answer: 'text?',
      asked_at: 'int',
      answered_at: 'int?',
    },
    rules: ['check ((sealed_answer is null) = (answered_at is null))'],
  });
  await run(db, 'create index questions_product on questions (product_id, id)');
  await createTable(db, 'reports', {
    columns: {
      id: 'text primary key',
      product_id: 'text references products (id)',
      reporter_id: 'text references people (id)',
      sealed_reason: 'text',
      at: 'int',
      resolved_at: 'int?',
    },
  });
  await run(db, 'create unique index reports_open on reports (product_id, reporter_id) where resolved_at is null');
}
