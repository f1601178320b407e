/** Single-use codes of digital products: sealed at rest, found again by a keyed digest, each handed to at most one order line. */
import type { Vault } from '../ports/runtime.ts';
import type { CatalogWrites } from '../ports/store/catalog.ts';
import { int, pick } from './columns.ts';
import { PARTS_MAX } from './names.ts';
import { prepare, type Run } from './prepare.ts';
import { tables } from './schema.ts';

/** How often an assignment that lost codes to somebody else looks for others. Each round waits for that somebody's commit. */
const ROUNDS_MAX = 1000;

const insert = prepare('codes.insert', tables.codes, (db, p) =>
  db
    .insertInto('codes')
    .values(p)
    .onConflict((on) => on.doNothing()),
);
const free = prepare('codes.free', pick(tables.codes, 'productId'), (db, p) =>
  db
    .selectFrom('codes')
    .select((eb) => eb.fn.countAll<number>().as('free'))
    .where('productId', '=', p.productId)
    .where('orderId', 'is', null),
);
const ofOrder = prepare('codes.ofOrder', { orderId: tables.orders.id }, (db, p) =>
  db
    .selectFrom('codes')
    .select(['seq', 'productId', 'orderLineId', 'sealedCode', 'shownAt'])
    .where('orderId', '=', p.orderId)
    .orderBy('seq')
    .limit(PARTS_MAX * 20),
);
const assign = prepare(
  'codes.assign',
  {
    productId: tables.codes.productId,
    orderId: tables.orders.id,
    orderLineId: tables.orderLines.id,
    at: int,
    quantity: int,
  },
  (db, p) =>
    db
      .updateTable('codes')
      .set({ orderId: p.orderId, orderLineId: p.orderLineId, assignedAt: p.at })
      // Said again out here: whoever waited for another's commit looks at this guard once more.
      .where('orderId', 'is', null)
      .where('seq', 'in', (eb) =>
        eb
          .selectFrom('codes as next')
          .select('next.seq')
          .where('next.productId', '=', p.productId)
          .where('next.orderId', 'is', null)
          .orderBy('next.seq')
          .limit(p.quantity),
      ),
);
const markShown = prepare('codes.markShown', { orderLineId: tables.orderLines.id, quantity: int, at: int }, (db, p) =>
  db
    .updateTable('codes')
    .set({ shownAt: p.at })
    .where('orderLineId', '=', p.orderLineId)
    .where('shownAt', 'is', null)
    .where('seq', 'in', (eb) =>
      eb
        .selectFrom('codes as own')
        .select('own.seq')
        .where('own.orderLineId', '=', p.orderLineId)
        .orderBy('own.seq')
        .limit(p.quantity),
    ),
);
const unassign = prepare(
  'codes.return',
  { orderId: tables.orders.id, orderLineId: tables.orderLines.id, quantity: int },
  (db, p) =>
    db
      .updateTable('codes')
      .set({ orderId: null, orderLineId: null, assignedAt: null })
      .where('orderLineId', '=', p.orderLineId)
      .where('shownAt', 'is', null)
      .where('seq', 'in', (eb) =>
        eb
          .selectFrom('codes as own')
          .select('own.seq')
          .where('own.orderId', '=', p.orderId)
          .where('own.orderLineId', '=', p.orderLineId)
          .where('own.shownAt', 'is', null)
          .orderBy('own.seq', 'desc')
          .limit(p.quantity),
      ),
);

type CodeQueries = Pick<
  CatalogWrites,
  'freeCodes' | 'codesOf' | 'addCodes' | 'assignCodes' | 'markCodesShown' | 'returnUnshownCodes'
>;

export function codeQueries(run: Run, vault: Vault): CodeQueries {
  const freeCodes = async (productId: string) => (await run.first(free, { productId }))?.free ?? 0;
  return {
    freeCodes,
    async codesOf(orderId) {
      const rows = await run.all(ofOrder, { orderId });
      return rows.map(({ seq, orderLineId, sealedCode, ...row }) => {
        if (orderLineId === null) throw new Error(`Code ${seq} belongs to order ${orderId} and to none of its lines.`);
        return { ...row, orderLineId, id: String(seq), code: vault.open('code', sealedCode) };
      });
    },
    async addCodes(productId, codes, at) {
      let added = 0;
      for (const code of codes) {
        added += await run.change(insert, {
          productId,
          codeDigest: vault.digest('code', `${productId}:${code}`),
          sealedCode: vault.seal('code', code),
          orderId: null,
          orderLineId: null,
          assignedAt: null,
          shownAt: null,
          createdAt: at,
        });
      }
      return added;
    },
    async assignCodes(productId, orderId, orderLineId, quantity, at) {
      let assigned = 0;
      for (let round = 1; assigned < quantity && round <= ROUNDS_MAX; round++) {
        assigned += await run.change(assign, { productId, orderId, orderLineId, at, quantity: quantity - assigned });
        if (assigned < quantity && (await freeCodes(productId)) === 0) break;
      }
      return assigned;
    },
    async markCodesShown(orderLineId, quantity, at) {
      await run.change(markShown, { orderLineId, quantity, at });
    },
    returnUnshownCodes: (orderId, orderLineId, quantity) => run.change(unassign, { orderId, orderLineId, quantity }),
  };
}
