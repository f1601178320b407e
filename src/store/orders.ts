/** Orders and their lines. The order's row is what a commit takes first: its version lets one of two through. */
import { sql } from 'kysely';
import { readQuote } from '../domain/quote.ts';
import type { Vault } from '../ports/runtime.ts';
import { billQueries } from './bills.ts';
import type { Order, OrderWrites } from '../ports/store/orders.ts';
import { int, pick } from './columns.ts';
import { deliveryQueries } from './deliveries.ts';
import { mustChange, PARTS_MAX } from './names.ts';
import { changes, list, prepare, type Run } from './prepare.ts';
import { type RowOf, tables } from './schema.ts';

const { orders, orderLines } = tables;

const byId = prepare('orders.byId', pick(orders, 'id'), (db, p) =>
  db.selectFrom('orders').selectAll().where('id', '=', p.id),
);
const byCode = prepare('orders.byCode', pick(orders, 'communityId', 'code'), (db, p) =>
  db.selectFrom('orders').selectAll().where('communityId', '=', p.communityId).where('code', '=', p.code),
);
const byPayToken = prepare('orders.byPayToken', pick(orders, 'payToken'), (db, p) =>
  db.selectFrom('orders').selectAll().where('payToken', '=', p.payToken),
);
const basket = prepare('orders.basket', pick(orders, 'buyerId', 'shopId'), (db, p) =>
  db
    .selectFrom('orders')
    .selectAll()
    .where('buyerId', '=', p.buyerId)
    .where('shopId', '=', p.shopId)
    .where('state', '=', 'draft')
    .where('listingId', 'is', null),
);
const baskets = prepare('orders.baskets', pick(orders, 'buyerId'), (db, p) =>
  db
    .selectFrom('orders')
    .selectAll()
    .where('buyerId', '=', p.buyerId)
    .where('state', '=', 'draft')
    .where('listingId', 'is', null)
    .orderBy('id')
    .limit(PARTS_MAX),
);
const openFor = prepare('orders.openFor', { buyerId: orders.buyerId, listingId: tables.listings.id }, (db, p) =>
  db
    .selectFrom('orders')
    .selectAll()
    .where('buyerId', '=', p.buyerId)
    .where('listingId', '=', p.listingId)
    .where('state', '=', 'pending_payment')
    .orderBy('id', 'desc')
    .limit(1),
);
const openCount = prepare('orders.openCount', pick(orders, 'buyerId'), (db, p) =>
  db
    .selectFrom('orders')
    .select((eb) => eb.fn.countAll<number>().as('unpaid'))
    .where('buyerId', '=', p.buyerId)
    .where('state', '=', 'pending_payment')
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom('billRequests').select('orderId').whereRef('billRequests.orderId', '=', 'orders.id')),
      ),
    ),
);
const ofBuyer = prepare('orders.ofBuyer', { ...pick(orders, 'buyerId'), limit: int }, (db, p) =>
  db
    .selectFrom('orders')
    .selectAll()
    .where('buyerId', '=', p.buyerId)
    .where('state', '<>', 'draft')
    .orderBy('id', 'desc')
    .limit(p.limit),
);
const ofShop = prepare(
  'orders.ofShop',
  { ...pick(orders, 'shopId'), states: list(orders.state), limit: int },
  (db, p) =>
    db
      .selectFrom('orders')
      .selectAll()
      .where('shopId', '=', p.shopId)
      .where('state', 'in', p.states)
      .orderBy('id', 'desc')
      .limit(p.limit),
);
const toFulfil = prepare('orders.toFulfil', { ...pick(orders, 'shopId'), limit: int }, (db, p) =>
  db
    .selectFrom('orders')
    .selectAll()
    .where('shopId', '=', p.shopId)
    .where('state', '=', 'paid')
    .orderBy('id')
    .limit(p.limit),
);
const placed = prepare('orders.placed', { ...pick(orders, 'shopId'), since: int, until: int, limit: int }, (db, p) =>
  db
    .selectFrom('orders')
    .selectAll()
    .where('shopId', '=', p.shopId)
    .where('state', '<>', 'draft')
    .where('placedAt', '>=', p.since)
    .where('placedAt', '<', p.until)
    .orderBy('id')
    .limit(p.limit),
);
/** Joined to nothing, the id is no use to the planner: otherwise it walks every order there ever was, and not the few that are due. */
const plainId = sql<string>`id || ''`;
const due = prepare('orders.due', { now: int, after: orders.id, limit: int }, (db, p) =>
  db
    .selectFrom('orders')
    .selectAll()
    .where('state', '=', 'pending_payment')
    .where('expiresAt', '<=', p.now)
    .where(plainId, '>', p.after)
    .orderBy(plainId)
    .limit(p.limit),
);
const closable = prepare('orders.closable', { before: int, limit: int }, (db, p) =>
  db
    .selectFrom('orders')
    .selectAll()
    .where('state', '=', 'fulfilled')
    .where('fulfilledAt', '<', p.before)
    .orderBy('id')
    .limit(p.limit),
);
const insert = prepare('orders.insert', orders, (db, p) =>
  db
    .insertInto('orders')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const changing = pick(
  orders,
  'currency',
  'total',
  'quote',
  'quoteHash',
  'deliveryMethod',
  'expiresAt',
  'placedAt',
  'paidAt',
  'fulfilledAt',
  'closedAt',
);
const move = prepare(
  'orders.move',
  { ...pick(orders, 'id', 'version', 'state'), to: orders.state, set: changes(changing) },
  (db, p) =>
    db
      .updateTable('orders')
      .set((eb) => ({ ...p.set, state: p.to, version: eb('version', '+', 1) }))
      .where('id', '=', p.id)
      .where('version', '=', p.version)
      .where('state', '=', p.state),
);

const lines = prepare('orderLines.ofOrder', pick(orderLines, 'orderId'), (db, p) =>
  db
    .selectFrom('orderLines')
    .selectAll()
    .where('orderId', '=', p.orderId)
    .orderBy('position')
    .orderBy('id')
    .limit(PARTS_MAX),
);
const linesOf = prepare('orderLines.ofOrders', { orderIds: list(orderLines.orderId) }, (db, p) =>
  db
    .selectFrom('orderLines')
    .selectAll()
    .where('orderId', 'in', p.orderIds)
    .orderBy('orderId')
    .orderBy('position')
    .orderBy('id')
    .limit(PARTS_MAX * 20),
);
const insertLine = prepare('orderLines.insert', orderLines, (db, p) =>
  db
    .insertInto('orderLines')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const putLine = prepare('orderLines.put', orderLines, (db, p) =>
  db
    .insertInto('orderLines')
    .values(p)
    .onConflict((on) => on.columns(['orderId', 'variantId']).doUpdateSet({ quantity: p.quantity })),
);
const removeLine = prepare('orderLines.remove', pick(orderLines, 'orderId', 'variantId'), (db, p) =>
  db.deleteFrom('orderLines').where('orderId', '=', p.orderId).where('variantId', '=', p.variantId),
);
const setTotal = prepare('orderLines.setTotal', pick(orderLines, 'id', 'total'), (db, p) =>
  db.updateTable('orderLines').set({ total: p.total }).where('id', '=', p.id),
);
const refund = prepare('orderLines.refund', { id: orderLines.id, units: int }, (db, p) =>
  db
    .updateTable('orderLines')
    .set((eb) => ({ refundedQuantity: eb('refundedQuantity', '+', p.units) }))
    .where('id', '=', p.id)
    .where((eb) => eb(eb('refundedQuantity', '+', p.units), '<=', eb.ref('quantity'))),
);
const unrefund = prepare('orderLines.unrefund', { id: orderLines.id, units: int }, (db, p) =>
  db
    .updateTable('orderLines')
    .set((eb) => ({ refundedQuantity: eb('refundedQuantity', '-', p.units) }))
    .where('id', '=', p.id)
    .where('refundedQuantity', '>=', p.units),
);

export function orderQueries(run: Run, vault: Vault): OrderWrites {
  return {
    ...deliveryQueries(run, vault),
    ...billQueries(run),
    ...orderReads(run),
    insertOrder: async (row) => (await run.change(insert, row)) === 1,
    moveOrder: async ({ id, version, state }, to, set = {}) =>
      (await run.change(move, { id, version, state, to, set })) === 1,
    lines: (orderId) => run.all(lines, { orderId }),
    linesOf: (orderIds) => run.all(linesOf, { orderIds }),
    insertLine: async (row) => (await run.change(insertLine, row)) === 1,
    async setLine(row) {
      if (row.quantity === 0) await run.change(removeLine, { orderId: row.orderId, variantId: row.variantId });
      else await run.change(putLine, row);
    },
    async setLineTotal(id, total) {
      mustChange(await run.change(setTotal, { id, total }), `The total of order line ${id}`);
    },
    refundLine: async (id, units) => (await run.change(refund, { id, units: positive(units) })) === 1,
    async unrefundLine(id, units) {
      const changed = await run.change(unrefund, { id, units: positive(units) });
      mustChange(changed, `Giving back ${units} refunded units of order line ${id}`);
    },
  };
}

type OrderReading = Pick<
  OrderWrites,
  | 'order'
  | 'orderByCode'
  | 'orderByPayToken'
  | 'basket'
  | 'baskets'
  | 'openOrderFor'
  | 'openOrderCount'
  | 'ordersOf'
  | 'ordersOfShop'
  | 'ordersToFulfil'
  | 'ordersPlaced'
  | 'dueOrders'
  | 'closableOrders'
>;

function orderReads(run: Run): OrderReading {
  return {
    order: async (id) => asOrder(await run.first(byId, { id })),
    orderByCode: async (communityId, code) => asOrder(await run.first(byCode, { communityId, code })),
    orderByPayToken: async (payToken) => asOrder(await run.first(byPayToken, { payToken })),
    basket: async (buyerId, shopId) => asOrder(await run.first(basket, { buyerId, shopId })),
    baskets: async (buyerId) => asOrders(await run.all(baskets, { buyerId })),
    openOrderFor: async (buyerId, listingId) => asOrder(await run.first(openFor, { buyerId, listingId })),
    openOrderCount: async (buyerId) => (await run.first(openCount, { buyerId }))?.unpaid ?? 0,
    ordersOf: async (buyerId, limit) => asOrders(await run.all(ofBuyer, { buyerId, limit })),
    ordersOfShop: async (shopId, states, limit) => asOrders(await run.all(ofShop, { shopId, states, limit })),
    ordersToFulfil: async (shopId, limit) => asOrders(await run.all(toFulfil, { shopId, limit })),
    ordersPlaced: async (shopId, span) => asOrders(await run.all(placed, { shopId, ...span })),
    dueOrders: async (now, limit, after = '') => asOrders(await run.all(due, { now, after, limit })),
    closableOrders: async (before, limit) => asOrders(await run.all(closable, { before, limit })),
  };
}

/** A bill is read as one of today, whenever it was frozen. */
function asOrder(row: RowOf<'orders'> | undefined): Order | undefined {
  return row && { ...row, quote: row.quote && readQuote(row.quote) };
}

const asOrders = (rows: readonly RowOf<'orders'>[]): Order[] =>
  rows.map((row) => ({ ...row, quote: row.quote && readQuote(row.quote) }));

/** A guard would let a negative number through. */
function positive(units: number): number {
  if (units < 1) throw new RangeError(`${units} units: lines are refunded by whole units from 1.`);
  return units;
}
