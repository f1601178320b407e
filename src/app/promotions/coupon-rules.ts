/** Issued coupons as rules of a bill, with what is left of their limits. */
import type { Coupon, PriceInput } from '../../domain/pricing/input.ts';
import type { Reads } from '../../ports/store.ts';
import type { CouponCode, IssuedCoupon, Redemption } from '../../ports/store/coupons.ts';
import type { Order } from '../../ports/store/orders.ts';

/** What a bill is drawn up with beside its goods. */
export type BillRules = Pick<PriceInput, 'at' | 'coupons' | 'chat' | 'buyer' | 'zone'>;

const ruleOf = (coupon: IssuedCoupon, code: string): Coupon => ({
  ...coupon.rule,
  ...{ id: coupon.id, label: coupon.label, code, funder: coupon.shopId === null ? 'community' : 'shop' },
  // A shop pays for its own goods alone.
  scope: coupon.shopId === null ? coupon.rule.scope : { ...coupon.rule.scope, shops: [coupon.shopId] },
});

/** As it stands now, for somebody who wants to use it. */
export async function freshRule(
  reads: Reads,
  coupon: IssuedCoupon,
  code: CouponCode,
  who: { readonly personId: string; readonly currency: string },
): Promise<Coupon> {
  const { maxUses, maxPerPerson, budget } = coupon;
  const codeLeft = code.single ? 1 - code.inUse : Number.MAX_SAFE_INTEGER;
  const usesLeft = Math.min(codeLeft, maxUses === null ? Number.MAX_SAFE_INTEGER : maxUses - coupon.inUse);
  const used = maxPerPerson === null ? 0 : await reads.coupons.usesOf(coupon.id, who.personId);
  const limits = {
    usesLeft,
    ...(maxPerPerson === null ? {} : { personUsesLeft: maxPerPerson - used }),
    ...(budget === null ? {} : { budgetLeft: who.currency === coupon.currency ? budget - coupon.spent : -1 }),
  };
  return { ...ruleOf(coupon, code.shown), limits };
}

export type Held = { readonly redemption: Redemption; readonly rule: Coupon };

/**
 * The order's live reservations. They are honoured past the end of their coupon and whatever else used it up meanwhile, and nobody's
 * circumstances are asked again; only the budget bounds a discount that grows with its bill.
 */
export async function heldCoupons(reads: Reads, order: Pick<Order, 'id' | 'quote'>): Promise<Held[]> {
  const held: Held[] = [];
  for (const redemption of await reads.coupons.redemptionsOf(order.id)) {
    const coupon = redemption.state === 'reserved' ? await reads.coupons.coupon(redemption.couponId) : undefined;
    if (!coupon) continue;
    const code = order.quote?.applied.find((one) => one.id === coupon.id)?.code ?? '';
    const { valid: _valid, scope = {}, ...rule } = ruleOf(coupon, code);
    const { chats: _chats, tiers: _tiers, persons: _persons, firstPurchase: _first, ...lines } = scope;
    const left = coupon.budget === null ? undefined : coupon.budget - coupon.spent + redemption.amount;
    const limits = left === undefined ? {} : { limits: { budgetLeft: left } };
    held.push({ redemption, rule: { ...rule, scope: lines, ...limits } });
  }
  return held;
}
