/** Invoices that stand on cards, who was let to pay them, and bills that others may pay. */
import type { CardWrites } from '../ports/store/cards.ts';
import { pick } from './columns.ts';
import { PARTS_MAX } from './names.ts';
import { prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const { cardInvoices, cardSales, sharedBills } = tables;

const byId = prepare('cardInvoices.byId', pick(cardInvoices, 'id'), (db, p) =>
  db.selectFrom('cardInvoices').selectAll().where('id', '=', p.id),
);
const openOf = prepare('cardInvoices.openOf', pick(cardInvoices, 'listingId'), (db, p) =>
  db
    .selectFrom('cardInvoices')
    .selectAll()
    .where('listingId', '=', p.listingId)
    .where('state', '=', 'open')
    .orderBy('id')
    .limit(PARTS_MAX),
);
const insert = prepare('cardInvoices.insert', cardInvoices, (db, p) =>
  db
    .insertInto('cardInvoices')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const close = prepare('cardInvoices.close', pick(cardInvoices, 'id'), (db, p) =>
  db.updateTable('cardInvoices').set({ state: 'closed' }).where('id', '=', p.id).where('state', '=', 'open'),
);
const salesOf = prepare('cardSales.of', pick(cardSales, 'cardInvoiceId', 'personId'), (db, p) =>
  db
    .selectFrom('cardSales')
    .selectAll()
    .where('cardInvoiceId', '=', p.cardInvoiceId)
    .where('personId', '=', p.personId)
    .orderBy('attemptId')
    .limit(PARTS_MAX),
);
const ofAttempt = prepare('cardSales.ofAttempt', pick(cardSales, 'attemptId'), (db, p) =>
  db.selectFrom('cardSales').selectAll().where('attemptId', '=', p.attemptId),
);
const putSale = prepare('cardSales.put', cardSales, (db, p) =>
  db
    .insertInto('cardSales')
    .values(p)
    .onConflict((on) => on.doNothing()),
);

const shared = prepare('sharedBills.of', pick(sharedBills, 'orderId'), (db, p) =>
  db.selectFrom('sharedBills').select('orderId').where('orderId', '=', p.orderId),
);
const share = prepare('sharedBills.insert', sharedBills, (db, p) =>
  db
    .insertInto('sharedBills')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const unshare = prepare('sharedBills.delete', pick(sharedBills, 'orderId'), (db, p) =>
  db.deleteFrom('sharedBills').where('orderId', '=', p.orderId),
);

export function cardQueries(run: Run): CardWrites {
  return {
    cardInvoice: (id) => run.first(byId, { id }),
    openCardInvoices: (listingId) => run.all(openOf, { listingId }),
    cardSales: (cardInvoiceId, personId) => run.all(salesOf, { cardInvoiceId, personId }),
    cardSaleOf: (attemptId) => run.first(ofAttempt, { attemptId }),
    insertCardInvoice: async (row) => (await run.change(insert, row)) === 1,
    closeCardInvoice: async (id) => (await run.change(close, { id })) === 1,
    isShared: async (orderId) => (await run.first(shared, { orderId })) !== undefined,
    async shareBill(orderId, byPersonId, at) {
      await run.change(share, { orderId, byPersonId, at });
    },
    async unshareBill(orderId) {
      await run.change(unshare, { orderId });
    },
    async putCardSale(row) {
      await run.change(putSale, row);
    },
  };
}
