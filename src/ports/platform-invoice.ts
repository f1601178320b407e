/** Invoices of a chat platform that name no order: they stand on a card, for whoever pays them. */
import type { Money } from '../domain/money.ts';
import type { MerchantAccount } from './store/people.ts';

/** Who pays, as a chat platform knows them: perhaps somebody whom we meet for the first time. */
export type PlatformPayer = { readonly userId: string; readonly name: string; readonly locale: string };

/** An invoice for whoever pays it: a price of one thing, no order yet. */
export type CreateCardInvoice = {
  readonly account: MerchantAccount;
  /** Comes back with the question before the money, and with the money. */
  readonly payload: string;
  /** Of one piece, everything in it. */
  readonly amount: Money;
  /** The seller's own words. */
  readonly title: string;
  /** Who is paid, as the buyer knows them: the shop's name. */
  readonly payee: string;
};

/** What was paid at a card is known at the channel by the card and the payer alone. */
export type CardPayment = {
  readonly payload: string;
  /** The platform's name for the payer. */
  readonly payerUserId: string;
  /** Payments of theirs at that card that are other attempts'. */
  readonly claimed: readonly string[];
};
