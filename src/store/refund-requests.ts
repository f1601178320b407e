/** What buyers ask back, and who lets large refunds go out. */
import type { Vault } from '../ports/runtime.ts';
import type { RefundRequest, RefundRequestWrites } from '../ports/store/refund-requests.ts';
import { int, pick } from './columns.ts';
import { mustChange, PARTS_MAX } from './names.ts';
import { changes, prepare, type Run } from './prepare.ts';
import { type RowOf, tables } from './schema.ts';

const { refundRequests, refundApprovals, refundPolicies } = tables;

const byId = prepare('refundRequests.byId', pick(refundRequests, 'id'), (db, p) =>
  db.selectFrom('refundRequests').selectAll().where('id', '=', p.id),
);
const ofOrder = prepare('refundRequests.ofOrder', pick(refundRequests, 'orderId'), (db, p) =>
  db.selectFrom('refundRequests').selectAll().where('orderId', '=', p.orderId).orderBy('id', 'desc').limit(PARTS_MAX),
);
const due = prepare('refundRequests.due', { now: int, limit: int }, (db, p) =>
  db
    .selectFrom('refundRequests')
    .select('id')
    .where('remindAt', '<=', p.now)
    .orderBy('remindAt')
    .orderBy('id')
    .limit(p.limit),
);
const insert = prepare('refundRequests.insert', refundRequests, (db, p) =>
  db
    .insertInto('refundRequests')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const changeable = pick(refundRequests, 'remindAt', 'refundId', 'decidedBy', 'decidedAt', 'sealedAnswer');
const move = prepare(
  'refundRequests.move',
  { ...pick(refundRequests, 'id'), from: refundRequests.state, to: refundRequests.state, set: changes(changeable) },
  (db, p) =>
    db
      .updateTable('refundRequests')
      .set({ ...p.set, state: p.to })
      .where('id', '=', p.id)
      .where('state', '=', p.from),
);
const insertApproval = prepare('refundApprovals.insert', refundApprovals, (db, p) =>
  db.insertInto('refundApprovals').values(p),
);
const policyOf = prepare('refundPolicies.of', pick(refundPolicies, 'communityId'), (db, p) =>
  db.selectFrom('refundPolicies').selectAll().where('communityId', '=', p.communityId),
);
const putPolicy = prepare('refundPolicies.put', refundPolicies, (db, p) =>
  db
    .insertInto('refundPolicies')
    .values(p)
    .onConflict((on) =>
      on.column('communityId').doUpdateSet({ requestHours: p.requestHours, approvalLimit: p.approvalLimit }),
    ),
);

const USUAL = { requestHours: 48, approvalLimit: 100_000 } as const;

export function refundRequestQueries(run: Run, vault: Vault): RefundRequestWrites {
  const seal = (text: string) => (text === '' ? '' : vault.seal('refund-request', text));
  const open = (sealed: string) => (sealed === '' ? '' : vault.open('refund-request', sealed));
  const shown = ({ sealedReason, sealedAnswer, ...row }: RowOf<'refundRequests'>): RefundRequest => {
    return { ...row, reason: open(sealedReason), answer: open(sealedAnswer) };
  };
  return {
    async refundRequest(id) {
      const row = await run.first(byId, { id });
      return row && shown(row);
    },
    requestsOf: async (orderId) => (await run.all(ofOrder, { orderId })).map(shown),
    dueRequests: (now, limit) => run.all(due, { now, limit }),
    refundPolicy: async (communityId) => (await run.first(policyOf, { communityId })) ?? { communityId, ...USUAL },
    async insertRequest({ reason, answer, ...row }) {
      return (await run.change(insert, { ...row, sealedReason: seal(reason), sealedAnswer: seal(answer) })) === 1;
    },
    async moveRequest(id, from, to, { answer, ...rest } = {}) {
      const set = answer === undefined ? rest : { ...rest, sealedAnswer: seal(answer) };
      return (await run.change(move, { id, from, to, set })) === 1;
    },
    async insertApproval(row) {
      mustChange(await run.change(insertApproval, row), `The approval of refund ${row.refundId}`);
    },
    async putRefundPolicy(row) {
      await run.change(putPolicy, row);
    },
  };
}
