// Who stands behind what.
import type { Stage } from './stage.ts';

/** The seller of an order's shop. */
export function sellerOf({ rows, cast }: Stage, orderId: string): string {
  const [order] = rows('select shop_id from orders where id = ?', [orderId]);
  return cast.shops.find((one) => one.id === order?.['shopId'])?.seller ?? '';
}
