/** Who looks at an order: the buyer's panel and the sellers' panels follow every change of it. */
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import { refreshPanel } from '../tell.ts';
import type { When } from '../timeline.ts';

type Seen = Pick<Order, 'id' | 'communityId' | 'shopId' | 'buyerId'>;

/** The buyer's panel shows the order as it is when it is drawn. */
export async function refreshBuyer(tx: Tx, at: When, order: Seen): Promise<void> {
  const to = { personId: order.buyerId, communityId: order.communityId };
  await refreshPanel(tx, at, to, { name: 'order', orderId: order.id }, `order:${order.id}`);
}

/** Also for those whose panel shows who bought. */
export async function refreshSellers(tx: Tx, at: When, order: Seen): Promise<void> {
  for (const staff of await tx.people.shopStaff(order.shopId)) {
    const to = { personId: staff.personId, communityId: order.communityId };
    await refreshPanel(tx, at, to, { name: 'sale', orderId: order.id }, `order:${order.id}`);
  }
}

export async function refreshOrder(tx: Tx, at: When, order: Seen): Promise<void> {
  await refreshBuyer(tx, at, order);
  await refreshSellers(tx, at, order);
}
