/** Coupons, their codes, how often each person used them, and what became of each on an order. */
import { type AnyDatabase, createTable, oneOf, run } from '../migrate-ddl.ts';

export async function up(db: AnyDatabase): Promise<void> {
  await createTable(db, 'coupons', {
    columns: {
      id: 'text primary key',
      community_id: 'text references communities (id)',
      shop_id: 'text? references shops (id)',
      state: 'text',
      label: 'text',
      rule: 'json',
      max_uses: 'int?',
      max_per_person: 'int?',
      budget: 'int?',
      currency: 'text',
      in_use: 'int',
      spent: 'int',
      over_uses: 'int',
      over_spent: 'int',
      by_person_id: 'text references people (id)',
      created_at: 'int',
    },
    rules: [
      oneOf('state', 'on', 'paused', 'ended'),
      'check (in_use >= 0 and spent >= 0 and over_uses >= 0 and over_spent >= 0)',
      'check (max_uses is null or in_use <= max_uses)',
      'check (budget is null or spent <= budget)',
    ],
  });
  await run(db, 'create index coupons_of on coupons (community_id, id)');
  await codes(db);
  await redemptions(db);
}

async function codes(db: AnyDatabase): Promise<void> {
  await createTable(db, 'coupon_codes', {
    columns: {
      id: 'text primary key',
      coupon_id: 'text references coupons (id)',
      community_id: 'text references communities (id)',
      code: 'text',
      shown: 'text',
      single: 'flag',
      in_use: 'int',
    },
    rules: [
      'unique (community_id, code)',
      'check (in_use >= 0 and (single = 0 or in_use <= 1))',
      'check (length(code) > 0)',
    ],
  });
  await run(db, 'create index coupon_codes_of on coupon_codes (coupon_id, id)');
  await createTable(db, 'coupon_people', {
    columns: {
      coupon_id: 'text references coupons (id)',
      person_id: 'text references people (id)',
      in_use: 'int',
    },
    rules: ['primary key (coupon_id, person_id)', 'check (in_use >= 0)'],
    compact: true,
  });
}

async function redemptions(db: AnyDatabase): Promise<void> {
  await createTable(db, 'redemptions', {
    columns: {
      id: 'text primary key',
      order_id: 'text references orders (id)',
      coupon_id: 'text references coupons (id)',
      code_id: 'text references coupon_codes (id)',
      person_id: 'text references people (id)',
      amount: 'int',
      currency: 'text',
      state: 'text',
      over_limit: 'flag',
      created_at: 'int',
    },
    rules: [
      'unique (order_id, coupon_id)',
      oneOf('state', 'reserved', 'redeemed', 'released', 'returned'),
      'check (amount >= 0)',
      "check (over_limit = 0 or state in ('redeemed', 'returned'))",
    ],
  });
  await run(db, 'create index redemptions_of on redemptions (coupon_id, state)');
}
