/** Sellers' stalls, who works in them, and whose money goes where. */
import type { PeopleWrites } from '../ports/store/people.ts';
import { int, pick } from './columns.ts';
import { PARTS_MAX } from './names.ts';
import { list, prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const byId = prepare('shops.byId', pick(tables.shops, 'id'), (db, p) =>
  db.selectFrom('shops').selectAll().where('id', '=', p.id),
);
const ofCommunity = prepare('shops.ofCommunity', pick(tables.shops, 'communityId'), (db, p) =>
  db.selectFrom('shops').selectAll().where('communityId', '=', p.communityId).orderBy('id').limit(PARTS_MAX),
);
const inState = prepare('shops.inState', pick(tables.shops, 'communityId', 'state'), (db, p) =>
  db
    .selectFrom('shops')
    .selectAll()
    .where('communityId', '=', p.communityId)
    .where('state', '=', p.state)
    .orderBy('id')
    .limit(PARTS_MAX),
);
const insert = prepare('shops.insert', tables.shops, (db, p) =>
  db
    .insertInto('shops')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const move = prepare(
  'shops.move',
  { ...pick(tables.shops, 'id'), from: list(tables.shops.state), to: tables.shops.state },
  (db, p) => db.updateTable('shops').set({ state: p.to }).where('id', '=', p.id).where('state', 'in', p.from),
);

const collect = prepare('shops.marketCollects', pick(tables.shops, 'id', 'marketCollects'), (db, p) =>
  db.updateTable('shops').set({ marketCollects: p.marketCollects }).where('id', '=', p.id),
);

const roles = prepare('shopStaff.roles', { communityId: tables.communities.id, personId: tables.people.id }, (db, p) =>
  db
    .selectFrom('shopStaff')
    .innerJoin('shops', 'shops.id', 'shopStaff.shopId')
    .select(['shopStaff.shopId', 'shopStaff.role'])
    .where('shopStaff.personId', '=', p.personId)
    .where('shops.communityId', '=', p.communityId)
    .orderBy('shopStaff.shopId')
    .limit(PARTS_MAX),
);
const staff = prepare('shopStaff.ofShop', pick(tables.shopStaff, 'shopId'), (db, p) =>
  db
    .selectFrom('shopStaff')
    .select(['personId', 'role'])
    .where('shopId', '=', p.shopId)
    .orderBy('personId')
    .limit(PARTS_MAX),
);
const putStaff = prepare('shopStaff.put', tables.shopStaff, (db, p) =>
  db
    .insertInto('shopStaff')
    .values(p)
    .onConflict((on) => on.columns(['shopId', 'personId']).doUpdateSet({ role: p.role })),
);
const removeStaff = prepare('shopStaff.remove', pick(tables.shopStaff, 'shopId', 'personId'), (db, p) =>
  db.deleteFrom('shopStaff').where('shopId', '=', p.shopId).where('personId', '=', p.personId),
);

const account = prepare('merchantAccounts.byId', pick(tables.merchantAccounts, 'id'), (db, p) =>
  db.selectFrom('merchantAccounts').selectAll().where('id', '=', p.id),
);
const accounts = prepare('merchantAccounts.ofShop', pick(tables.merchantAccounts, 'shopId'), (db, p) =>
  db.selectFrom('merchantAccounts').selectAll().where('shopId', '=', p.shopId).orderBy('id').limit(PARTS_MAX),
);
const insertAccount = prepare('merchantAccounts.insert', tables.merchantAccounts, (db, p) =>
  db
    .insertInto('merchantAccounts')
    .values(p)
    .onConflict((on) => on.doNothing()),
);

const openings = prepare('accountOpenings.ofShop', pick(tables.accountOpenings, 'shopId'), (db, p) =>
  db.selectFrom('accountOpenings').selectAll().where('shopId', '=', p.shopId).orderBy('channel').limit(PARTS_MAX),
);
const openingByRef = prepare('accountOpenings.byRef', pick(tables.accountOpenings, 'channel', 'accountRef'), (db, p) =>
  db.selectFrom('accountOpenings').selectAll().where('channel', '=', p.channel).where('accountRef', '=', p.accountRef),
);
const dueOpenings = prepare('accountOpenings.due', { now: int, limit: int }, (db, p) =>
  db.selectFrom('accountOpenings').selectAll().where('nextCheckAt', '<=', p.now).orderBy('nextCheckAt').limit(p.limit),
);
const putOpening = prepare('accountOpenings.put', tables.accountOpenings, (db, p) =>
  db
    .insertInto('accountOpenings')
    .values(p)
    .onConflict((on) =>
      on
        .columns(['shopId', 'channel'])
        .doUpdateSet({ state: p.state, wants: p.wants, nextCheckAt: p.nextCheckAt, checks: p.checks }),
    ),
);

type ShopQueries = Pick<
  PeopleWrites,
  | 'shop'
  | 'shops'
  | 'shopRoles'
  | 'shopStaff'
  | 'merchantAccount'
  | 'merchantAccounts'
  | 'insertShop'
  | 'moveShop'
  | 'setMarketCollects'
  | 'putShopStaff'
  | 'removeShopStaff'
  | 'insertMerchantAccount'
  | 'accountOpenings'
  | 'accountOpeningByRef'
  | 'dueAccountOpenings'
  | 'putAccountOpening'
>;

export function shopQueries(run: Run): ShopQueries {
  return {
    shop: (id) => run.first(byId, { id }),
    shops: (communityId, state) =>
      state === undefined ? run.all(ofCommunity, { communityId }) : run.all(inState, { communityId, state }),
    async shopRoles(communityId, personId) {
      const rows = await run.all(roles, { communityId, personId });
      return Object.fromEntries(rows.map((row) => [row.shopId, row.role]));
    },
    shopStaff: (shopId) => run.all(staff, { shopId }),
    merchantAccount: (id) => run.first(account, { id }),
    async merchantAccounts(shopId) {
      const own = await run.all(accounts, { shopId });
      const shut = (await run.all(openings, { shopId })).filter((one) => one.state !== 'active');
      if (shut.length === 0) return own;
      const refs = new Set(shut.map((one) => `${one.channel} ${one.accountRef}`));
      return own.map((one) => (refs.has(`${one.channel} ${one.accountRef}`) ? { ...one, restricted: true } : one));
    },
    accountOpenings: (shopId) => run.all(openings, { shopId }),
    accountOpeningByRef: (channel, accountRef) => run.first(openingByRef, { channel, accountRef }),
    dueAccountOpenings: (now, limit) => run.all(dueOpenings, { now, limit }),
    async putAccountOpening(row) {
      await run.change(putOpening, row);
    },
    insertShop: async (row) => (await run.change(insert, { ...row, marketCollects: null })) === 1,
    moveShop: async (id, from, to) => (await run.change(move, { id, from, to })) === 1,
    async setMarketCollects(id, collects) {
      await run.change(collect, { id, marketCollects: collects });
    },
    async putShopStaff(shopId, personId, role, at) {
      await run.change(putStaff, { shopId, personId, role, createdAt: at });
    },
    removeShopStaff: async (shopId, personId) => (await run.change(removeStaff, { shopId, personId })) === 1,
    insertMerchantAccount: async (row) => (await run.change(insertAccount, row)) === 1,
  };
}
