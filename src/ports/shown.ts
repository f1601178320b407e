/** The pieces that shown data is made of: products, orders, amounts, as a viewer may see them. */
import type { Fault } from '../domain/faults.ts';
import type { DisputeState } from '../domain/dispute.ts';
import type { DeliveryMethod, Quote } from '../domain/pricing/quote-shape.ts';
import type { Money } from '../domain/money.ts';
import type { OrderState } from '../domain/order.ts';
import type { HoldPolicy, ProductKind, ProductOption, ProductState } from '../domain/product.ts';
import type { RefundState } from '../domain/refund.ts';
import type { RefundRequestState } from '../domain/refund-request.ts';
import type { Coupon } from '../domain/pricing/input.ts';
import type { CouponState } from './store/coupons.ts';
import type { RefundCause } from './store/payments.ts';
import type { Address } from './store/people.ts';
import type { ShopState } from './store/people.ts';

/** An amount in the viewer's own currency, and where it comes from. Only ever "about"; the charge is exact. */
export type About = {
  readonly money: Money;
  readonly rate: string;
  readonly source: string;
  readonly asOf: number;
  readonly stale: boolean;
};

export type Ref = { readonly id: string; readonly title: string };

export type VariantData = {
  readonly id: string;
  readonly choices: readonly string[];
  readonly price: Money | null;
  readonly prices: readonly Money[];
  /** Null: unlimited. */
  readonly available: number | null;
  readonly held: number;
  readonly sold: number;
};

export type ProductData = {
  readonly id: string;
  readonly kind: ProductKind;
  readonly title: string;
  readonly description: string;
  readonly image: { readonly digest: string; readonly alt: string } | null;
  readonly options: readonly ProductOption[];
  readonly variants: readonly VariantData[];
  readonly state: ProductState;
  readonly shop: Ref & { readonly state: ShopState };
  readonly holdPolicy: HoldPolicy;
  readonly limitPerPerson: number | null;
  readonly pickup: boolean;
  readonly pickupNote: string;
  readonly shipping: { readonly fee: Money; readonly freeFrom: Money | null } | null;
  /** On sale, shop open, something left. */
  readonly buyable: boolean;
  readonly soldOut: boolean;
  readonly testMoney: boolean;
};

export type OrderLineData = {
  readonly id: string;
  readonly title: string;
  readonly choices: readonly string[];
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly total: Money;
  readonly variantId: string;
  readonly refundedQuantity: number;
};

export type RefundData = {
  readonly id: string;
  readonly amount: Money;
  readonly state: RefundState;
  readonly cause: RefundCause;
  readonly at: number;
  /** This viewer may let it go out, or stop it. */
  readonly canApprove: boolean;
};

/** The buyer's latest wish to have money back. `reason` and `answer` are people's own words. */
export type RefundRequestData = {
  readonly id: string;
  readonly amount: Money;
  readonly state: RefundRequestState;
  readonly reason: string;
  readonly answer: string;
  readonly decideBy: number;
  /** What this viewer may do with it. */
  readonly can: { readonly decide: boolean; readonly withdraw: boolean };
};

/** A payer's bank took the payment up. `withdrawn`: what it holds now. */
export type DisputeData = {
  readonly id: string;
  readonly state: DisputeState;
  readonly amount: Money;
  readonly withdrawn: Money;
  /** Nobody has decided yet. */
  readonly open: boolean;
  /** Until when the seller may answer at the channel. */
  readonly respondBy: number | null;
  readonly channel: string;
};

