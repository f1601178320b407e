/** Orders from basket to closed, their lines, deliveries and timeline. */
import type { OrderState } from '../../domain/order.ts';
import type { DeliveryMethod, Quote } from '../../domain/pricing/quote-shape.ts';
import type { Json } from '../runtime.ts';
import type { Address } from './people.ts';

export type Order = {
  readonly id: string;
  /** What people read aloud. */
  readonly code: string;
  readonly communityId: string;
  readonly shopId: string;
  readonly buyerId: string;
  readonly state: OrderState;
  readonly currency: string;
  /** Minor units; 0 while the order is a basket. Immutable once a payment exists. */
  readonly total: number;
  /** Frozen at checkout; null while the order is a basket. */
  readonly quote: Quote | null;
  readonly quoteHash: string | null;
  readonly deliveryMethod: DeliveryMethod | null;
  /** The card it was bought from; null for a basket. Buy on the card re-opens that person's open order for it. */
  readonly listingId: string | null;
  /** The permission to see and pay this bill: the secret part of the pay link. */
  readonly payToken: string;
  /** When the bill ends; null before checkout, or when a channel keeps it open (cash). */
  readonly expiresAt: number | null;
  readonly version: number;
  readonly createdAt: number;
  readonly placedAt: number | null;
  readonly paidAt: number | null;
  readonly fulfilledAt: number | null;
  readonly closedAt: number | null;
};

export type OrderLine = {
  readonly id: string;
  readonly orderId: string;
  readonly position: number;
  readonly productId: string;
  readonly variantId: string;
  readonly quantity: number;
  /** Frozen at checkout; 0 while the order is a basket. Minor units. */
  readonly total: number;
  readonly refundedQuantity: number;
};

/** One sending of goods; an order has at most one in this release. */
export type Shipment = {
  readonly orderId: string;
  readonly tracking: string;
  readonly shippedAt: number;
  readonly byPersonId: string;
};

/** A seller asked this person for money; the order is its bill. */
export type BillRequest = {
  readonly orderId: string;
  readonly shopId: string;
  readonly buyerId: string;
  readonly byPersonId: string;
  readonly createdAt: number;
};

/** Who may read an entry: everybody who sees the order, the shop and stewards, or stewards alone. */
export type TimelineAudience = 'everybody' | 'shop' | 'stewards';
/** `kind` has a text in every language (`timeline.<kind>`); `params` are ids, numbers and codes, never names or free text. */
export type TimelineEntry = {
  readonly id: string;
  readonly orderId: string;
  readonly at: number;
  readonly kind: string;
  readonly audience: TimelineAudience;
  readonly params: Readonly<Record<string, Json>>;
};

export interface OrderReads {
  order(id: string): Promise<Order | undefined>;
  orderByCode(communityId: string, code: string): Promise<Order | undefined>;
  orderByPayToken(payToken: string): Promise<Order | undefined>;
  lines(orderId: string): Promise<readonly OrderLine[]>;
  /** The lines of many orders at once, by order. */
  linesOf(orderIds: readonly string[]): Promise<readonly OrderLine[]>;
  /** This person's open basket at this shop. */
  basket(personId: string, shopId: string): Promise<Order | undefined>;
  baskets(personId: string): Promise<readonly Order[]>;
  /** This person's `pending_payment` order for this card and variant, made by Buy. */
  openOrderFor(personId: string, listingId: string): Promise<Order | undefined>;
  /** Without bills that sellers sent: nobody is kept from buying by being asked for money. */
  openOrderCount(personId: string): Promise<number>;
  billRequest(orderId: string): Promise<BillRequest | undefined>;
  /** Bills of this shop that wait at this person. */
  openBillsFrom(shopId: string, buyerId: string): Promise<number>;
  /** Newest first; baskets are left out. */
  ordersOf(personId: string, limit: number): Promise<readonly Order[]>;
  ordersOfShop(shopId: string, states: readonly OrderState[], limit: number): Promise<readonly Order[]>;
  /** Placed in this span of instants (`until` is not in it), in the order of their ids; baskets are left out. */
  ordersPlaced(
    shopId: string,
    span: { readonly since: number; readonly until: number; readonly limit: number },
  ): Promise<readonly Order[]>;
  /** Paid and neither sent nor handed over, the oldest first. */
  ordersToFulfil(shopId: string, limit: number): Promise<readonly Order[]>;
  /** Orders `pending_payment` whose time is over, by id; `after` begins behind that one. */
  dueOrders(now: number, limit: number, after?: string): Promise<readonly Order[]>;
  /** Orders `fulfilled` before this instant: they close by themselves. */
  closableOrders(fulfilledBefore: number, limit: number): Promise<readonly Order[]>;
  deliveryAddress(orderId: string): Promise<Address | undefined>;
  shipment(orderId: string): Promise<Shipment | undefined>;
  timeline(orderId: string): Promise<readonly TimelineEntry[]>;
}

/** What a transition writes beside the state. */
export type OrderChanges = Partial<
  Pick<
    Order,
    | 'currency'
    | 'total'
    | 'quote'
    | 'quoteHash'
    | 'deliveryMethod'
    | 'expiresAt'
    | 'placedAt'
    | 'paidAt'
    | 'fulfilledAt'
    | 'closedAt'
  >
>;

export interface OrderWrites extends OrderReads {
  insertOrder(row: Order): Promise<boolean>;
  /**
   * Guarded by version: `... SET state = to, version = version + 1 WHERE id AND version AND state`. False when somebody was
   * there first. Take the order's row before any other row of its commit. `to` may equal the state it has (changes only).
   */
  moveOrder(order: Pick<Order, 'id' | 'version' | 'state'>, to: OrderState, changes?: OrderChanges): Promise<boolean>;
  insertBillRequest(row: BillRequest): Promise<boolean>;
  insertLine(row: OrderLine): Promise<boolean>;
  /** Basket only: sets the quantity of a variant (0 removes the line). */
  setLine(row: OrderLine): Promise<void>;
  setLineTotal(lineId: string, total: number): Promise<void>;
  /** Guarded: refundedQuantity + quantity <= quantity. */
  refundLine(lineId: string, quantity: number): Promise<boolean>;
  /** A failed refund gives the units back to what may be refunded. */
  unrefundLine(lineId: string, quantity: number): Promise<void>;
  putDeliveryAddress(orderId: string, personId: string, address: Address): Promise<void>;
  insertShipment(row: Shipment): Promise<boolean>;
  addTimeline(entry: TimelineEntry): Promise<void>;
}
