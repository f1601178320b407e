/** Statements line by line, what each was matched with, and the days that were reconciled. */
import { sql } from 'kysely';
import { ANSWERED_BY } from '../domain/statement.ts';
import type { StatementWrites, Unanswered } from '../ports/store/statements.ts';
import { int, pick, text } from './columns.ts';
import { mustChange } from './names.ts';
import { prepare, type Run } from './prepare.ts';
import { type ReconQueries, reconQueries } from './recon.ts';
import { tables } from './schema.ts';

const { statementRows, captures, disputeMoves, journalTransactions } = tables;
const span = { merchantAccountId: text, from: int, to: int };

const byId = prepare('statementRows.byId', pick(statementRows, 'id'), (db, p) =>
  db.selectFrom('statementRows').selectAll().where('id', '=', p.id),
);
const byLine = prepare('statementRows.byLine', pick(statementRows, 'merchantAccountId', 'lineId'), (db, p) =>
  db
    .selectFrom('statementRows')
    .selectAll()
    .where('merchantAccountId', '=', p.merchantAccountId)
    .where('lineId', '=', p.lineId),
);
const ofSpan = prepare('statementRows.ofSpan', { ...span, after: int, limit: int }, (db, p) =>
  db
    .selectFrom('statementRows')
    .selectAll()
    .where('merchantAccountId', '=', p.merchantAccountId)
    .where('occurredAt', '>=', p.from)
    .where('occurredAt', '<', p.to)
    .orderBy('occurredAt')
    .orderBy('id')
    .offset(p.after)
    .limit(p.limit),
);
const matchedTo = prepare(
  'statementRows.matchedTo',
  { type: statementRows.matchedType, ...pick(statementRows, 'id', 'kind') },
  (db, p) =>
    db
      .selectFrom('statementRows')
      .selectAll()
      .where('matchedType', '=', p.type)
      .where('matchedId', '=', p.id)
      .where('kind', '=', p.kind)
      .limit(1),
);
const feesOf = prepare('statementRows.feesOf', pick(statementRows, 'merchantAccountId', 'objectId'), (db, p) =>
  db
    .selectFrom('statementRows')
    .select(
      sql<number>`coalesce(sum(case kind when 'payment' then fee when 'fee' then fee - amount else 0 end), 0)`.as(
        'fees',
      ),
    )
    .where('merchantAccountId', '=', p.merchantAccountId)
    .where('objectId', '=', p.objectId),
);
const unplaced = prepare('statementRows.unplaced', pick(statementRows, 'merchantAccountId', 'objectId'), (db, p) =>
  db
    .selectFrom('statementRows')
    .select('id')
    .where('merchantAccountId', '=', p.merchantAccountId)
    .where('objectId', '=', p.objectId)
    .where('kind', '=', 'payment')
    .where('matchedId', 'is', null)
    .limit(1),
);
const insertRow = prepare('statementRows.insert', statementRows, (db, p) =>
  db
    .insertInto('statementRows')
    .values(p)
    .onConflict((on) => on.columns(['merchantAccountId', 'lineId']).doNothing()),
);
const updateRow = prepare('statementRows.update', pick(statementRows, 'id', 'availableAt', 'payoutRef'), (db, p) =>
  db.updateTable('statementRows').set({ availableAt: p.availableAt, payoutRef: p.payoutRef }).where('id', '=', p.id),
);
const setResult = prepare(
  'statementRows.setResult',
  pick(statementRows, 'id', 'result', 'matchedType', 'matchedId'),
  (db, p) =>
    db
      .updateTable('statementRows')
      .set({ result: p.result, matchedType: p.matchedType, matchedId: p.matchedId })
      .where('id', '=', p.id)
      .where('matchedId', 'is', null),
);
const hasEntry = prepare(
  'journalTransactions.has',
  pick(journalTransactions, 'sourceType', 'sourceId', 'kind'),
  (db, p) =>
    db
      .selectFrom('journalTransactions')
      .select('id')
      .where('sourceType', '=', p.sourceType)
      .where('sourceId', '=', p.sourceId)
      .where('kind', '=', p.kind),
);
const refundAt = prepare('refunds.at', { merchantAccountId: text, channelRef: text }, (db, p) =>
  db
    .selectFrom('refunds')
    .selectAll()
    .where('merchantAccountId', '=', p.merchantAccountId)
    .where('channelRef', '=', p.channelRef)
    .orderBy('id')
    .limit(1),
);
const moveOf = prepare('disputeMoves.unanswered', pick(disputeMoves, 'disputeId', 'kind'), (db, p) =>
  db
    .selectFrom('disputeMoves')
    .select(['id', 'amount'])
    .where('disputeId', '=', p.disputeId)
    .where('kind', '=', p.kind)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('statementRows')
            .select('statementRows.id')
            .where('matchedType', '=', 'dispute')
            .whereRef('matchedId', '=', 'disputeMoves.id'),
        ),
      ),
    )
    .orderBy('id')
    .limit(1),
);
const likely = prepare('captures.likely', { ...span, ...pick(captures, 'amount', 'currency') }, (db, p) =>
  db
    .selectFrom('captures')
    .select('id')
    .where('merchantAccountId', '=', p.merchantAccountId)
    .where('at', '>=', p.from)
    .where('at', '<', p.to)
    .where('amount', '=', p.amount)
    .where('currency', '=', p.currency)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('statementRows')
            .select('statementRows.id')
            .where('matchedType', '=', 'capture')
            .whereRef('matchedId', '=', 'captures.id'),
        ),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('statementRows')
            .select('statementRows.id')
            .whereRef('statementRows.merchantAccountId', '=', 'captures.merchantAccountId')
            .whereRef('statementRows.objectId', '=', 'captures.channelRef')
            .where('statementRows.kind', '=', 'payment'),
        ),
      ),
    )
    .orderBy('id')
    .limit(2),
);

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');
const kindOfLine = `case t.kind ${Object.entries(ANSWERED_BY)
  .map(([entry, line]) => `when '${entry}' then '${line}'`)
  .join(' ')} end`;