export type OrderData = {
  readonly id: string;
  readonly code: string;
  readonly state: OrderState;
  readonly shop: Ref;
  readonly lines: readonly OrderLineData[];
  /** A draft's is drawn up afresh; after checkout it is the frozen one. */
  readonly quote: Quote;
  readonly about: About | null;
  /** Those that lower the bill. */
  readonly coupons: readonly { readonly id: string; readonly label: string }[];
  readonly delivery: {
    readonly method: DeliveryMethod | null;
    readonly offers: readonly DeliveryMethod[];
    readonly address: Address | null;
    readonly pickupNote: string;
    readonly tracking: string | null;
    readonly shippedAt: number | null;
  };
  readonly expiresAt: number | null;
  /** Stock is kept for it now. */
  readonly reserved: boolean;
  /** Channels the buyer can choose now, by code. `page` ones are opened by the pay link. */
  readonly channels: readonly { readonly code: string; readonly page: boolean }[];
  /** The way to pay at a channel with a page; null when there is nothing to pay there now. */
  readonly payUrl: string | null;
  /** The chat platform's own invoice for this bill, ready to be opened. */
  readonly invoice: { readonly channel: string; readonly url: string } | null;
  /** Whether others may pay the invoice; null where there is none, or nothing to decide for this viewer. */
  readonly shared: boolean | null;
  /** The money goes (or went) to whoever runs the market, who settles with the shop. */
  readonly paidToMarket: boolean;
  /** The channel gives back all or nothing. */
  readonly refundFullOnly: boolean;
  /** The live attempt, if any. */
  readonly attempt: {
    readonly channel: string;
    readonly state: 'open' | 'working' | 'unknown' | 'waiting_for_cash';
    readonly declineCode: string | null;
  } | null;
  readonly lastDecline: string | null;
  readonly paid: Money;
  readonly refundable: Money;
  readonly refunds: readonly RefundData[];
  readonly request: RefundRequestData | null;
  readonly disputes: readonly DisputeData[];
  /** Facts of the payment: paid_late, duplicate_payment, conflicted, ... */
  readonly exceptions: readonly string[];
  /** Digital goods, shown to the buyer of a paid order only. */
  readonly goods: readonly {
    readonly title: string;
    readonly text: string;
    readonly codes: readonly string[];
    readonly note: string;
  }[];
  /** The seller sent it as a bill: nobody bought from a card. */
  readonly billed: boolean;
  readonly placedAt: number | null;
  readonly paidAt: number | null;
  readonly free: boolean;
  /** What this viewer may do now. */
  readonly can: {
    readonly pay: boolean;
    readonly cancel: boolean;
    readonly receive: boolean;
    readonly ship: boolean;
    readonly handOver: boolean;
    readonly confirmCash: boolean;
    readonly refund: boolean;
    readonly requestRefund: boolean;
    readonly changeDelivery: boolean;
    readonly changeQuantity: boolean;
    readonly useCoupon: boolean;
  };
  readonly testMoney: boolean;
};

export type OrderSummary = {
  readonly id: string;
  readonly code: string;
  readonly state: OrderState;
  readonly delivery: { readonly method: DeliveryMethod | null };
  readonly title: string;
  readonly units: number;
  readonly total: Money;
  readonly at: number;
  readonly shop: Ref;
};

/** A coupon as who issued it sees it. `uses`: reserved and redeemed. */
export type CouponData = {
  readonly id: string;
  readonly label: string;
  readonly state: CouponState;
  readonly rule: Coupon;
  readonly maxUses: number | null;
  readonly uses: number;
  readonly over: number;
  readonly redeemed: number;
  readonly budget: Money | null;
  readonly spent: Money;
  readonly until: number | null;
  /** Codes for one order each that nobody used; the first of them. */
  readonly freeCodes: readonly string[];
};

/** Calendar days of the community's zone ("2026-11-30"), both of them in it. */
export type Period = { readonly from: string; readonly to: string };

/** A table as text: amounts as decimals, instants with their offset. */
export type SheetData = { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** What became of many orders that were marked at once. `line` is null for one that was ticked; an empty `code` is one that nobody knows. */
export type PackingReport = {
  readonly sent: number;
  readonly handedOver: number;
  /** Marked before: nothing was changed. */
  readonly already: number;
  readonly bad: readonly { readonly line: number | null; readonly code: string; readonly fault: Fault }[];
};

export type ShopData = Ref & { readonly state: ShopState; readonly role: 'seller' | 'helper' };

/** What a refusal or a delay tells: what happened, whether money was taken, what to do now. */
export type Remedy = {
  readonly what: string;
  readonly moneyTaken: 'no' | 'yes' | 'unknown' | 'returned';
  readonly now: string;
};
