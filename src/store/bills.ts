/** Bills that a seller sent to a person: orders like any other, with a word on who asked. */
import type { OrderWrites } from '../ports/store/orders.ts';
import { pick } from './columns.ts';
import { prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const { billRequests } = tables;

const ofOrder = prepare('billRequests.ofOrder', pick(billRequests, 'orderId'), (db, p) =>
  db.selectFrom('billRequests').selectAll().where('orderId', '=', p.orderId),
);
const open = prepare('billRequests.open', pick(billRequests, 'shopId', 'buyerId'), (db, p) =>
  db
    .selectFrom('billRequests')
    .innerJoin('orders', 'orders.id', 'billRequests.orderId')
    .select((eb) => eb.fn.countAll<number>().as('unpaid'))
    .where('billRequests.shopId', '=', p.shopId)
    .where('billRequests.buyerId', '=', p.buyerId)
    .where('orders.state', '=', 'pending_payment'),
);
const insert = prepare('billRequests.insert', billRequests, (db, p) =>
  db
    .insertInto('billRequests')
    .values(p)
    .onConflict((on) => on.doNothing()),
);

export function billQueries(run: Run): Pick<OrderWrites, 'billRequest' | 'openBillsFrom' | 'insertBillRequest'> {
  return {
    billRequest: (orderId) => run.first(ofOrder, { orderId }),
    openBillsFrom: async (shopId, buyerId) => (await run.first(open, { shopId, buyerId }))?.unpaid ?? 0,
    insertBillRequest: async (row) => (await run.change(insert, row)) === 1,
  };
}
