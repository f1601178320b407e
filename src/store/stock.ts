/**
 * Units in the sellers' hands. Every change is one guarded update whose row count decides, so that two buyers of the last unit
 * need no lock: the second finds the guard closed. Each change of `onHand` writes its difference beside it.
 */
import type { CatalogWrites } from '../ports/store/catalog.ts';
import { int, orNull, pick } from './columns.ts';
import { mustChange, PARTS_MAX } from './names.ts';
import { prepare, type Run } from './prepare.ts';
import { type RowOf, tables } from './schema.ts';

const units = { variantId: tables.variants.id, quantity: int };

const insertMove = prepare('stockMoves.insert', tables.stockMoves, (db, p) => db.insertInto('stockMoves').values(p));
const hold = prepare('variants.hold', units, (db, p) =>
  db
    .updateTable('variants')
    .set((eb) => ({ held: eb('held', '+', p.quantity) }))
    .where('id', '=', p.variantId)
    .where((eb) => eb.or([eb('onHand', 'is', null), eb(eb('onHand', '-', eb.ref('held')), '>=', p.quantity)])),
);
const release = prepare('variants.release', units, (db, p) =>
  db
    .updateTable('variants')
    .set((eb) => ({ held: eb('held', '-', p.quantity) }))
    .where('id', '=', p.variantId)
    .where('held', '>=', p.quantity),
);
const commit = prepare('variants.commit', units, (db, p) =>
  db
    .updateTable('variants')
    .set((eb) => ({
      held: eb('held', '-', p.quantity),
      onHand: eb('onHand', '-', p.quantity),
      sold: eb('sold', '+', p.quantity),
    }))
    .where('id', '=', p.variantId)
    .where('held', '>=', p.quantity)
    .returning('onHand'),
);
const take = prepare('variants.take', units, (db, p) =>
  db
    .updateTable('variants')
    .set((eb) => ({ onHand: eb('onHand', '-', p.quantity), sold: eb('sold', '+', p.quantity) }))
    .where('id', '=', p.variantId)
    .where((eb) => eb.or([eb('onHand', 'is', null), eb(eb('onHand', '-', eb.ref('held')), '>=', p.quantity)]))
    .returning('onHand'),
);
const giveBack = prepare('variants.return', units, (db, p) =>
  db
    .updateTable('variants')
    .set((eb) => ({ onHand: eb('onHand', '+', p.quantity), sold: eb('sold', '-', p.quantity) }))
    .where('id', '=', p.variantId)
    .where('sold', '>=', p.quantity)
    .returning('onHand'),
);
/** Changes nothing, and keeps the row for this commit: what it answers is true until then. */
const keepRow = prepare('variants.keep', pick(tables.variants, 'id'), (db, p) =>
  db
    .updateTable('variants')
    .set((eb) => ({ held: eb.ref('held') }))
    .where('id', '=', p.id)
    .returning('onHand'),
);
const setOnHand = prepare(
  'variants.setOnHand',
  { variantId: tables.variants.id, onHand: orNull(int), least: int },
  (db, p) =>
    db.updateTable('variants').set({ onHand: p.onHand }).where('id', '=', p.variantId).where('held', '<=', p.least),
);

const holdsOf = prepare('holds.ofOrder', pick(tables.holds, 'orderId'), (db, p) =>
  db
    .selectFrom('holds')
    .select(['id', 'orderId', 'variantId', 'quantity', 'state'])
    .where('orderId', '=', p.orderId)
    .orderBy('id')
    .limit(PARTS_MAX),
);
const insertHold = prepare('holds.insert', tables.holds, (db, p) =>
  db
    .insertInto('holds')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const endHold = prepare('holds.end', pick(tables.holds, 'id', 'state', 'endedAt'), (db, p) =>
  db
    .updateTable('holds')
    .set({ state: p.state, endedAt: p.endedAt })
    .where('id', '=', p.id)
    .where('state', '=', 'held'),
);

type Move = Pick<RowOf<'stockMoves'>, 'variantId' | 'delta' | 'reason' | 'at'> & { orderId?: string };

/** Nothing moved, nothing written. */
export async function recordMove(run: Run, { orderId, ...move }: Move): Promise<void> {
  if (move.delta !== 0) await run.change(insertMove, { ...move, orderId: orderId ?? null });
}

type StockQueries = Pick<
  CatalogWrites,
  | 'setOnHand'
  | 'holdStock'
  | 'releaseStock'
  | 'commitStock'
  | 'takeStock'
  | 'returnStock'
  | 'holdsOf'
  | 'insertHold'
  | 'endHold'
>;

export function stockQueries(run: Run): StockQueries {
  return {
    async setOnHand(variantId, onHand, at, reason) {
      const before = await run.first(keepRow, { id: variantId });
      if (!before) return false;
      // Unlimited stock has room for every hold.
      const least = onHand ?? Number.MAX_SAFE_INTEGER;
      if ((await run.change(setOnHand, { variantId, onHand, least })) === 0) return false;
      await recordMove(run, { variantId, delta: (onHand ?? 0) - (before.onHand ?? 0), reason, at });
      return true;
    },
    holdStock: async (variantId, quantity) =>
      (await run.change(hold, { variantId, quantity: positive(quantity) })) === 1,
    async releaseStock(variantId, quantity) {
      const released = await run.change(release, { variantId, quantity: positive(quantity) });
      mustChange(released, `The release of ${quantity} units of variant ${variantId}`);
    },
    async commitStock(variantId, quantity, at, orderId) {
      const left = await run.first(commit, { variantId, quantity: positive(quantity) });
      mustChange(left ? 1 : 0, `The sale of ${quantity} held units of variant ${variantId}`);
      if (left?.onHand != null) await recordMove(run, { variantId, delta: -quantity, reason: 'sale', orderId, at });
    },
    async takeStock(variantId, quantity, at, orderId) {
      const left = await run.first(take, { variantId, quantity: positive(quantity) });
      if (!left) return false;
      if (left.onHand !== null) await recordMove(run, { variantId, delta: -quantity, reason: 'sale', orderId, at });
      return true;
    },
    async returnStock(variantId, quantity, at, orderId) {
      const left = await run.first(giveBack, { variantId, quantity: positive(quantity) });
      mustChange(left ? 1 : 0, `The return of ${quantity} units of variant ${variantId}`);
      if (left?.onHand != null) await recordMove(run, { variantId, delta: quantity, reason: 'return', orderId, at });
    },
    holdsOf: (orderId) => run.all(holdsOf, { orderId }),
    insertHold: async (row, at) => (await run.change(insertHold, { ...row, createdAt: at, endedAt: null })) === 1,
    endHold: async (id, to, at) => (await run.change(endHold, { id, state: to, endedAt: at })) === 1,
  };
}

/** A guard would let a negative number through. */
function positive(quantity: number): number {
  if (quantity < 1) throw new RangeError(`${quantity} units: stock moves by whole units from 1.`);
  return quantity;
}
