/** Facts that providers told us: written once for ever; what is done about each stands beside it. */
import type { Vault } from '../ports/runtime.ts';
import { type InboxWrites, SETTLED_EVENTS } from '../ports/store/events.ts';
import { int, pick, text as word } from './columns.ts';
import { changes, prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const { inboxEvents, inboxWork, inboxPayloads } = tables;

const insertEvent = prepare('inboxEvents.insert', inboxEvents, (db, p) =>
  db
    .insertInto('inboxEvents')
    .values(p)
    .onConflict((on) => on.columns(['channel', 'account', 'eventId']).doNothing()),
);
const insertWork = prepare('inboxWork.insert', inboxWork, (db, p) => db.insertInto('inboxWork').values(p));
const insertPayload = prepare('inboxPayloads.insert', inboxPayloads, (db, p) =>
  db.insertInto('inboxPayloads').values(p),
);
const event = prepare('inboxEvents.byId', pick(inboxEvents, 'id'), (db, p) =>
  db.selectFrom('inboxEvents').selectAll().where('id', '=', p.id),
);
const eventByKey = prepare('inboxEvents.byKey', pick(inboxEvents, 'channel', 'account', 'eventId'), (db, p) =>
  db
    .selectFrom('inboxEvents')
    .innerJoin('inboxWork', 'inboxWork.id', 'inboxEvents.id')
    .selectAll('inboxEvents')
    .select('inboxWork.state')
    .where('channel', '=', p.channel)
    .where('account', '=', p.account)
    .where('eventId', '=', p.eventId),
);
const payload = prepare('inboxPayloads.byId', pick(inboxPayloads, 'id'), (db, p) =>
  db.selectFrom('inboxPayloads').select('sealedPayload').where('id', '=', p.id),
);
const keptPayloads = prepare('inboxPayloads.kept', { after: word, limit: int }, (db, p) =>
  db
    .selectFrom('inboxPayloads')
    .innerJoin('inboxEvents', 'inboxEvents.id', 'inboxPayloads.id')
    .innerJoin('inboxWork', 'inboxWork.id', 'inboxPayloads.id')
    .select(['inboxPayloads.id', 'inboxEvents.receivedAt', 'inboxWork.state'])
    .where('inboxPayloads.id', '>', p.after)
    .orderBy('inboxPayloads.id')
    .limit(p.limit),
);
const dropPayload = prepare('inboxPayloads.drop', pick(inboxPayloads, 'id'), (db, p) =>
  db
    .deleteFrom('inboxPayloads')
    .where('id', '=', p.id)
    .where('id', 'in', (eb) =>
      eb.selectFrom('inboxWork').select('inboxWork.id').where('id', '=', p.id).where('state', 'in', SETTLED_EVENTS),
    ),
);
const work = prepare('inboxWork.byId', pick(inboxWork, 'id'), (db, p) =>
  db.selectFrom('inboxWork').selectAll().where('id', '=', p.id),
);
const dueWork = prepare('inboxWork.due', { now: int, limit: int }, (db, p) =>
  db
    .selectFrom('inboxWork')
    .selectAll()
    .where('state', 'in', ['pending', 'parked'])
    .where('dueAt', '<=', p.now)
    .orderBy('dueAt')
    .orderBy('id')
    .limit(p.limit),
);
const eventsOf = prepare('inboxEvents.inState', { ...pick(inboxWork, 'state'), limit: int }, (db, p) =>
  db
    .selectFrom('inboxEvents')
    .innerJoin('inboxWork', 'inboxWork.id', 'inboxEvents.id')
    .selectAll('inboxEvents')
    .select(['inboxWork.state', 'inboxWork.tries', 'inboxWork.dueAt'])
    .where('inboxWork.state', '=', p.state)
    .orderBy('inboxEvents.id', 'desc')
    .limit(p.limit),
);
const moveWork = prepare(
  'inboxWork.move',
  {
    ...pick(inboxWork, 'id'),
    from: inboxWork.state,
    to: inboxWork.state,
    set: changes(pick(inboxWork, 'tries', 'dueAt')),
  },
  (db, p) =>
    db
      .updateTable('inboxWork')
      .set({ ...p.set, state: p.to })
      .where('id', '=', p.id)
      .where('state', '=', p.from),
);

export function inboxQueries(run: Run, vault: Vault): InboxWrites {
  return {
    async insertEvent(row, text) {
      if ((await run.change(insertEvent, row)) === 0) return false;
      await run.change(insertWork, { id: row.id, state: 'pending', tries: 0, dueAt: row.receivedAt });
      await run.change(insertPayload, { id: row.id, sealedPayload: vault.seal('inbox', text) });
      return true;
    },
    event: (id) => run.first(event, { id }),
    eventByKey: (channel, account, eventId) => run.first(eventByKey, { channel, account, eventId }),
    async payload(id) {
      const row = await run.first(payload, { id });
      return row && vault.open('inbox', row.sealedPayload);
    },
    keptPayloads: (after, limit) => run.all(keptPayloads, { after, limit }),
    dropPayload: async (id) => (await run.change(dropPayload, { id })) === 1,
    work: (id) => run.first(work, { id }),
    dueWork: (now, limit) => run.all(dueWork, { now, limit }),
    async eventsIn(states, limit) {
      const found = [];
      for (const state of states) found.push(...(await run.all(eventsOf, { state, limit })));
      return found.toSorted((one, other) => (one.id < other.id ? 1 : -1)).slice(0, limit);
    },
    moveWork: async (id, from, to, set = {}) => (await run.change(moveWork, { id, from, to, set })) === 1,
  };
}