const unanswered = prepare(
  'journalTransactions.unanswered',
  { ...span, limit: int },
  (_db, p) => sql<Unanswered>`
    select t.source_type as "sourceType", t.source_id as "sourceId", t.kind, t.order_id as "orderId", t.currency,
      p.amount, t.at
    from journal_transactions t join postings p on p.transaction_id = t.id and p.account = 'channel'
    where t.book = ${p.merchantAccountId} and t.at >= ${p.from} and t.at < ${p.to}
      and t.kind in (${sql.raw(quoted(Object.keys(ANSWERED_BY)))})
      and not exists (
        select 1 from statement_rows s
        where s.matched_type = t.source_type and s.matched_id = t.source_id and s.kind = ${sql.raw(kindOfLine)}
      )
    order by t.id limit ${p.limit}`,
);

/** A payment's entry and its fee answer the payment's line and the lines of its fee together. */
const proof = prepare(
  'statementRows.proof',
  span,
  (_db, p) => sql<{ currency: string; statement: number; ledger: number }>`
    select currency, sum(statement) as statement, sum(ledger) as ledger from (
      select currency, amount - fee as statement, 0 as ledger from statement_rows
        where merchant_account_id = ${p.merchantAccountId} and occurred_at >= ${p.from} and occurred_at < ${p.to}
      union all
      select t.currency, 0 as statement, p.amount as ledger
        from journal_transactions t join postings p on p.transaction_id = t.id and p.account = 'channel'
        where t.book = ${p.merchantAccountId} and exists (
          select 1 from statement_rows s
          where s.merchant_account_id = ${p.merchantAccountId}
            and s.occurred_at >= ${p.from} and s.occurred_at < ${p.to}
            and (
              (t.source_type = 'statement' and t.source_id = s.id)
              or (t.source_type = 'statement' and exists (
                select 1 from recon_breaks b
                where b.id = t.source_id and (b.subject = s.id or b.subject = s.id || ':fee')
              ))
              or (s.matched_type = t.source_type and s.matched_id = t.source_id and (
                s.kind = ${sql.raw(kindOfLine)} or (s.kind = 'payment' and t.kind = 'fee')
              ))
            )
        )
    ) as sides
    group by currency order by currency`,
);

type Own = Exclude<keyof StatementWrites, keyof ReconQueries>;

export function statementQueries(run: Run): StatementWrites {
  const own: Pick<StatementWrites, Own> = {
    statementRow: (id) => run.first(byId, { id }),
    rowByLine: (merchantAccountId, lineId) => run.first(byLine, { merchantAccountId, lineId }),
    rowsOf: (of, after, limit) => run.all(ofSpan, { ...of, after, limit }),
    rowMatchedTo: (type, id, kind) => run.first(matchedTo, { type, id, kind }),
    feesOf: async (merchantAccountId, objectId) =>
      (await run.first(feesOf, { merchantAccountId, objectId }))?.fees ?? 0,
    hasUnplaced: async (merchantAccountId, objectId) =>
      (await run.first(unplaced, { merchantAccountId, objectId })) !== undefined,
    hasEntry: async (sourceType, sourceId, kind) =>
      (await run.first(hasEntry, { sourceType, sourceId, kind })) !== undefined,
    refundAt: (merchantAccountId, channelRef) => run.first(refundAt, { merchantAccountId, channelRef }),
    unansweredMove: (disputeId, kind) => run.first(moveOf, { disputeId, kind }),
    likelyCaptures: (of, { amount, currency }) => run.all(likely, { ...of, amount, currency }),
    unanswered: (of, limit) => run.all(unanswered, { ...of, limit }),
    proofOf: (of) => run.all(proof, { ...of }),
    insertRow: async (row) => (await run.change(insertRow, row)) === 1,
    async updateRow(id, changes) {
      mustChange(await run.change(updateRow, { id, ...changes }), `The statement's row ${id}`);
    },
    setResult: async (id, result, matched) =>
      (await run.change(setResult, {
        id,
        result,
        matchedType: matched?.type ?? null,
        matchedId: matched?.id ?? null,
      })) === 1,
  };
  return { ...own, ...reconQueries(run) };
}
