/** The days that were reconciled, and what did not agree. */
import { sql } from 'kysely';
import type { StatementWrites } from '../ports/store/statements.ts';
import { int, pick, text } from './columns.ts';
import { PARTS_MAX } from './names.ts';
import { prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const { reconDays, reconBreaks, merchantAccounts, captures } = tables;

const bySubject = prepare('reconBreaks.bySubject', pick(reconBreaks, 'subject'), (db, p) =>
  db.selectFrom('reconBreaks').selectAll().where('subject', '=', p.subject),
);
const breakById = prepare('reconBreaks.byId', pick(reconBreaks, 'id'), (db, p) =>
  db.selectFrom('reconBreaks').selectAll().where('id', '=', p.id),
);
const breaksOf = prepare('reconBreaks.ofDay', pick(reconBreaks, 'merchantAccountId', 'day'), (db, p) =>
  db
    .selectFrom('reconBreaks')
    .selectAll()
    .where('merchantAccountId', '=', p.merchantAccountId)
    .where('day', '=', p.day)
    .orderBy('id')
    .limit(PARTS_MAX),
);
const insertBreak = prepare('reconBreaks.insert', reconBreaks, (db, p) =>
  db
    .insertInto('reconBreaks')
    .values(p)
    .onConflict((on) => on.column('subject').doNothing()),
);
const closeBreak = prepare('reconBreaks.close', pick(reconBreaks, 'id', 'closedAt'), (db, p) =>
  db.updateTable('reconBreaks').set({ closedAt: p.closedAt }).where('id', '=', p.id).where('closedAt', 'is', null),
);
const dayOf = prepare('reconDays.of', pick(reconDays, 'merchantAccountId', 'day'), (db, p) =>
  db.selectFrom('reconDays').selectAll().where('merchantAccountId', '=', p.merchantAccountId).where('day', '=', p.day),
);
const due = prepare('reconDays.due', { now: int, limit: int }, (db, p) =>
  db
    .selectFrom('reconDays')
    .selectAll()
    .where('nextAt', '<=', p.now)
    .orderBy('nextAt')
    .orderBy('merchantAccountId')
    .limit(p.limit),
);
const putDay = prepare('reconDays.put', reconDays, (db, p) =>
  db
    .insertInto('reconDays')
    .values(p)
    .onConflict((on) =>
      on
        .columns(['merchantAccountId', 'day'])
        .doUpdateSet({ hash: p.hash, lineCount: p.lineCount, ranAt: p.ranAt, nextAt: p.nextAt }),
    ),
);
const unreconciled = prepare(
  'merchantAccounts.unreconciled',
  { ...pick(merchantAccounts, 'channel'), day: text, before: int, limit: int },
  (db, p) =>
    db
      .selectFrom('merchantAccounts')
      .select('merchantAccounts.id')
      .where('channel', '=', p.channel)
      .where('createdAt', '<', p.before)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('reconDays')
              .select(sql<number>`1`.as('one'))
              .whereRef('reconDays.merchantAccountId', '=', 'merchantAccounts.id')
              .where('reconDays.day', '=', p.day),
          ),
        ),
      )
      .orderBy('merchantAccounts.id')
      .limit(p.limit),
);
const accountsAt = prepare(
  'merchantAccounts.atChannel',
  { ...pick(merchantAccounts, 'channel'), after: text, limit: int },
  (db, p) =>
    db
      .selectFrom('merchantAccounts')
      .select('id')
      .where('channel', '=', p.channel)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);
const accountByRef = prepare('merchantAccounts.byRef', pick(merchantAccounts, 'channel', 'accountRef'), (db, p) =>
  db
    .selectFrom('merchantAccounts')
    .select('shopId')
    .where('channel', '=', p.channel)
    .where('accountRef', '=', p.accountRef)
    .limit(1),
);
const learnFee = prepare('captures.learnFee', pick(captures, 'id', 'fee'), (db, p) =>
  db.updateTable('captures').set({ fee: p.fee }).where('id', '=', p.id).where('fee', '=', 0),
);

export type ReconQueries = Pick<
  StatementWrites,
  | ('breakOf' | 'breakById' | 'breaksOf' | 'insertBreak' | 'closeBreak' | 'reconDay' | 'dueReconDays' | 'putReconDay')
  | ('unreconciled' | 'accountsAt' | 'accountByRef' | 'learnFee')
>;

export function reconQueries(run: Run): ReconQueries {
  return {
    breakOf: (subject) => run.first(bySubject, { subject }),
    breakById: (id) => run.first(breakById, { id }),
    breaksOf: (merchantAccountId, day) => run.all(breaksOf, { merchantAccountId, day }),
    insertBreak: async (row) => (await run.change(insertBreak, row)) === 1,
    closeBreak: async (id, at) => (await run.change(closeBreak, { id, closedAt: at })) === 1,
    reconDay: (merchantAccountId, day) => run.first(dayOf, { merchantAccountId, day }),
    dueReconDays: (now, limit) => run.all(due, { now, limit }),
    async putReconDay(row) {
      await run.change(putDay, row);
    },
    unreconciled: (channel, day, before, limit) => run.all(unreconciled, { channel, day, before, limit }),
    accountsAt: (channel, after, limit) => run.all(accountsAt, { channel, after, limit }),
    accountByRef: (channel, accountRef) => run.first(accountByRef, { channel, accountRef }),
    learnFee: async (id, fee) => (await run.change(learnFee, { id, fee })) === 1,
  };
}
