/** Buttons that were drawn, and the trail of what people did with more than their own things. */
import type { AuditWrites, HandleWrites } from '../ports/store/events.ts';
import { int, pick } from './columns.ts';
import { PARTS_MAX } from './names.ts';
import { prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const byHandle = prepare('handles.byHandle', pick(tables.handles, 'handle'), (db, p) =>
  db.selectFrom('handles').selectAll().where('handle', '=', p.handle),
);
const put = prepare('handles.put', tables.handles, (db, p) =>
  db
    .insertInto('handles')
    .values(p)
    .onConflict((on) =>
      on.column('handle').doUpdateSet({ expiresAt: p.expiresAt }).where('handles.expiresAt', '<', p.expiresAt),
    ),
);
const prune = prepare('handles.prune', { before: int, limit: int }, (db, p) =>
  db
    .deleteFrom('handles')
    .where('expiresAt', '<', p.before)
    .where('handle', 'in', (eb) =>
      eb
        .selectFrom('handles as old')
        .select('old.handle')
        .where('old.expiresAt', '<', p.before)
        .orderBy('old.expiresAt')
        .limit(p.limit),
    ),
);

export function handleQueries(run: Run): HandleWrites {
  return {
    handle: (handle) => run.first(byHandle, { handle }),
    async insertHandles(rows) {
      // In one order everywhere: two drawings of one card touch the same rows.
      for (const row of rows.toSorted((a, b) => (a.handle < b.handle ? -1 : 1))) await run.change(put, row);
    },
    pruneHandles: (before, limit) => run.change(prune, { before, limit }),
  };
}

const insertEntry = prepare('auditEntries.insert', tables.auditEntries, (db, p) =>
  db.insertInto('auditEntries').values(p),
);
const entriesOf = prepare('auditEntries.ofObject', pick(tables.auditEntries, 'objectId'), (db, p) =>
  db.selectFrom('auditEntries').selectAll().where('objectId', '=', p.objectId).orderBy('id').limit(PARTS_MAX),
);

export function auditQueries(run: Run): AuditWrites {
  return {
    async audit(entry) {
      await run.change(insertEntry, entry);
    },
    auditOf: (objectId) => run.all(entriesOf, { objectId }),
  };
}
