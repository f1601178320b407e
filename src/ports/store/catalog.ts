/** Products, their variants, prices, stock and pictures, and the cards that show them in chats. */
import type { HoldState } from '../../domain/hold.ts';
import type {
  DeliveryOffer,
  DigitalDelivery,
  HoldPolicy,
  ProductKind,
  ProductOption,
  ProductState,
} from '../../domain/product.ts';

export type Product = {
  readonly id: string;
  readonly communityId: string;
  readonly shopId: string;
  readonly kind: ProductKind;
  readonly title: string;
  readonly description: string;
  readonly imageDigest: string | null;
  readonly imageAlt: string;
  readonly options: readonly ProductOption[];
  readonly holdPolicy: HoldPolicy;
  readonly limitPerPerson: number | null;
  /** For physical products; null otherwise. */
  readonly delivery: DeliveryOffer | null;
  /** For digital products; null otherwise. The text itself is read with `digitalText`. */
  readonly digital: DigitalDelivery | null;
  /** What a service's buyer is told after payment. */
  readonly serviceNote: string;
  /** Where the platform has invoices of its own, the card carries one for whoever taps it. */
  readonly quickPay: boolean;
  readonly state: ProductState;
  /** Grows with every change that a card shows, stock included: a card drawn at an older version is drawn again. */
  readonly version: number;
  readonly createdAt: number;
};

export type Variant = {
  readonly id: string;
  readonly productId: string;
  readonly position: number;
  readonly choices: readonly string[];
  /** Units in the seller's hands; null is unlimited. */
  readonly onHand: number | null;
  /** Units of `onHand` kept for open orders. */
  readonly held: number;
  readonly sold: number;
  /** Minor units by currency. */
  readonly prices: Readonly<Record<string, number>>;
};

export type Image = {
  readonly digest: string;
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
};

export const LISTING_STATES = ['posting', 'live', 'unknown', 'removed'] as const;
export type ListingState = (typeof LISTING_STATES)[number];

/** A product's card in one chat. `messageRef` is the platform's own reference, written back after the post. */
export type Listing = {
  readonly id: string;
  readonly productId: string;
  readonly chatId: string;
  readonly state: ListingState;
  readonly messageRef: string | null;
  readonly createdAt: number;
};

export type Hold = {
  readonly id: string;
  readonly orderId: string;
  readonly variantId: string;
  readonly quantity: number;
  readonly state: HoldState;
};

export type Question = {
  readonly id: string;
  readonly productId: string;
  readonly askerId: string;
  readonly text: string;
  readonly answer: string | null;
  readonly askedAt: number;
  readonly answeredAt: number | null;
};

/** A report of a product by a member; one open report a person and product. */
export type Report = {
  readonly id: string;
  readonly productId: string;
  readonly reporterId: string;
  readonly reason: string;
  readonly at: number;
  readonly resolvedAt: number | null;
};

export interface CatalogReads {
  product(id: string): Promise<Product | undefined>;
  products(filter: {
    communityId: string;
    shopId?: string;
    states: readonly ProductState[];
    limit: number;
  }): Promise<readonly Product[]>;
  /** Those of these ids that exist, in id order. */
  productsById(ids: readonly string[]): Promise<readonly Product[]>;
  variants(productId: string): Promise<readonly Variant[]>;
  /** The variants of many products at once, by product, in each product's own order. */
  variantsOf(productIds: readonly string[]): Promise<readonly Variant[]>;
  variant(id: string): Promise<Variant | undefined>;
  image(digest: string): Promise<Image | undefined>;
  listing(id: string): Promise<Listing | undefined>;
  listings(productId: string): Promise<readonly Listing[]>;
  digitalText(productId: string): Promise<string>;
  freeCodes(productId: string): Promise<number>;
  /** What a paid order's digital lines hand over: codes assigned to the order, in order of assignment. */
  codesOf(
    orderId: string,
  ): Promise<readonly { id: string; productId: string; orderLineId: string; code: string; shownAt: number | null }[]>;
  holdsOf(orderId: string): Promise<readonly Hold[]>;
  question(id: string): Promise<Question | undefined>;
  /** Oldest first, of a product or of a shop; `open` leaves out what was answered. */
  questions(filter: {
    productId?: string;
    shopId?: string;
    open: boolean;
    limit: number;
  }): Promise<readonly Question[]>;
  /** Reports that nobody has resolved, oldest first. */
  reports(communityId: string, limit: number): Promise<readonly Report[]>;
  /** Units of a product this person has in orders that are open or were paid (refunded units not counted). */
  unitsOf(personId: string, productId: string): Promise<number>;
}

