/** What a paid order hands over at once: single-use codes are assigned, and an order of digital goods alone is thereby fulfilled. */
import type { Tx } from '../../ports/store.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import { won } from '../commit.ts';
import { note, type When } from '../timeline.ts';

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
