/** Leases: one row a kind of work, and a count in it that moves for as long as its holder lives. */
import type { LeaseWrites } from '../ports/store/platforms.ts';
import { int, pick, text } from './columns.ts';
import { prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

const { leases } = tables;

const lease = prepare('leases.of', pick(leases, 'name'), (db, p) =>
  db.selectFrom('leases').selectAll().where('name', '=', p.name),
);
const open = prepare('leases.open', leases, (db, p) =>
  db
    .insertInto('leases')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const move = prepare('leases.move', { ...leases, from: text, next: int }, (db, p) =>
  db
    .updateTable('leases')
    .set({ holder: p.holder, beat: p.next })
    .where('name', '=', p.name)
    .where('holder', '=', p.from)
    .where('beat', '=', p.beat),
);

export function leaseQueries(run: Run): LeaseWrites {
  return {
    lease: (name) => run.first(lease, { name }),
    async takeLease(name, holder, seen) {
      if (!seen) return (await run.change(open, { name, holder, beat: 1 })) === 1;
      const { holder: from, beat } = seen;
      return (await run.change(move, { name, holder, from, beat, next: beat + 1 })) === 1;
    },
  };
}
