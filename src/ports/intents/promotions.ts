/** What is wanted of coupons: by who issues them, and by who uses them. Amounts and counts as they were typed; empty is no limit. */
export type PromotionIntent =
  | {
      readonly kind: 'coupon_issue';
      /** Null: of the whole market. */
      readonly shopId: string | null;
      readonly couponKind: 'percent' | 'fixed' | 'tiered' | 'buy_x_get_y' | 'free_shipping';
      readonly value: string;
      /** Empty: made up. */
      readonly code: string;
      /** How many codes that serve one order each; empty: one code for all. */
      readonly codes: string;
      readonly minSpend: string;
      readonly maxUses: string;
      readonly maxPerPerson: string;
      readonly budget: string;
      readonly days: string;
      readonly firstPurchase: boolean;
    }
  | { readonly kind: 'coupon_set'; readonly couponId: string; readonly state: 'on' | 'paused' | 'ended' }
  | { readonly kind: 'coupon_use'; readonly orderId: string; readonly code: string }
  | { readonly kind: 'coupon_drop'; readonly orderId: string; readonly couponId: string };
