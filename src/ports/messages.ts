/**
 * Everything that Pasar can show: a name, the ids it speaks of, and the data that its view draws. A message is stored and sent as name
 * and ids; `app/messages/<name>.ts` loads the data with the viewer's rights at the moment of showing.
 */
import type { Money } from '../domain/money.ts';
import type { CommunityRole } from '../domain/policy.ts';
import type { ProductKind, ProductState } from '../domain/product.ts';
import type { SellingData } from './selling-data.ts';
import type { TimelineEntry } from './store/orders.ts';
import type { Claim, Verdict } from './claim.ts';
import type { ShopState } from './store/people.ts';
import type {
  About,
  CouponData,
  PackingReport,
  Period,
  Ref,
  ProductData,
  RefundData,
  OrderData,
  OrderSummary,
  ShopData,
} from './shown.ts';
import type { AccountState, AccountWant } from './channel-account.ts';
import type { NoticeKind } from './notices.ts';

/** Fees, refunds and disputes are what was taken: positive. `net` is what remains of the day. */
type MoneyDay = {
  readonly day: string;
  readonly channel: string;
  readonly gross: Money;
  readonly fees: Money;
  readonly refunds: Money;
  readonly disputes: Money;
  readonly net: Money;
};

export type MessageData = SellingData & {
  /** The product's card in a chat. Public: shows state, never money of a person. */
  card: {
    readonly listingId: string;
    readonly product: ProductData;
    /** Invoices of the chat's platform for whoever taps them, one a variant. */
    readonly invoices: readonly { readonly choices: readonly string[]; readonly price: Money; readonly url: string }[];
    /** Somebody who bought here cannot be written to: whoever it is finds theirs behind a button. */
    readonly claimed: boolean;
  };
  /** A bought-from card's choices: options, quantity. */
  choose: {
    readonly listingId: string | null;
    readonly product: ProductData;
    readonly about: readonly (About | null)[];
  };
  home: {
    readonly community: Ref & { readonly currency: string; readonly timeZone: string };
    readonly name: string;
    readonly role: CommunityRole;
    readonly shops: readonly ShopData[];
    readonly basketUnits: number;
    readonly openOrders: number;
    readonly toShip: number;
    readonly openQuestions: number;
    readonly openCases: number;
    readonly demo: boolean;
  };
  browse: { readonly products: readonly { readonly product: ProductData; readonly about: About | null }[] };
  basket: { readonly baskets: readonly OrderData[] };
  /** The buyer's panel: bill, then receipt. */
  order: { readonly order: OrderData };
  my_orders: { readonly orders: readonly OrderSummary[] };
  /** What was paid and could not be brought to its buyer's private chat. */
  claims: { readonly orders: readonly OrderSummary[] };
  timeline: {
    readonly orderId: string;
    readonly code: string;
    readonly entries: readonly TimelineEntry[];
    readonly asSeller: boolean;
  };
  shop: {
    readonly shop: ShopData;
    readonly products: readonly ProductData[];
    /** Whether whoever runs the market collects for the shop; null where no channel pays them, and for helpers. */
    readonly marketCollects: boolean | null;
    readonly toShip: number;
    readonly openQuestions: number;
    /** An account of its own can be opened at a payment channel. */
    readonly mayConnect: boolean;
    /** When its evening is told ("20:00" on that zone's clock); empty is never. Null for helpers. */
    readonly digest: { readonly time: string; readonly timeZone: string } | null;
  };
  /** A shop's own account at a payment channel. `url`: where to go on; null where the market is the only merchant. */
  connect: {
    readonly shop: Ref;
    readonly state: AccountState | 'none';
    readonly wants: readonly AccountWant[];
    readonly url: string | null;
  };
  shop_orders: { readonly shop: Ref; readonly orders: readonly OrderSummary[]; readonly canExport: boolean };
  /** A shop's coupons; with null the market's own. */
  coupons: { readonly shop: Ref | null; readonly currency: string; readonly coupons: readonly CouponData[] };
  /** The seller's panel of an order. `buyer` is their name and, where goods are sent, the address. */
  sale: { readonly order: OrderData; readonly buyer: string; readonly handRefunds: readonly RefundData[] };
  new_product: {
    readonly shop: Ref;
    readonly productKind: ProductKind;
    readonly chats: readonly Ref[];
    readonly currency: string;
    readonly originChatId: string | null;
    readonly like: { readonly product: ProductData; readonly digitalText: string; readonly serviceNote: string } | null;
    /** Some chat's platform has invoices that a card can carry. */
    readonly quickPay: boolean;
  };
  edit_product: {
    readonly product: ProductData;
    readonly digitalText: string;
    readonly serviceNote: string;
    readonly freeCodes: number | null;
    /** `reposts`: how often its card there was posted again; null where none stands. */
    readonly chats: readonly (Ref & { readonly listed: boolean; readonly reposts: number | null })[];
    readonly currency: string;
    /** Whether the card may carry an invoice, and whether it is wanted; null where no platform has any. */
    readonly quickPay: boolean | null;
  };
  questions: {
    readonly shop: Ref;
    readonly questions: readonly {
      readonly id: string;
      readonly product: Ref;
      readonly asker: string;
      readonly text: string;
      readonly at: number;
    }[];
  };
  /** To the asker. */
  answer: { readonly product: Ref; readonly question: string; readonly answer: string };
  staff: { readonly shop: Ref; readonly helpers: readonly Ref[]; readonly candidates: readonly Ref[] };
  admin: {
    /** How long a seller has to answer a request for money back, and above which sum a second person lets a refund go out. */
    readonly refunds: { readonly requestHours: number; readonly approvalLimit: Money };
    readonly community: {
      readonly id: string;
      readonly name: string;
      readonly currency: string;
      readonly timeZone: string;
      readonly locale: string;
    };
    readonly shops: readonly (Ref & { readonly state: ShopState; readonly owner: string })[];
    readonly reports: readonly {
      readonly product: Ref & { readonly state: ProductState };
      readonly reasons: readonly string[];
    }[];
    readonly openCases: number;
    readonly chats: readonly Ref[];
  };
  cases: {
    readonly cases: readonly {
      readonly id: string;
      readonly kind: string;
      readonly params: Readonly<Record<string, string | number>>;
      readonly order: Ref | null;
      readonly openedAt: number;
      readonly decisions: readonly ('deliver' | 'refund' | 'dismiss' | 'book' | 'replay')[];
    }[];
  };
  profile: {
    readonly name: string;
    readonly locale: string;
    readonly currency: string;
    readonly currencies: readonly string[];
    readonly demo: boolean;
    readonly role: CommunityRole;
  };
  privacy: { readonly community: string };
  /** All that is kept about the viewer, as one document. */
  my_data: { readonly json: string };
  /** Whether something belongs to this market. `shops`: where a seller sells. */
  verified: { readonly verdict: Verdict; readonly shops: readonly string[] };
  help: { readonly community: string; readonly role: CommunityRole; readonly seller: boolean };
  /** A shop's money, from its books: what came, what was kept, what is on its way to the bank. */
  money: {
    readonly shop: Ref;
    /** The newest days first, at most thirty; in UTC. */
    readonly days: readonly MoneyDay[];
    /** All time, by channel and currency. `left`: what the channel still has. */
    readonly totals: readonly (Omit<MoneyDay, 'day'> & { readonly left: Money; readonly paidToMarket: boolean })[];
    readonly payouts: readonly {
      readonly channel: string;
      readonly amount: Money;
      readonly at: number | null;
      readonly arrived: boolean;
    }[];
  };
  /** One line of news with a way on: sold, question asked, shop approved, card number dropped ... `kind` is a key of `notice.*`. */
  notice: {
    readonly kind: NoticeKind;
    readonly params: Readonly<Record<string, string | number>>;
    readonly next: Message | null;
  };
};

