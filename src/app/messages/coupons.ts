import { fail, ok } from '../../domain/faults.ts';
import { money } from '../../domain/money.ts';
import { may } from '../../domain/policy.ts';
import type { CouponData } from '../../ports/shown.ts';
import type { Reads } from '../../ports/store.ts';
import type { CouponTally, IssuedCoupon } from '../../ports/store/coupons.ts';
import type { Loader } from './loader.ts';
import { shopRef, visibleShop } from './rights.ts';

const COUPONS_MAX = 30;
/** Codes that are shown to be handed out; there may be more. */
const CODES_MAX = 50;

/** A shop's coupons, or the market's own, with what became of them. */
export const loadCoupons: Loader<'coupons'> = async (reads, at, { shopId }) => {
  const { actor, community } = at;
  if (shopId === null) {
    if (!actor || !may(actor, 'coupon.issue', { communityId: community.id })) return fail('not_found');
  }
  const found = shopId === null ? null : await visibleShop(reads, at, shopId, 'coupon.issue');
  if (found && !found.ok) return found;
  const rows = await reads.coupons.coupons(community.id, shopId, COUPONS_MAX);
  const tallies = await reads.coupons.couponTallies(rows.map((row) => row.id));
  return ok({
    shop: found ? shopRef(found.value.shop) : null,
    currency: community.currency,
    coupons: await Promise.all(rows.map((row) => couponData(reads, row, tallies))),
  });
};

async function couponData(reads: Reads, row: IssuedCoupon, tallies: readonly CouponTally[]): Promise<CouponData> {
  const { id, label, state, rule, maxUses, inUse, overUses, budget, currency, spent } = row;
  const paid = tallies.filter((one) => one.couponId === id && one.state === 'redeemed');
  const codes = await reads.coupons.codesOfCoupon(id, CODES_MAX);
  return {
    ...{ id, label, state, rule, maxUses, uses: inUse, over: overUses },
    budget: budget === null ? null : money(budget, currency),
    spent: money(spent, currency),
    redeemed: paid.reduce((sum, one) => sum + one.count, 0),
    until: rule.valid?.until ?? null,
    freeCodes: codes.filter((one) => one.single && one.inUse === 0).map((one) => one.shown),
  };
}
