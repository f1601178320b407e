/** Tables of coupons and of what became of them. */
import type { Coupon } from '../domain/pricing/input.ts';
import type { RedemptionState } from '../domain/redemption.ts';
import type { CouponState } from '../ports/store/coupons.ts';
import { type Columns, flag, int, json, orNull, text, word } from './columns.ts';

export const couponTables = {
  coupons: {
    id: text,
    communityId: text,
    shopId: orNull(text),
    state: word<CouponState>(),
    label: text,
    rule: json<Coupon>(),
    maxUses: orNull(int),
    maxPerPerson: orNull(int),
    budget: orNull(int),
    currency: text,
    inUse: int,
    spent: int,
    overUses: int,
    overSpent: int,
    byPersonId: text,
    createdAt: int,
  },
  couponCodes: {
    id: text,
    couponId: text,
    communityId: text,
    code: text,
    shown: text,
    single: flag,
    inUse: int,
  },
  couponPeople: { couponId: text, personId: text, inUse: int },
  redemptions: {
    id: text,
    orderId: text,
    couponId: text,
    codeId: text,
    personId: text,
    amount: int,
    currency: text,
    state: word<RedemptionState>(),
    overLimit: flag,
    createdAt: int,
  },
} as const satisfies Readonly<Record<string, Columns>>;
