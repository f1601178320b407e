/** A bill of zero owes nothing: the order is paid the moment it is placed, without payment, channel or journal. */
import type { Tx } from '../../ports/store.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import { won } from '../commit.ts';
import { handOverDigital } from './goods.ts';
import { sellStock } from './stock.ts';
import { notifyShop } from '../tell.ts';
import { note, type When } from '../timeline.ts';

export async function payFree(tx: Tx, at: When, order: Order, lines: readonly OrderLine[]): Promise<void> {
  won(await tx.orders.moveOrder(order, 'paid', { paidAt: at.now, expiresAt: null }), `order ${order.id}`);
  won(await sellStock(tx, at, order, lines), `stock of order ${order.id}`);
  await note(tx, at, order.id, 'paid_free');
  await handOverDigital(
    tx,
    at,
    { ...order, state: 'paid', paidAt: at.now, expiresAt: null, version: order.version + 1 },
    lines,
  );
  await notifyShop(tx, at, order, { kind: 'sold', objectId: order.id, params: { code: order.code } });
}
