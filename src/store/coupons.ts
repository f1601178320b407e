/** Coupons. Every limit is kept by a guarded update whose row count decides, and refused by the table's own checks besides. */
import { redemptionMachine } from '../domain/redemption.ts';
import type { CouponReads, CouponWrites } from '../ports/store/coupons.ts';
import { int, orNull, pick } from './columns.ts';
import { mustChange, PARTS_MAX } from './names.ts';
import { changes, list, prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const { coupons, couponCodes, couponPeople, redemptions } = tables;

const byId = prepare('coupons.byId', pick(coupons, 'id'), (db, p) =>
  db.selectFrom('coupons').selectAll().where('id', '=', p.id),
);
const ofShop = prepare(
  'coupons.ofShop',
  { communityId: coupons.communityId, shopId: orNull(coupons.shopId), limit: int },
  (db, p) =>
    db
      .selectFrom('coupons')
      .selectAll()
      .where('communityId', '=', p.communityId)
      .where('shopId', '=', p.shopId)
      .orderBy('id', 'desc')
      .limit(p.limit),
);
const ofCommunity = prepare('coupons.ofCommunity', { communityId: coupons.communityId, limit: int }, (db, p) =>
  db
    .selectFrom('coupons')
    .selectAll()
    .where('communityId', '=', p.communityId)
    .where('shopId', 'is', null)
    .orderBy('id', 'desc')
    .limit(p.limit),
);
const insert = prepare('coupons.insert', coupons, (db, p) => db.insertInto('coupons').values(p));
const move = prepare('coupons.move', { id: coupons.id, from: coupons.state, to: coupons.state }, (db, p) =>
  db.updateTable('coupons').set({ state: p.to }).where('id', '=', p.id).where('state', '=', p.from),
);
const take = prepare('coupons.take', { id: coupons.id, amount: int }, (db, p) =>
  db
    .updateTable('coupons')
    .set((eb) => ({ inUse: eb('inUse', '+', 1), spent: eb('spent', '+', p.amount) }))
    .where('id', '=', p.id)
    .where('state', '=', 'on')
    .where((eb) => eb.or([eb('maxUses', 'is', null), eb('inUse', '<', eb.ref('maxUses'))]))
    .where((eb) => eb.or([eb('budget', 'is', null), eb(eb('spent', '+', p.amount), '<=', eb.ref('budget'))])),
);
const give = prepare('coupons.give', { id: coupons.id, amount: int }, (db, p) =>
  db
    .updateTable('coupons')
    .set((eb) => ({ inUse: eb('inUse', '-', 1), spent: eb('spent', '-', p.amount) }))
    .where('id', '=', p.id)
    .where('inUse', '>', 0)
    .where('spent', '>=', p.amount),
);
const spend = prepare('coupons.spend', { id: coupons.id, by: int }, (db, p) =>
  db
    .updateTable('coupons')
    .set((eb) => ({ spent: eb('spent', '+', p.by) }))
    .where('id', '=', p.id)
    .where((eb) => eb(eb('spent', '+', p.by), '>=', 0))
    .where((eb) => eb.or([eb('budget', 'is', null), eb(eb('spent', '+', p.by), '<=', eb.ref('budget'))])),
);
const honour = prepare('coupons.honour', { id: coupons.id, uses: int, amount: int }, (db, p) =>
  db
    .updateTable('coupons')
    .set((eb) => ({ overUses: eb('overUses', '+', p.uses), overSpent: eb('overSpent', '+', p.amount) }))
    .where('id', '=', p.id)
    .where((eb) => eb(eb('overUses', '+', p.uses), '>=', 0))
    .where((eb) => eb(eb('overSpent', '+', p.amount), '>=', 0)),
);

const byCode = prepare('couponCodes.byCode', pick(couponCodes, 'communityId', 'code'), (db, p) =>
  db.selectFrom('couponCodes').selectAll().where('communityId', '=', p.communityId).where('code', '=', p.code),
);
const codesOf = prepare('couponCodes.ofCoupon', { couponId: couponCodes.couponId, limit: int }, (db, p) =>
  db.selectFrom('couponCodes').selectAll().where('couponId', '=', p.couponId).orderBy('id').limit(p.limit),
);
const insertCode = prepare('couponCodes.insert', couponCodes, (db, p) =>
  db
    .insertInto('couponCodes')
    .values(p)
    .onConflict((on) => on.columns(['communityId', 'code']).doNothing()),
);
const takeCode = prepare('couponCodes.take', pick(couponCodes, 'id'), (db, p) =>
  db
    .updateTable('couponCodes')
    .set((eb) => ({ inUse: eb('inUse', '+', 1) }))
    .where('id', '=', p.id)
    .where((eb) => eb.or([eb('single', '=', false), eb('inUse', '=', 0)])),
);
const giveCode = prepare('couponCodes.give', pick(couponCodes, 'id'), (db, p) =>
  db
    .updateTable('couponCodes')
    .set((eb) => ({ inUse: eb('inUse', '-', 1) }))
    .where('id', '=', p.id)
    .where('inUse', '>', 0),
);

const person = pick(couponPeople, 'couponId', 'personId');
const usesOf = prepare('couponPeople.uses', person, (db, p) =>
  db.selectFrom('couponPeople').selectAll().where('couponId', '=', p.couponId).where('personId', '=', p.personId),
);
const meet = prepare('couponPeople.meet', couponPeople, (db, p) =>
  db
    .insertInto('couponPeople')
    .values(p)
    .onConflict((on) => on.columns(['couponId', 'personId']).doNothing()),
);
const takeUse = prepare('couponPeople.take', { ...person, most: int }, (db, p) =>
  db
    .updateTable('couponPeople')
    .set((eb) => ({ inUse: eb('inUse', '+', 1) }))
    .where('couponId', '=', p.couponId)
    .where('personId', '=', p.personId)
    .where('inUse', '<', p.most),
);
const giveUse = prepare('couponPeople.give', person, (db, p) =>
  db
    .updateTable('couponPeople')
    .set((eb) => ({ inUse: eb('inUse', '-', 1) }))
    .where('couponId', '=', p.couponId)
    .where('personId', '=', p.personId)
    .where('inUse', '>', 0),
);

const ofOrder = prepare('redemptions.ofOrder', pick(redemptions, 'orderId'), (db, p) =>
  db.selectFrom('redemptions').selectAll().where('orderId', '=', p.orderId).orderBy('couponId').limit(PARTS_MAX),
);
const tallies = prepare('redemptions.tallies', { couponIds: list(redemptions.couponId) }, (db, p) =>
  db
    .selectFrom('redemptions')
    .select((eb) => [
      'couponId',
      'state',
      eb.fn.countAll<number>().as('count'),
      eb.fn.sum<number>('amount').as('amount'),
    ])
    .where('couponId', 'in', p.couponIds)
    .groupBy(['couponId', 'state'])
    .orderBy('couponId')
    .orderBy('state')
    .limit(PARTS_MAX * 10),
);
const insertRedemption = prepare('redemptions.insert', redemptions, (db, p) =>
  db
    .insertInto('redemptions')
    .values(p)
    .onConflict((on) => on.columns(['orderId', 'couponId']).doNothing()),
);
const moveRedemption = prepare(
  'redemptions.move',
  {
    id: redemptions.id,
    from: redemptions.state,
    to: redemptions.state,
    set: changes(pick(redemptions, 'amount', 'codeId', 'overLimit')),
  },
  (db, p) =>
    db
      .updateTable('redemptions')
      .set({ ...p.set, state: p.to })
      .where('id', '=', p.id)
      .where('state', '=', p.from),
);
const setAmount = prepare('redemptions.setAmount', { id: redemptions.id, from: int, to: int }, (db, p) =>
  db
    .updateTable('redemptions')
    .set({ amount: p.to })
    .where('id', '=', p.id)
    .where('state', '=', 'reserved')
    .where('amount', '=', p.from),
);

function couponReads(run: Run): CouponReads {
  return {
    coupon: (id) => run.first(byId, { id }),
    couponCode: (communityId, code) => run.first(byCode, { communityId, code }),
    codesOfCoupon: (couponId, limit) => run.all(codesOf, { couponId, limit }),
    coupons: (communityId, shopId, limit) =>
      shopId === null ? run.all(ofCommunity, { communityId, limit }) : run.all(ofShop, { communityId, shopId, limit }),
    couponTallies: async (couponIds) => (couponIds.length === 0 ? [] : run.all(tallies, { couponIds })),
    redemptionsOf: (orderId) => run.all(ofOrder, { orderId }),
    usesOf: async (couponId, personId) => (await run.first(usesOf, { couponId, personId }))?.inUse ?? 0,
  };
}

export function couponQueries(run: Run): CouponWrites {
  return {
    ...couponReads(run),
    async insertCoupon(row) {
      await run.change(insert, row);
    },
    insertCouponCode: async (row) => (await run.change(insertCode, row)) === 1,
    moveCoupon: async (id, from, to) => (await run.change(move, { id, from, to })) === 1,
    takeCoupon: async (id, amount) => (await run.change(take, { id, amount })) === 1,
    async giveCoupon(id, amount) {
      mustChange(await run.change(give, { id, amount }), `Giving back a use of coupon ${id}`);
    },
    changeSpent: async (id, by) => (await run.change(spend, { id, by })) === 1,
    async takePersonUse(couponId, personId, most) {
      await run.change(meet, { couponId, personId, inUse: 0 });
      return (await run.change(takeUse, { couponId, personId, most: most ?? Number.MAX_SAFE_INTEGER })) === 1;
    },
    async givePersonUse(couponId, personId) {
      mustChange(await run.change(giveUse, { couponId, personId }), `Giving back a person's use of coupon ${couponId}`);
    },
    takeCode: async (id) => (await run.change(takeCode, { id })) === 1,
    async giveCode(id) {
      mustChange(await run.change(giveCode, { id }), `Giving back the coupon code ${id}`);
    },
    async honourCoupon(id, amount) {
      mustChange(await run.change(honour, { id, uses: 1, amount }), `Honouring coupon ${id}`);
    },
    async giveHonoured(id, amount) {
      mustChange(await run.change(honour, { id, uses: -1, amount: 0 - amount }), `Giving back coupon ${id}`);
    },
    insertRedemption: async (row) => (await run.change(insertRedemption, row)) === 1,
    async moveRedemption(id, from, to, set = {}) {
      if (!redemptionMachine.can(from, to)) throw new Error(`A redemption does not go from ${from} to ${to}.`);
      return (await run.change(moveRedemption, { id, from, to, set })) === 1;
    },
    setRedemptionAmount: async (id, from, to) => (await run.change(setAmount, { id, from, to })) === 1,
  };
}
