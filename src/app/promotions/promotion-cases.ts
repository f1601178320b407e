/** The use cases of coupons, by what people want. */
import type { PromotionIntent } from '../../ports/intents/promotions.ts';
import type { UseCase } from '../deps.ts';
import { issueCoupon, setCoupon } from './issue-coupon.ts';
import { dropCoupon, useCoupon } from './use-coupon.ts';

export const promotionCases = {
  coupon_issue: issueCoupon,
  coupon_set: setCoupon,
  coupon_use: useCoupon,
  coupon_drop: dropCoupon,
} satisfies { [K in PromotionIntent['kind']]: UseCase<K> };
