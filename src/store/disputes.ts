/** Payments that banks took up, and what moved because of it. */
import type { DisputeWrites } from '../ports/store/disputes.ts';
import { int, pick } from './columns.ts';
import { mustChange, PARTS_MAX } from './names.ts';
import { changes, prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const { disputes, disputeMoves } = tables;

const byId = prepare('disputes.byId', pick(disputes, 'id'), (db, p) =>
  db.selectFrom('disputes').selectAll().where('id', '=', p.id),
);
const byRef = prepare('disputes.byRef', pick(disputes, 'merchantAccountId', 'channelRef'), (db, p) =>
  db
    .selectFrom('disputes')
    .selectAll()
    .where('merchantAccountId', '=', p.merchantAccountId)
    .where('channelRef', '=', p.channelRef),
);
const ofOrder = prepare('disputes.ofOrder', pick(disputes, 'orderId'), (db, p) =>
  db.selectFrom('disputes').selectAll().where('orderId', '=', p.orderId).orderBy('id').limit(PARTS_MAX),
);
const due = prepare('disputes.due', { now: int, limit: int }, (db, p) =>
  db
    .selectFrom('disputes')
    .selectAll()
    .where('nextCheckAt', '<=', p.now)
    .orderBy('nextCheckAt')
    .orderBy('id')
    .limit(p.limit),
);
const reminders = prepare('disputes.reminders', { now: int, limit: int }, (db, p) =>
  db.selectFrom('disputes').selectAll().where('remindAt', '<=', p.now).orderBy('remindAt').orderBy('id').limit(p.limit),
);
const insert = prepare('disputes.insert', disputes, (db, p) =>
  db
    .insertInto('disputes')
    .values(p)
    .onConflict((on) => on.columns(['merchantAccountId', 'channelRef']).doNothing()),
);
const changeable = pick(
  disputes,
  ...(['amount', 'reason', 'respondBy', 'withdrawn', 'fee', 'toldAt', 'remindAt', 'nextCheckAt', 'checks'] as const),
);
const move = prepare(
  'disputes.move',
  { ...pick(disputes, 'id'), from: disputes.state, to: disputes.state, set: changes(changeable) },
  (db, p) =>
    db
      .updateTable('disputes')
      .set({ ...p.set, state: p.to })
      .where('id', '=', p.id)
      .where('state', '=', p.from),
);
const insertMove = prepare('disputeMoves.insert', disputeMoves, (db, p) => db.insertInto('disputeMoves').values(p));

export function disputeQueries(run: Run): DisputeWrites {
  return {
    dispute: (id) => run.first(byId, { id }),
    disputeAt: (merchantAccountId, channelRef) => run.first(byRef, { merchantAccountId, channelRef }),
    disputesOf: (orderId) => run.all(ofOrder, { orderId }),
    dueDisputes: (now, limit) => run.all(due, { now, limit }),
    dueReminders: (now, limit) => run.all(reminders, { now, limit }),
    insertDispute: async (row) => (await run.change(insert, row)) === 1,
    moveDispute: async (id, from, to, set = {}) => (await run.change(move, { id, from, to, set })) === 1,
    async insertDisputeMove(row) {
      mustChange(await run.change(insertMove, row), `The movement of dispute ${row.disputeId}`);
    },
  };
}
