/** Money on its way back, and what a person must decide. */
import type { Vault } from '../ports/runtime.ts';
import type { PaymentWrites } from '../ports/store/payments.ts';
import { int, pick } from './columns.ts';
import { PARTS_MAX } from './names.ts';
import { changes, prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const { refunds, cases } = tables;

const byId = prepare('refunds.byId', pick(refunds, 'id'), (db, p) =>
  db.selectFrom('refunds').selectAll().where('id', '=', p.id),
);
const ofOrder = prepare('refunds.ofOrder', pick(refunds, 'orderId'), (db, p) =>
  db.selectFrom('refunds').selectAll().where('orderId', '=', p.orderId).orderBy('id').limit(PARTS_MAX),
);
const due = prepare('refunds.due', { now: int, limit: int }, (db, p) =>
  db
    .selectFrom('refunds')
    .selectAll()
    .where('nextCheckAt', '<=', p.now)
    .orderBy('nextCheckAt')
    .orderBy('id')
    .limit(p.limit),
);
const insert = prepare('refunds.insert', refunds, (db, p) =>
  db
    .insertInto('refunds')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const move = prepare(
  'refunds.move',
  {
    ...pick(refunds, 'id'),
    from: refunds.state,
    to: refunds.state,
    set: changes(pick(refunds, 'channelRef', 'nextCheckAt', 'checks')),
  },
  (db, p) =>
    db
      .updateTable('refunds')
      .set({ ...p.set, state: p.to })
      .where('id', '=', p.id)
      .where('state', '=', p.from),
);
const markSubmitted = prepare('refunds.markSubmitted', { ...pick(refunds, 'id'), at: int }, (db, p) =>
  db.updateTable('refunds').set({ submittedAt: p.at }).where('id', '=', p.id).where('submittedAt', 'is', null),
);
const putProof = prepare('refundProofs.put', tables.refundProofs, (db, p) =>
  db
    .insertInto('refundProofs')
    .values(p)
    .onConflict((on) => on.column('refundId').doUpdateSet({ sealedProof: p.sealedProof })),
);

const caseById = prepare('cases.byId', pick(cases, 'id'), (db, p) =>
  db.selectFrom('cases').selectAll().where('id', '=', p.id),
);
const openCases = prepare('cases.open', { ...pick(cases, 'communityId'), limit: int }, (db, p) =>
  db
    .selectFrom('cases')
    .selectAll()
    .where('communityId', '=', p.communityId)
    .where('resolvedAt', 'is', null)
    .orderBy('id')
    .limit(p.limit),
);
const insertCase = prepare('cases.insert', cases, (db, p) =>
  db
    .insertInto('cases')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const resolve = prepare('cases.resolve', pick(cases, 'id', 'resolvedAt'), (db, p) =>
  db.updateTable('cases').set({ resolvedAt: p.resolvedAt }).where('id', '=', p.id).where('resolvedAt', 'is', null),
);

const insertDecision = prepare('caseDecisions.insert', tables.caseDecisions, (db, p) =>
  db.insertInto('caseDecisions').values(p),
);

type RefundQueries = Pick<
  PaymentWrites,
  | 'refund'
  | 'refunds'
  | 'dueRefunds'
  | 'insertRefund'
  | 'moveRefund'
  | 'markRefundSubmitted'
  | 'putRefundProof'
  | 'cases'
  | 'openCase'
  | 'insertCase'
  | 'resolveCase'
>;

export function refundQueries(run: Run, vault: Vault): RefundQueries {
  return {
    refund: (id) => run.first(byId, { id }),
    refunds: (orderId) => run.all(ofOrder, { orderId }),
    dueRefunds: (now, limit) => run.all(due, { now, limit }),
    insertRefund: async (row) => (await run.change(insert, row)) === 1,
    moveRefund: async (id, from, to, set = {}) => (await run.change(move, { id, from, to, set })) === 1,
    markRefundSubmitted: async (id, at) => (await run.change(markSubmitted, { id, at })) === 1,
    async putRefundProof(refundId, proof) {
      await run.change(putProof, { refundId, sealedProof: vault.seal('refund-proof', proof) });
    },
    cases: (communityId, limit) => run.all(openCases, { communityId, limit }),
    openCase: (id) => run.first(caseById, { id }),
    insertCase: async (row) => (await run.change(insertCase, row)) === 1,
    async resolveCase(id, at, { decision, by, reason }) {
      if ((await run.change(resolve, { id, resolvedAt: at })) === 0) return false;
      const sealedReason = reason === '' ? null : vault.seal('case-reason', reason);
      await run.change(insertDecision, { caseId: id, decision, decidedBy: by, sealedReason, at });
      return true;
    },
  };
}
