/**
 * What becomes of a coupon on an order. Limits are kept by guarded updates in the transaction of the order whose row was taken before; the
 * coupon's own row, which all its users want, comes last.
 */
import type { Tx } from '../../ports/store.ts';
import type { IssuedCoupon, Redemption } from '../../ports/store/coupons.ts';
import type { Order } from '../../ports/store/orders.ts';
import { won } from '../commit.ts';
import { note, type When } from '../timeline.ts';

type Use = { readonly coupon: IssuedCoupon; readonly codeId: string; readonly amount: number };

/** Throws LostRace where somebody was quicker: the work is done again and finds out why. */
export async function reserve(tx: Tx, at: When, order: Order, { coupon, codeId, amount }: Use): Promise<void> {
  const known = (await tx.coupons.redemptionsOf(order.id)).find((one) => one.couponId === coupon.id);
  const what = `coupon ${coupon.id}`;
  if (known) {
    won(await tx.coupons.moveRedemption(known.id, 'released', 'reserved', { amount, codeId }), what);
  } else {
    const row: Redemption = {
      ...{ id: at.deps.ids.next(), orderId: order.id, couponId: coupon.id, codeId, personId: order.buyerId },
      ...{ amount, currency: order.currency, state: 'reserved', overLimit: false, createdAt: at.now },
    };
    won(await tx.coupons.insertRedemption(row), what);
  }
  won(await tx.coupons.takeCode(codeId), what);
  won(await tx.coupons.takePersonUse(coupon.id, order.buyerId, coupon.maxPerPerson), what);
  won(await tx.coupons.takeCoupon(coupon.id, amount), what);
}

/** A use goes back to everybody who may want it. */
async function giveBack(tx: Tx, one: Redemption): Promise<void> {
  await tx.coupons.giveCode(one.codeId);
  await tx.coupons.givePersonUse(one.couponId, one.personId);
  await tx.coupons.giveCoupon(one.couponId, one.amount);
}

export async function releaseOne(tx: Tx, one: Redemption): Promise<void> {
  won(await tx.coupons.moveRedemption(one.id, 'reserved', 'released'), `redemption ${one.id}`);
  await giveBack(tx, one);
}

/** The bill ended unpaid. The order's row is ours. */
export async function releaseCoupons(tx: Tx, order: Pick<Order, 'id'>): Promise<void> {
  for (const one of await tx.coupons.redemptionsOf(order.id)) if (one.state === 'reserved') await releaseOne(tx, one);
}

/**
 * The order is paid. What was reserved is redeemed; what was released with a bill that ended, and is paid all the same, is taken anew, or
 * honoured above the limit: nobody is charged another sum than the bill's.
 */
export async function redeemCoupons(tx: Tx, at: When, order: Order): Promise<void> {
  const onBill = new Set(couponsOf(order));
  if (onBill.size === 0) return;
  for (const one of await tx.coupons.redemptionsOf(order.id)) {
    if (one.state === 'reserved')
      won(await tx.coupons.moveRedemption(one.id, 'reserved', 'redeemed'), `redemption ${one.id}`);
    else if (one.state === 'released' && onBill.has(one.couponId)) await redeemLate(tx, at, order, one);
  }
}

async function redeemLate(tx: Tx, at: When, order: Order, one: Redemption): Promise<void> {
  const overLimit = !(await takeAnew(tx, one));
  won(await tx.coupons.moveRedemption(one.id, 'released', 'redeemed', { overLimit }), `redemption ${one.id}`);
  if (!overLimit) return;
  await tx.coupons.honourCoupon(one.couponId, one.amount);
  await note(tx, at, order.id, 'coupon_over_limit', { amount: one.amount, currency: one.currency }, 'shop');
}

/** All of it or nothing of it. */
async function takeAnew(tx: Tx, one: Redemption): Promise<boolean> {
  const coupon = await tx.coupons.coupon(one.couponId);
  if (!coupon || !(await tx.coupons.takeCode(one.codeId))) return false;
  if (!(await tx.coupons.takePersonUse(one.couponId, one.personId, coupon.maxPerPerson))) {
    await tx.coupons.giveCode(one.codeId);
    return false;
  }
  if (await tx.coupons.takeCoupon(one.couponId, one.amount)) return true;
  await tx.coupons.giveCode(one.codeId);
  await tx.coupons.givePersonUse(one.couponId, one.personId);
  return false;
}

/** Everything of the order went back. A coupon goes back with it once, unless it ended longer ago than its grace. */
export async function returnCoupons(tx: Tx, at: When, order: Pick<Order, 'id'>): Promise<void> {
  for (const one of await tx.coupons.redemptionsOf(order.id)) {
    if (one.state !== 'redeemed') continue;
    const { valid, returnGraceMs = 0 } = (await tx.coupons.coupon(one.couponId))?.rule ?? {};
    if (valid?.until !== undefined && at.now >= valid.until + returnGraceMs) continue;
    won(await tx.coupons.moveRedemption(one.id, 'redeemed', 'returned'), `redemption ${one.id}`);
    if (one.overLimit) await tx.coupons.giveHonoured(one.couponId, one.amount);
    else await giveBack(tx, one);
    await note(tx, at, order.id, 'coupon_returned', { amount: one.amount, currency: one.currency });
  }
}

/** Ids of the coupons that lower the order's bill. */
const couponsOf = (order: Pick<Order, 'quote'>): string[] =>
  (order.quote?.applied ?? []).flatMap((one) => (one.stage === 'coupon' ? [one.id] : []));