/** The ids that a message is made of. */
type MessageIds = {
  card: { readonly listingId: string };
  choose: { readonly listingId: string };
  home: object;
  browse: object;
  basket: object;
  order: { readonly orderId: string };
  my_orders: object;
  claims: object;
  timeline: { readonly orderId: string };
  shop: { readonly shopId: string };
  connect: { readonly shopId: string };
  shop_orders: { readonly shopId: string };
  money: { readonly shopId: string };
  coupons: { readonly shopId: string | null };
  /** Since when and until when it tells of what was sold. */
  digest: { readonly shopId: string; readonly since: number; readonly until: number };
  index: { readonly chatId: string };
  exports: { readonly shopId: string; readonly period?: Period };
  orders_sheet: { readonly shopId: string } & Period;
  new_bill: { readonly shopId: string; readonly personId: string | null };
  packing: { readonly shopId: string; readonly page: number; readonly report?: PackingReport };
  sale: { readonly orderId: string };
  /** `like`: the product whose answers stand in the form already. */
  new_product: {
    readonly shopId: string;
    readonly productKind: ProductKind;
    readonly chatId: string | null;
    readonly like?: string;
  };
  edit_product: { readonly productId: string };
  questions: { readonly shopId: string };
  answer: { readonly questionId: string };
  staff: { readonly shopId: string };
  admin: object;
  cases: object;
  profile: object;
  privacy: object;
  my_data: object;
  /** Only asked for, never stored: the claim is somebody's own words. */
  verified: { readonly claim: Claim };
  help: object;
  /** `objectId` names what it is about (order, product, shop, question); `next` is where its button leads. */
  notice: {
    readonly kind: NoticeKind;
    readonly objectId: string | null;
    readonly params?: Readonly<Record<string, string | number>>;
  };
};

export type MessageName = keyof MessageData;
export type Message<N extends MessageName = MessageName> = { [K in N]: { readonly name: K } & MessageIds[K] }[N];
