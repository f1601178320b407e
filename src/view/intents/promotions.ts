/** Coupons: issuing, pausing, using. */
import { z } from 'zod';
import type { PromotionIntent } from '../../ports/intents/promotions.ts';
import { amount, id, line, ticked } from './fields.ts';

export const promotionSchemas = {
  coupon_issue: z.strictObject({
    kind: z.literal('coupon_issue'),
    shopId: id.nullable(),
    couponKind: z.enum(['percent', 'fixed', 'tiered', 'buy_x_get_y', 'free_shipping']),
    value: line.default(''),
    code: line.default(''),
    codes: amount.default(''),
    minSpend: amount.default(''),
    maxUses: amount.default(''),
    maxPerPerson: amount.default(''),
    budget: amount.default(''),
    days: amount.default(''),
    firstPurchase: ticked,
  }),
  coupon_set: z.strictObject({
    kind: z.literal('coupon_set'),
    couponId: id,
    state: z.enum(['on', 'paused', 'ended']),
  }),
  coupon_use: z.strictObject({ kind: z.literal('coupon_use'), orderId: id, code: line }),
  coupon_drop: z.strictObject({ kind: z.literal('coupon_drop'), orderId: id, couponId: id }),
} satisfies { [K in PromotionIntent['kind']]: z.ZodType<Extract<PromotionIntent, { kind: K }>> };
