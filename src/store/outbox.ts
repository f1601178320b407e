/**
 * The queue of record. A lane's next message is claimed only when none of the lane is under way, so its messages arrive in the
 * order in which they were written.
 */
import { type ExpressionBuilder, sql } from 'kysely';
import { outboxMessageMachine, type OutboxMessageState } from '../domain/outbox-message.ts';
import type { OutboxRow, OutboxWrites } from '../ports/store/events.ts';
import { int, pick, text } from './columns.ts';
import { changes, prepare, type Run } from './prepare.ts';
import { type Database, type RowOf, tables } from './schema.ts';

const messages = tables.outboxMessages;
const shown = ['seq', 'id', 'lane', 'message', 'state', 'tries', 'dueAt', 'createdAt'] as const;
type Shown = Pick<RowOf<'outboxMessages'>, (typeof shown)[number]>;

/** A sender that lost its place to another sender looks for the other's message this often. */
const SEND_ROUNDS_MAX = 3;
const ERROR_MAX = 500;
/** Any number that no other lock of ours has. */
const CLAIM_LOCK = 7_021_001;

/**
 * Changes nothing and takes the row: no worker can claim it before this commit. Otherwise one might read what the message shows
 * before we have committed it, and nobody would send it again.
 */
const join = prepare('outbox.join', { lane: messages.lane, word: text }, (db, p) =>
  db
    .updateTable('outboxMessages')
    .set((eb) => ({ tries: eb.ref('tries') }))
    .where('lane', '=', p.lane)
    .where('coalesce', '=', p.word)
    .where('state', '=', 'pending'),
);
const insert = prepare('outbox.insert', messages, (db, p) =>
  db
    .insertInto('outboxMessages')
    .values(p)
    .onConflict((on) => on.doNothing()),
);

/** One worker claims at a time: two that saw different heads of one lane would both send. SQLite has one writer anyway. */
const claimAlone = prepare('outbox.claimAlone', { key: int }, (_db, p, dialect) =>
  dialect === 'postgres'
    ? sql<{ turn: number }>`select 1 as turn from (select pg_advisory_xact_lock(${p.key})) as turns`
    : sql<{ turn: number }>`select ${p.key} as turn`,
);
const claimAbandoned = prepare('outbox.claimAbandoned', { now: int, leaseUntil: int, limit: int }, (db, p, dialect) => {
  const over = db
    .selectFrom('outboxMessages as over')
    .select('over.seq')
    .where('over.state', '=', 'claimed')
    .where('over.leaseUntil', '<=', p.now)
    .orderBy('over.seq')
    .limit(p.limit);
  return db
    .updateTable('outboxMessages')
    .set((eb) => ({ leaseUntil: p.leaseUntil, tries: eb('tries', '+', 1) }))
    .where('state', '=', 'claimed')
    .where((eb) =>
      // An array is made once: whatever the plan, no more rows are taken than the limit says.
      dialect === 'postgres' ? sql<boolean>`seq = any(array(${over.forUpdate().skipLocked()}))` : eb('seq', 'in', over),
    )
    .returning(shown);
});
const claimWaiting = prepare('outbox.claimWaiting', { now: int, leaseUntil: int, limit: int }, (db, p, dialect) => {
  const next = db
    .selectFrom('outboxMessages as next')
    .select('next.seq')
    .where('next.state', '=', 'pending')
    .where('next.dueAt', '<=', p.now)
    .where(isHeadOfLane)
    .orderBy('next.seq')
    .limit(p.limit);
  return db
    .updateTable('outboxMessages')
    .set({ state: 'claimed', leaseUntil: p.leaseUntil })
    .where('state', '=', 'pending')
    .where((eb) =>
      dialect === 'postgres' ? sql<boolean>`seq = any(array(${next.forUpdate().skipLocked()}))` : eb('seq', 'in', next),
    )
    .returning(shown);
});
/** The first restriction only lets the planner find the small index of what is under way. */
function isHeadOfLane(eb: ExpressionBuilder<Database & { next: Database['outboxMessages'] }, 'next'>) {
  const before = eb
    .selectFrom('outboxMessages as other')
    .select('other.seq')
    .whereRef('other.lane', '=', 'next.lane')
    .where('other.state', 'in', ['pending', 'claimed'])
    .where((on) => on.or([on('other.state', '=', 'claimed'), on('other.seq', '<', on.ref('next.seq'))]));
  return eb.not(eb.exists(before));
}

