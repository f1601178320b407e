/** What a paid order hands over at once: single-use codes are assigned, and an order of digital goods alone is thereby fulfilled. */
import type { Reads, Tx } from '../../ports/store.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import { won } from '../commit.ts';
import { note, type When } from '../timeline.ts';

/** Whether the order's payment brought its buyer something that cannot be taken back: a text, or a code they have seen. */
export async function hasDigitalGoods(reads: Reads, order: Pick<Order, 'id'>): Promise<boolean> {
  for (const line of await reads.orders.lines(order.id)) {
    const product = await reads.catalog.product(line.productId);
    if (product?.digital === 'text' && line.refundedQuantity < line.quantity) return true;
    if (product?.digital !== 'codes') continue;
    if ((await reads.catalog.codesOf(order.id)).some((one) => one.shownAt !== null)) return true;
  }
  return false;
}

/**
 * A code that was seen cannot be sold again, so it is marked before it is shown; one whose money is on its way back is not shown any
 * more. Answers the codes that the buyer may see.
 */
export async function showCodes(tx: Tx, orderId: string, now: number): Promise<string[]> {
  for (const line of await tx.orders.lines(orderId)) {
    const theirs = line.quantity - line.refundedQuantity;
    if (theirs > 0) await tx.catalog.markCodesShown(line.id, theirs, now);
  }
  return (await tx.catalog.codesOf(orderId)).flatMap((one) => (one.shownAt === null ? [] : [one.code]));
}

/** The order is `paid`; its row is ours. Answers the order as it stands afterwards. */
export async function handOverDigital(tx: Tx, at: When, order: Order, lines: readonly OrderLine[]): Promise<Order> {
  let allDigital = true;
  let anyDigital = false;
  for (const line of lines) {
    const product = await tx.catalog.product(line.productId);
    if (product?.kind !== 'digital') {
      allDigital = false;
      continue;
    }
    anyDigital = true;
    if (product.digital !== 'codes') continue;
    const assigned = await tx.catalog.assignCodes(product.id, order.id, line.id, line.quantity, at.now);
    // Stock of such a product is the number of its free codes, so what could be sold can be assigned.
    if (assigned !== line.quantity)
      throw new Error(
        `product ${product.id} sold ${line.quantity} codes and has ${assigned}: stock and codes disagree`,
      );
  }
  if (anyDigital) await note(tx, at, order.id, 'goods_delivered');
  if (!allDigital) return order;
  won(await tx.orders.moveOrder(order, 'fulfilled', { fulfilledAt: at.now }), `order ${order.id}`);
  return { ...order, state: 'fulfilled', fulfilledAt: at.now, version: order.version + 1 };
}