export interface CatalogWrites extends CatalogReads {
  insertProduct(row: Product, secrets: { digitalText: string }): Promise<boolean>;
  updateProduct(
    id: string,
    changes: Partial<
      Pick<
        Product,
        | 'title'
        | 'description'
        | 'imageDigest'
        | 'imageAlt'
        | 'holdPolicy'
        | 'limitPerPerson'
        | 'delivery'
        | 'serviceNote'
        | 'quickPay'
      >
    >,
  ): Promise<boolean>;
  setDigitalText(productId: string, text: string): Promise<void>;
  moveProduct(id: string, from: readonly ProductState[], to: ProductState): Promise<boolean>;
  /** Called with every change that a card shows. */
  bumpProduct(id: string): Promise<void>;
  insertVariant(row: Variant): Promise<boolean>;
  /** Replaces the variant's price list. */
  setPrices(variantId: string, prices: Readonly<Record<string, number>>): Promise<void>;
  /** Sets units in hand (null: unlimited); false when fewer than are held. Writes a stock move. */
  setOnHand(variantId: string, onHand: number | null, at: number, reason: string): Promise<boolean>;
  /** `held += quantity` where enough is available (or stock is unlimited). Guarded; false when short. */
  holdStock(variantId: string, quantity: number): Promise<boolean>;
  /** `held -= quantity`. */
  releaseStock(variantId: string, quantity: number): Promise<void>;
  /** `held -= quantity, onHand -= quantity, sold += quantity`. Writes a stock move. */
  commitStock(variantId: string, quantity: number, at: number, orderId: string): Promise<void>;
  /** `onHand -= quantity, sold += quantity` of what is available, without a hold before. Guarded; false when short. */
  takeStock(variantId: string, quantity: number, at: number, orderId: string): Promise<boolean>;
  /** A refund puts units back: `onHand += quantity, sold -= quantity`. Writes a stock move. */
  returnStock(variantId: string, quantity: number, at: number, orderId: string): Promise<void>;
  insertHold(row: Hold, at: number): Promise<boolean>;
  /** Guarded: true only when the hold was `held`. */
  endHold(id: string, to: 'committed' | 'released', at: number): Promise<boolean>;
  /** Refuses none: a code that this product already has is skipped; answers how many were added. */
  addCodes(productId: string, codes: readonly string[], at: number): Promise<number>;
  /** Assigns free codes to an order line, oldest first; answers how many could be assigned. */
  assignCodes(productId: string, orderId: string, orderLineId: string, quantity: number, at: number): Promise<number>;
  /** Of the order line's codes, the first `quantity` are seen from now on: what comes back comes from the other end. */
  markCodesShown(orderLineId: string, quantity: number, at: number): Promise<void>;
  /** Frees the order line's codes that were never shown; answers how many. */
  returnUnshownCodes(orderId: string, orderLineId: string, quantity: number): Promise<number>;
  insertImage(row: Image, at: number): Promise<boolean>;
  insertListing(row: Listing): Promise<boolean>;
  updateListing(id: string, changes: { state: ListingState; messageRef?: string }): Promise<void>;
  insertQuestion(row: Question): Promise<boolean>;
  /** Guarded: true only when it had no answer. */
  answerQuestion(id: string, answer: string, at: number): Promise<boolean>;
  insertReport(row: Report): Promise<boolean>;
  resolveReports(productId: string, at: number): Promise<number>;
}