const ending = {
  ...pick(messages, 'id'),
  from: messages.state,
  to: messages.state,
  set: changes(pick(messages, 'dueAt', 'tries', 'error', 'coalesce')),
};
const finish = prepare('outbox.finish', ending, (db, p) =>
  db
    .updateTable('outboxMessages')
    .set({ ...p.set, state: p.to, leaseUntil: null })
    .where('id', '=', p.id)
    .where('state', '=', p.from),
);
const finishOwn = prepare('outbox.finishOwn', { ...ending, lease: int }, (db, p) =>
  db
    .updateTable('outboxMessages')
    .set({ ...p.set, state: p.to, leaseUntil: null })
    .where('id', '=', p.id)
    .where('state', '=', p.from)
    .where('leaseUntil', '=', p.lease),
);

const endLeases = prepare('outbox.endLeases', { now: int }, (db, p) =>
  db
    .updateTable('outboxMessages')
    .set({ leaseUntil: p.now })
    .where('state', '=', 'claimed')
    .where('leaseUntil', '>', p.now),
);
const nextHead = prepare('outbox.nextHead', {}, (db) =>
  db
    .selectFrom('outboxMessages as next')
    .select(sql<number | null>`min(next.due_at)`.as('due'))
    .where('next.state', '=', 'pending')
    .where(isHeadOfLane),
);
const nextLease = prepare('outbox.nextLease', {}, (db) =>
  db
    .selectFrom('outboxMessages')
    .select(sql<number | null>`min(lease_until)`.as('due'))
    .where('state', '=', 'claimed'),
);
const counts = prepare('outbox.counts', {}, (db) =>
  db
    .selectFrom('outboxMessages')
    .select((eb) => ['state', eb.fn.countAll<number>().as('found')])
    .groupBy('state')
    .orderBy('state'),
);
const dead = prepare('outbox.dead', { limit: int }, (db, p) =>
  db.selectFrom('outboxMessages').select(shown).where('state', '=', 'dead').orderBy('seq').limit(p.limit),
);

const bySeq = (rows: readonly Shown[]): Shown[] => rows.toSorted((a, b) => a.seq - b.seq);
const outboxRow = ({ id, lane, message, state, tries, dueAt, createdAt }: Shown): OutboxRow => ({
  id,
  lane,
  message,
  state,
  tries,
  dueAt,
  createdAt,
});

export function outboxQueries(run: Run): OutboxWrites {
  return {
    async send(row, options) {
      const word = options?.coalesce ?? null;
      for (let round = 1; round <= SEND_ROUNDS_MAX; round++) {
        if (word !== null && (await run.change(join, { lane: row.lane, word })) > 0) return false;
        const made = await run.change(insert, {
          ...row,
          coalesce: word,
          state: 'pending',
          tries: 0,
          leaseUntil: null,
          error: null,
        });
        if (made === 1) return true;
        if (word === null) return false;
      }
      return false;
    },
    async claim(now, leaseUntil, limit) {
      await run.first(claimAlone, { key: CLAIM_LOCK });
      const again = await run.all(claimAbandoned, { now, leaseUntil, limit });
      const left = limit - again.length;
      const fresh = left > 0 ? await run.all(claimWaiting, { now, leaseUntil, limit: left }) : [];
      return [
        ...bySeq(again).map((row) => ({ ...outboxRow(row), abandoned: true })),
        ...bySeq(fresh).map((row) => ({ ...outboxRow(row), abandoned: false })),
      ];
    },
    async finish(id, from, to, { error, ...rest } = {}, lease) {
      const set = {
        ...rest,
        ...(error === undefined ? {} : { error: error.slice(0, ERROR_MAX) }),
        // By now another may wait under the same word, and only one can.
        ...(to === 'pending' ? { coalesce: null } : {}),
      };
      const done =
        lease === undefined
          ? await run.change(finish, { id, from, to, set })
          : await run.change(finishOwn, { id, from, to, set, lease });
      return done === 1;
    },
    endClaims: (now) => run.change(endLeases, { now }),
    async nextDue() {
      const head = await run.first(nextHead, {});
      const lease = await run.first(nextLease, {});
      const due = [head?.due, lease?.due].filter((at) => at != null);
      return due.length === 0 ? undefined : Math.min(...due);
    },
    async counts() {
      const found = new Map((await run.all(counts, {})).map((row) => [row.state, row.found]));
      const entries = outboxMessageMachine.states.map((state) => [state, found.get(state) ?? 0] as const);
      return Object.fromEntries(entries) as Record<OutboxMessageState, number>;
    },
    dead: async (limit) => (await run.all(dead, { limit })).map(outboxRow),
  };
}
