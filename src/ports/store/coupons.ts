/** Coupons as they are issued, their codes, and what became of each on an order. */
import type { Coupon } from '../../domain/pricing/input.ts';
import type { RedemptionState } from '../../domain/redemption.ts';

export type CouponState = 'on' | 'paused' | 'ended';

/** Of one community; of one shop when `shopId` is set. The rule never changes: who wants another issues another. */
export type IssuedCoupon = {
  readonly id: string;
  readonly communityId: string;
  readonly shopId: string | null;
  readonly state: CouponState;
  readonly label: string;
  readonly rule: Coupon;
  readonly maxUses: number | null;
  readonly maxPerPerson: number | null;
  /** Minor units of `currency`: what all its discounts may come to. With a budget it acts in this currency alone. */
  readonly budget: number | null;
  readonly currency: string;
  /** Reserved and redeemed, in uses and in minor units: never above `maxUses` and `budget`, which the database refuses. */
  readonly inUse: number;
  readonly spent: number;
  /** Honoured above the limits, because the money came after the reservation had ended. */
  readonly overUses: number;
  readonly overSpent: number;
  readonly byPersonId: string;
  readonly createdAt: number;
};

/** `code` as it is compared, unique in its community; `shown` as it was written. A `single` one serves one order. */
export type CouponCode = {
  readonly id: string;
  readonly couponId: string;
  readonly communityId: string;
  readonly code: string;
  readonly shown: string;
  readonly single: boolean;
  readonly inUse: number;
};

/** Unique by (orderId, couponId). */
export type Redemption = {
  readonly id: string;
  readonly orderId: string;
  readonly couponId: string;
  readonly codeId: string;
  readonly personId: string;
  /** Minor units that it takes off the order. */
  readonly amount: number;
  readonly currency: string;
  readonly state: RedemptionState;
  /** Counted in `overUses` and `overSpent` instead of `inUse` and `spent`. */
  readonly overLimit: boolean;
  readonly createdAt: number;
};

/** How many redemptions of a coupon stand where, and what they come to in its currency. */
export type CouponTally = {
  readonly couponId: string;
  readonly state: RedemptionState;
  readonly count: number;
  readonly amount: number;
};

export interface CouponReads {
  coupon(id: string): Promise<IssuedCoupon | undefined>;
  couponCode(communityId: string, code: string): Promise<CouponCode | undefined>;
  codesOfCoupon(couponId: string, limit: number): Promise<readonly CouponCode[]>;
  /** The shop's own, or with null the community's; the newest first. */
  coupons(communityId: string, shopId: string | null, limit: number): Promise<readonly IssuedCoupon[]>;
  couponTallies(couponIds: readonly string[]): Promise<readonly CouponTally[]>;
  redemptionsOf(orderId: string): Promise<readonly Redemption[]>;
  usesOf(couponId: string, personId: string): Promise<number>;
}

/** Each of the guarded ones answers whether its guard held; false changes nothing. */
export interface CouponWrites extends CouponReads {
  insertCoupon(row: IssuedCoupon): Promise<void>;
  /** False when the community has the code already. */
  insertCouponCode(row: CouponCode): Promise<boolean>;
  moveCoupon(id: string, from: CouponState, to: CouponState): Promise<boolean>;
  /** One use and its money, while the coupon is on and both limits bear it. */
  takeCoupon(id: string, amount: number): Promise<boolean>;
  giveCoupon(id: string, amount: number): Promise<void>;
  /** The discount of a reservation changes with its bill. */
  changeSpent(id: string, by: number): Promise<boolean>;
  takePersonUse(couponId: string, personId: string, most: number | null): Promise<boolean>;
  givePersonUse(couponId: string, personId: string): Promise<void>;
  /** Of a code that serves one order. */
  takeCode(id: string): Promise<boolean>;
  giveCode(id: string): Promise<void>;
  honourCoupon(id: string, amount: number): Promise<void>;
  giveHonoured(id: string, amount: number): Promise<void>;
  /** False when the order has one of this coupon. */
  insertRedemption(row: Redemption): Promise<boolean>;
  moveRedemption(
    id: string,
    from: RedemptionState,
    to: RedemptionState,
    changes?: Partial<Pick<Redemption, 'amount' | 'codeId' | 'overLimit'>>,
  ): Promise<boolean>;
  /** While it is reserved. */
  setRedemptionAmount(id: string, from: number, to: number): Promise<boolean>;
}
