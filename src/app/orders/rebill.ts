/** A bill that may still change, and what changes with it. */
import { fail, ok, type Result } from '../../domain/faults.ts';
import { may } from '../../domain/policy.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import { won } from '../commit.ts';
import type { Circumstances } from '../deps.ts';
import type { Held } from '../promotions/coupon-rules.ts';
import { releaseOne } from '../promotions/redemptions.ts';
import { note } from '../timeline.ts';
import type { DrawnUp } from './draw-up.ts';

/** The order when it is this person's and nothing was asked of a channel for it; else why not. */
export async function unfixedBill(tx: Tx, at: Circumstances, orderId: string): Promise<Result<Order>> {
  const order = await tx.orders.order(orderId);
  if (!order || !may(at.actor, 'order.pay', order)) return fail('not_found');
  if (order.state !== 'pending_payment') return fail('order_not_open', { code: order.code });
  // The amount is fixed from the first attempt on: what a channel was asked for is what is owed.
  return (await tx.payments.paymentOf(orderId)) ? fail('payment_in_progress', { code: order.code }) : ok(order);
}

/** The order's row is taken by it. */
export async function putBill(tx: Tx, order: Order, { quote, hash, method }: DrawnUp): Promise<void> {
  const bill = { deliveryMethod: method, quote, quoteHash: hash, total: quote.due };
  won(await tx.orders.moveOrder(order, order.state, bill), `order ${order.id}`);
  for (const line of await tx.orders.lines(order.id)) {
    const quoted = quote.lines.find((one) => one.variantId === line.variantId && one.giftBy === undefined);
    await tx.orders.setLineTotal(line.id, quoted?.total ?? 0);
  }
}

/** After the bill: a coupon that still acts takes what it takes now, one that does not goes back, and its owner sees why. */
export async function keepCoupons(
  tx: Tx,
  at: Circumstances,
  order: Order,
  { quote }: Pick<DrawnUp, 'quote'>,
  held: readonly Held[],
): Promise<void> {
  for (const { redemption: one } of held) {
    const acting = quote.applied.find((applied) => applied.id === one.couponId);
    if (!acting) {
      await releaseOne(tx, one);
      await note(tx, at, order.id, 'coupon_dropped', { amount: one.amount, currency: one.currency });
    } else if (acting.amount !== one.amount) {
      won(await tx.coupons.setRedemptionAmount(one.id, one.amount, acting.amount), `redemption ${one.id}`);
      won(await tx.coupons.changeSpent(one.couponId, acting.amount - one.amount), `coupon ${one.couponId}`);
    }
  }
}
