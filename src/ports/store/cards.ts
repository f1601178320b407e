/** Invoices that others than a known buyer may pay: those on a card, for whoever taps them, and bills that their buyer shares. */
import type { DeliveryMethod } from '../../domain/pricing/quote-shape.ts';

/** A price, a currency or a way of delivery that changes makes a new one: what a link asks for never changes. */
export type CardInvoice = {
  readonly id: string;
  readonly listingId: string;
  readonly variantId: string;
  readonly channel: string;
  readonly merchantAccountId: string;
  readonly currency: string;
  /** Minor units, of one piece. */
  readonly amount: number;
  readonly method: DeliveryMethod;
  /** The platform's own. */
  readonly link: string;
  /** `closed`: its link is still somewhere, and pays nothing any more. */
  readonly state: 'open' | 'closed';
  readonly createdAt: number;
};

/** The platform has asked whether this person may pay that card, and this attempt was made for it. */
export type CardSale = { readonly attemptId: string; readonly cardInvoiceId: string; readonly personId: string };

export interface CardReads {
  cardInvoice(id: string): Promise<CardInvoice | undefined>;
  /** At most one of each variant. */
  openCardInvoices(listingId: string): Promise<readonly CardInvoice[]>;
  /** What this person was let to pay at this card, the oldest attempt first. */
  cardSales(cardInvoiceId: string, personId: string): Promise<readonly CardSale[]>;
  cardSaleOf(attemptId: string): Promise<CardSale | undefined>;
  /** Others than the buyer may pay this order's invoice. */
  isShared(orderId: string): Promise<boolean>;
}

export interface CardWrites extends CardReads {
  /** False when the variant has an open one on this card. */
  insertCardInvoice(row: CardInvoice): Promise<boolean>;
  /** Guarded: true only for an open one. */
  closeCardInvoice(id: string): Promise<boolean>;
  /** The same again changes nothing. */
  putCardSale(row: CardSale): Promise<void>;
  shareBill(orderId: string, byPersonId: string, at: number): Promise<void>;
  unshareBill(orderId: string): Promise<void>;
}
