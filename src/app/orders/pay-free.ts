/** A bill of zero owes nothing: the order is paid the moment nothing is missing, without payment, channel or journal. */
import type { Tx } from '../../ports/store.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import { won } from '../commit.ts';
import { handOverDigital } from './goods.ts';
import { redeemCoupons } from '../promotions/redemptions.ts';
import { refreshOrder } from './order-panels.ts';
import { refreshCardsOf, sellStock } from './stock.ts';
import { notifyShop } from '../tell.ts';
import { note, type When } from '../timeline.ts';

/** Called after whatever may have made an open bill free, or complete: a parcel needs an address before it is anybody's. */
export async function payIfFree(tx: Tx, at: When, orderId: string): Promise<void> {
  const order = await tx.orders.order(orderId);
  if (order?.state !== 'pending_payment' || order.total !== 0) return;
  if (order.deliveryMethod === 'ship' && !(await tx.orders.deliveryAddress(orderId))) return;
  await payFree(tx, at, order, await tx.orders.lines(orderId));
}

async function payFree(tx: Tx, at: When, order: Order, lines: readonly OrderLine[]): Promise<void> {
  won(await tx.orders.moveOrder(order, 'paid', { paidAt: at.now, expiresAt: null }), `order ${order.id}`);
  won(await sellStock(tx, at, order, lines), `stock of order ${order.id}`);
  await redeemCoupons(tx, at, order);
  await note(tx, at, order.id, 'paid_free');
  await handOverDigital(
    tx,
    at,
    { ...order, state: 'paid', paidAt: at.now, expiresAt: null, version: order.version + 1 },
    lines,
  );
  await refreshCardsOf(tx, at, lines);
  await refreshOrder(tx, at, order);
  await notifyShop(tx, at, order, { kind: 'sold', objectId: order.id, params: { code: order.code } });
}
