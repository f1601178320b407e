/** Stock of an order: kept while its bill is open, sold when it is paid, given back when neither happens. */
import type { Tx } from '../../ports/store.ts';
import type { Product } from '../../ports/store/catalog.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import { won } from '../commit.ts';
import { refreshCards } from '../tell.ts';
import { note, type When } from '../timeline.ts';

/** Rows of one kind are taken in id order, so that two orders of the same goods never wait for each other in a circle. */
const inOrder = <T extends { variantId: string }>(rows: readonly T[]): T[] =>
  rows.toSorted((a, b) => (a.variantId < b.variantId ? -1 : 1));

export async function refreshCardsOf(tx: Tx, at: When, lines: readonly OrderLine[]): Promise<void> {
  for (const productId of [...new Set(lines.map((line) => line.productId))].toSorted())
    await refreshCards(tx, at, productId);
}

/** Keeps the units of every line whose product keeps stock on checkout. The line that was short, or undefined. */
export async function holdFor(
  tx: Tx,
  at: When,
  order: Pick<Order, 'id'>,
  lines: readonly OrderLine[],
  products: ReadonlyMap<string, Product>,
): Promise<OrderLine | undefined> {
  return holdLines(
    tx,
    at,
    order,
    lines.filter((line) => products.get(line.productId)?.holdPolicy.kind === 'on_checkout'),
  );
}

/** Keeps what is not kept yet, whatever its product says: for goods that leave before they are paid for. */
export async function holdRest(
  tx: Tx,
  at: When,
  order: Pick<Order, 'id'>,
  lines: readonly OrderLine[],
): Promise<OrderLine | undefined> {
  const holds = (await tx.catalog.holdsOf(order.id)).filter((one) => one.state === 'held');
  const kept = new Set(holds.map((one) => one.variantId));
  return holdLines(
    tx,
    at,
    order,
    lines.filter((line) => !kept.has(line.variantId)),
  );
}

async function holdLines(
  tx: Tx,
  at: When,
  order: Pick<Order, 'id'>,
  lines: readonly OrderLine[],
): Promise<OrderLine | undefined> {
  const kept: OrderLine[] = [];
  for (const line of inOrder(lines)) {
    if (!(await tx.catalog.holdStock(line.variantId, line.quantity))) {
      for (const other of kept) await tx.catalog.releaseStock(other.variantId, other.quantity);
      return line;
    }
    kept.push(line);
  }
  for (const { variantId, quantity } of kept) {
    await tx.catalog.insertHold(
      { id: at.deps.ids.next(), orderId: order.id, variantId, quantity, state: 'held' },
      at.now,
    );
  }
  if (kept.length > 0)
    await note(tx, at, order.id, 'hold_made', { units: kept.reduce((units, line) => units + line.quantity, 0) });
  return undefined;
}

/** Gives back what is still held for the order. */
export async function releaseHolds(tx: Tx, at: When, order: Pick<Order, 'id'>): Promise<boolean> {
  let released = false;
  for (const hold of inOrder(await tx.catalog.holdsOf(order.id))) {
    if (hold.state !== 'held') continue;
    won(await tx.catalog.endHold(hold.id, 'released', at.now), `hold ${hold.id}`);
    await tx.catalog.releaseStock(hold.variantId, hold.quantity);
    released = true;
  }
  if (released) await note(tx, at, order.id, 'hold_released');
  return released;
}

/**
 * Sells the units of the order: held ones are committed, others taken from what is left. All or nothing; false when something is
 * short. The order's own row must have been taken before.
 */
export async function sellStock(
  tx: Tx,
  at: When,
  order: Pick<Order, 'id'>,
  lines: readonly OrderLine[],
): Promise<boolean> {
  const holds = (await tx.catalog.holdsOf(order.id)).filter((hold) => hold.state === 'held');
  const held = new Set(holds.map((hold) => hold.variantId));
  const taken: OrderLine[] = [];
  for (const line of inOrder(lines)) {
    if (held.has(line.variantId)) continue;
    if (!(await tx.catalog.takeStock(line.variantId, line.quantity, at.now, order.id))) {
      for (const other of taken) await tx.catalog.returnStock(other.variantId, other.quantity, at.now, order.id);
      return false;
    }
    taken.push(line);
  }
  for (const hold of inOrder(holds)) {
    won(await tx.catalog.endHold(hold.id, 'committed', at.now), `hold ${hold.id}`);
    await tx.catalog.commitStock(hold.variantId, hold.quantity, at.now, order.id);
  }
  return true;
}

/** Units that came back go on sale again; of single-use codes only those that nobody has seen. */
export async function putBack(
  tx: Tx,
  at: When,
  order: Pick<Order, 'id'>,
  lines: readonly OrderLine[],
  back: readonly { readonly lineId: string; readonly quantity: number }[],
): Promise<void> {
  for (const line of inOrder(lines)) {
    const quantity = back.find((one) => one.lineId === line.id)?.quantity ?? 0;
    const product = quantity > 0 ? await tx.catalog.product(line.productId) : undefined;
    if (!product) continue;
    const units =
      product.digital === 'codes' ? await tx.catalog.returnUnshownCodes(order.id, line.id, quantity) : quantity;
    if (units > 0) await tx.catalog.returnStock(line.variantId, units, at.now, order.id);
  }
}
