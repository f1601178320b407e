/** Digests and the lists of what is on sale. */
import type { RefundState } from '../domain/refund.ts';
import type { SellingWrites } from '../ports/store/selling.ts';
import { int, pick } from './columns.ts';
import { changes, prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const { shopDigests, chatIndexes, cardReposts, orders } = tables;

const digest = prepare('shopDigests.of', pick(shopDigests, 'shopId'), (db, p) =>
  db.selectFrom('shopDigests').selectAll().where('shopId', '=', p.shopId),
);
const due = prepare('shopDigests.due', { now: int, limit: int }, (db, p) =>
  db.selectFrom('shopDigests').selectAll().where('dueAt', '<=', p.now).orderBy('shopId').limit(p.limit),
);
const without = prepare('shopDigests.without', { limit: int }, (db, p) =>
  db
    .selectFrom('shops')
    .selectAll()
    .where('state', '=', 'approved')
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom('shopDigests').select('shopId').whereRef('shopDigests.shopId', '=', 'shops.id'))),
    )
    .orderBy('id')
    .limit(p.limit),
);
const insertDigest = prepare('shopDigests.insert', shopDigests, (db, p) =>
  db
    .insertInto('shopDigests')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const digestChanges = changes(pick(shopDigests, 'atMinute', 'dueAt', 'toldAt'));
const moveDue = prepare('shopDigests.move', { shopId: shopDigests.shopId, was: int, set: digestChanges }, (db, p) =>
  db.updateTable('shopDigests').set(p.set).where('shopId', '=', p.shopId).where('dueAt', '=', p.was),
);
const moveOff = prepare('shopDigests.begin', { shopId: shopDigests.shopId, set: digestChanges }, (db, p) =>
  db.updateTable('shopDigests').set(p.set).where('shopId', '=', p.shopId).where('dueAt', 'is', null),
);
const paid = prepare('orders.paid', { ...pick(orders, 'shopId'), since: int, until: int, limit: int }, (db, p) =>
  db
    .selectFrom('orders')
    .select(['id', 'total', 'currency'])
    .where('shopId', '=', p.shopId)
    .where('paidAt', '>=', p.since)
    .where('paidAt', '<', p.until)
    .orderBy('id')
    .limit(p.limit),
);
const OPEN_REFUNDS = [
  ...['requested', 'pending_approval', 'approved', 'submitted', 'pending', 'unknown'],
] as RefundState[];
const openRefunds = prepare('refunds.openOfShop', pick(orders, 'shopId'), (db, p) =>
  db
    .selectFrom('refunds')
    .innerJoin('orders', 'orders.id', 'refunds.orderId')
    .select((eb) => eb.fn.countAll<number>().as('unsettled'))
    .where('orders.shopId', '=', p.shopId)
    .where('refunds.state', 'in', OPEN_REFUNDS),
);
const openCases = prepare('cases.openOfShop', pick(orders, 'shopId'), (db, p) =>
  db
    .selectFrom('cases')
    .innerJoin('orders', 'orders.id', 'cases.orderId')
    .select((eb) => eb.fn.countAll<number>().as('unsettled'))
    .where('orders.shopId', '=', p.shopId)
    .where('cases.resolvedAt', 'is', null),
);

const index = prepare('chatIndexes.of', pick(chatIndexes, 'chatId'), (db, p) =>
  db.selectFrom('chatIndexes').selectAll().where('chatId', '=', p.chatId),
);
const insertIndex = prepare('chatIndexes.insert', chatIndexes, (db, p) =>
  db
    .insertInto('chatIndexes')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const updateIndex = prepare(
  'chatIndexes.update',
  { chatId: chatIndexes.chatId, set: changes(pick(chatIndexes, 'state', 'messageRef')) },
  (db, p) => db.updateTable('chatIndexes').set(p.set).where('chatId', '=', p.chatId),
);
const onSaleIn = prepare('listings.onSaleIn', { ...pick(tables.listings, 'chatId'), limit: int }, (db, p) =>
  db
    .selectFrom('listings')
    .innerJoin('products', 'products.id', 'listings.productId')
    .select(['listings.id as listingId', 'products.id as productId'])
    .where('listings.chatId', '=', p.chatId)
    .where('listings.state', '=', 'live')
    .where('products.state', '=', 'on_sale')
    .orderBy('listings.id', 'desc')
    .limit(p.limit),
);

const repost = prepare('cardReposts.of', pick(cardReposts, 'listingId'), (db, p) =>
  db.selectFrom('cardReposts').selectAll().where('listingId', '=', p.listingId),
);
const firstRepost = prepare('cardReposts.insert', cardReposts, (db, p) =>
  db
    .insertInto('cardReposts')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const nextRepost = prepare('cardReposts.next', { ...cardReposts, before: int }, (db, p) =>
  db
    .updateTable('cardReposts')
    .set({ times: p.times, oldRef: p.oldRef, at: p.at })
    .where('listingId', '=', p.listingId)
    .where('times', '=', p.before),
);
const endRepost = prepare('cardReposts.end', pick(cardReposts, 'listingId'), (db, p) =>
  db.updateTable('cardReposts').set({ oldRef: null }).where('listingId', '=', p.listingId),
);

export function sellingQueries(run: Run): SellingWrites {
  return {
    digest: (shopId) => run.first(digest, { shopId }),
    dueDigests: (now, limit) => run.all(due, { now, limit }),
    shopsWithoutDigest: (limit) => run.all(without, { limit }),
    ordersPaid: (shopId, since, until, limit) => run.all(paid, { shopId, since, until, limit }),
    openRefunds: async (shopId) => (await run.first(openRefunds, { shopId }))?.unsettled ?? 0,
    openCases: async (shopId) => (await run.first(openCases, { shopId }))?.unsettled ?? 0,
    insertDigest: async (row) => (await run.change(insertDigest, row)) === 1,
    moveDigest: async ({ shopId, dueAt: was }, set) =>
      (was === null ? await run.change(moveOff, { shopId, set }) : await run.change(moveDue, { shopId, was, set })) ===
      1,
    repost: (listingId) => run.first(repost, { listingId }),
    putRepost: async (row, before) =>
      (before === 0 ? await run.change(firstRepost, row) : await run.change(nextRepost, { ...row, before })) === 1,
    async endRepost(listingId) {
      await run.change(endRepost, { listingId });
    },
    index: (chatId) => run.first(index, { chatId }),
    onSaleIn: (chatId, limit) => run.all(onSaleIn, { chatId, limit }),
    insertIndex: async (row) => (await run.change(insertIndex, row)) === 1,
    async updateIndex(chatId, set) {
      await run.change(updateIndex, { chatId, set });
    },
  };
}
