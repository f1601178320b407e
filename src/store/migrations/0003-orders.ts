/** Orders, what they hold and hand over, and the moves of stock that they cause. */
import { type AnyDatabase, appendOnly, createMoves, createTable, oneOf, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await orders(db);
  await lines(db);
  await deliveries(db);
  await stock(db);
  await codes(db);
}

async function orders(db: AnyDatabase): Promise<void> {
  await createTable(db, 'orders', {
    columns: {
      id: 'text primary key',
      code: 'text',
      community_id: 'text references communities (id)',
      shop_id: 'text references shops (id)',
      buyer_id: 'text references people (id)',
      state: `text ${oneOf('state', 'draft', 'pending_payment', 'paid', 'fulfilled', 'expired', 'closed', 'cancelled')}`,
      currency: 'text',
      total: 'int check (total >= 0)',
      quote: 'json?',
      quote_hash: 'text?',
      delivery_method: `text? ${oneOf('delivery_method', 'pickup', 'ship', 'none')}`,
      listing_id: 'text? references listings (id)',
      pay_token: 'text unique',
      expires_at: 'int?',
      version: 'int',
      created_at: 'int',
      placed_at: 'int?',
      paid_at: 'int?',
      fulfilled_at: 'int?',
      closed_at: 'int?',
    },
    rules: ['unique (community_id, code)', "check (state in ('draft', 'cancelled') or quote is not null)"],
  });
  await run(
    db,
    "create unique index orders_basket on orders (buyer_id, shop_id) where state = 'draft' and listing_id is null",
  );
  await run(db, 'create index orders_buyer on orders (buyer_id, id)');
  await run(db, 'create index orders_shop on orders (shop_id, id)');
  await run(db, "create index orders_due on orders (expires_at) where state = 'pending_payment'");
  await run(db, "create index orders_closable on orders (fulfilled_at) where state = 'fulfilled'");
  await createMoves(db, 'orders', {
    draft: 'pending_payment cancelled',
    pending_payment: 'paid expired cancelled',
    expired: 'paid',
    paid: 'fulfilled closed',
    fulfilled: 'closed',
  });
}

async function lines(db: AnyDatabase): Promise<void> {
  await createTable(db, 'order_lines', {
    columns: {
      id: 'text primary key',
      order_id: 'text references orders (id)',
      position: 'int',
      product_id: 'text references products (id)',
      variant_id: 'text references variants (id)',
      quantity: 'int check (quantity > 0)',
      total: 'int check (total >= 0)',
      refunded_quantity: 'int check (refunded_quantity >= 0)',
    },
    rules: ['unique (order_id, variant_id)', 'check (refunded_quantity <= quantity)'],
  });
}

async function deliveries(db: AnyDatabase): Promise<void> {
  await createTable(db, 'shipments', {
    columns: {
      order_id: 'text primary key references orders (id)',
      sealed_tracking: 'text',
      shipped_at: 'int',
      by_person_id: 'text references people (id)',
    },
  });
  await createTable(db, 'order_addresses', {
    columns: {
      order_id: 'text primary key references orders (id)',
      person_id: 'text references people (id)',
      sealed_address: 'text',
    },
  });
  await createTable(db, 'timeline_entries', {
    columns: {
      id: 'text primary key',
      order_id: 'text references orders (id)',
      at: 'int',
      kind: 'text',
      audience: `text ${oneOf('audience', 'everybody', 'shop', 'stewards')}`,
      params: 'json',
    },
  });
  await run(db, 'create index timeline_entries_order on timeline_entries (order_id, id)');
  await appendOnly(db, 'timeline_entries');
}

async function stock(db: AnyDatabase): Promise<void> {
  await createTable(db, 'holds', {
    columns: {
      id: 'text primary key',
      order_id: 'text references orders (id)',
      variant_id: 'text references variants (id)',
      quantity: 'int check (quantity > 0)',
      state: `text ${oneOf('state', 'held', 'committed', 'released')}`,
      created_at: 'int',
      ended_at: 'int?',
    },
    rules: ["check ((state = 'held') = (ended_at is null))"],
  });
  await run(db, "create unique index holds_open on holds (order_id, variant_id) where state = 'held'");
  await run(db, 'create index holds_order on holds (order_id)');
  await createMoves(db, 'holds', { held: 'committed released' });
  await createTable(db, 'stock_moves', {
    columns: {
      seq: 'seq',
      variant_id: 'text references variants (id)',
      delta: 'int',
      reason: 'text',
      order_id: 'text? references orders (id)',
      at: 'int',
    },
  });
  await run(db, 'create index stock_moves_variant on stock_moves (variant_id)');
  await appendOnly(db, 'stock_moves');
}

async function codes(db: AnyDatabase): Promise<void> {
  await createTable(db, 'codes', {
    columns: {
      seq: 'seq',
      product_id: 'text references products (id)',
      code_digest: 'text',
      sealed_code: 'text',
      order_id: 'text? references orders (id)',
      order_line_id: 'text? references order_lines (id)',
      assigned_at: 'int?',
      shown_at: 'int?',
      created_at: 'int',
    },
    rules: [
      'unique (product_id, code_digest)',
      'check ((order_id is null) = (order_line_id is null))',
      'check ((order_id is null) = (assigned_at is null))',
      'check (shown_at is null or order_id is not null)',
    ],
  });
  await run(db, 'create index codes_free on codes (product_id, seq) where order_id is null');
  await run(db, 'create index codes_order on codes (order_id) where order_id is not null');
}
