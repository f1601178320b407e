/** One way to be paid. A channel never changes our state: it answers, and the core decides. */
import type { Money } from '../domain/money.ts';
import type { CardPayment, CreateCardInvoice, PlatformPayer } from './platform-invoice.ts';
import type { AccountDesk, ChannelAccount } from './channel-account.ts';
import type { StatementLine } from './statement.ts';
import type { MerchantAccount } from './store/people.ts';

/** What the buyer does next. `wait`: nothing on a screen (cash changes hands, a bank works). */
export type NextAction =
  | { readonly kind: 'redirect'; readonly url: string }
  /** An invoice of the chat platform itself, opened by its own link. */
  | { readonly kind: 'invoice'; readonly link: string }
  | { readonly kind: 'wait' }
  | { readonly kind: 'none' };

/**
 * Our words for a refusal; each has a text and a remedy in every language (`decline.<code>`). A channel maps what it does not
 * know to `declined`.
 */
export const DECLINE_CODES = [
  'insufficient_funds',
  'declined',
  'expired_card',
  'incorrect_cvc',
  'incorrect_details',
  'processing_error',
  'lost_or_stolen',
  'card_not_supported',
  'authentication_required',
  'limit_exceeded',
  'suspected_fraud',
  'bank_unavailable',
  'abandoned',
] as const;
export type DeclineCode = (typeof DECLINE_CODES)[number];

/** Facts about a channel that the core acts upon; data, not code. */
export type ChannelCapabilities = {
  /** `all` money of the world, or the currencies it can charge. A platform's own money must be named. */
  readonly currencies: 'all' | readonly string[];
  /** Minor units by currency; what is not named has no minimum. */
  readonly minimum: Readonly<Record<string, number>>;
  /** The same the other way: the largest single bill. Absent: no end. */
  readonly maximum?: Readonly<Record<string, number>>;
  /** What it charges is a multiple of it; 1 where nothing is named. */
  readonly step?: Readonly<Record<string, number>>;
  /** What may be paid with it; `physical` is everything that is not digital. */
  readonly goods: 'all' | 'digital' | 'physical';
  /** The chat platform whose own invoices it is paid by: only there is it offered. Null where it stands by itself. */
  readonly nativeInvoice: string | null;
  /** Whose account the money arrives at: the shop's, or that of whoever runs the market, who settles with the shop. */
  readonly paidTo: 'shop' | 'market';
  /** A shop's own account has to be opened there by its owner before it can be paid. */
  readonly onboarding?: boolean;
  /** Origins to which its owner is sent for that. */
  readonly onboardingOrigins?: readonly string[];
  /** Whether it can be asked about a payment. Where not, its notices (or a person's word) are all that is ever known. */
  readonly canBeAsked: boolean;
  readonly webhook: boolean;
  /** `automatic`: by an API. `by_hand`: a person gives the money back and records it. */
  readonly refunds: 'automatic' | 'by_hand';
  /** False: all of a payment goes back, or nothing. */
  readonly partialRefund: boolean;
  readonly refundWindowDays: number;
  /** Whether the buyer leaves the conversation for a page (our pay link leads there). */
  readonly hostedPage: boolean;
  /** How long a bill that chose this channel stays open; null: as long as the product's hold says. */
  readonly keepsOrderOpenMs: number | null;
  /** How long after the end of an attempt money may still come: so long we go on asking. */
  readonly lateTailMs: number;
  /** Origins that the pay page's form may lead to. */
  readonly checkoutOrigins: readonly string[];
};

/** Money at the channel, as the channel tells it. `fee` is what the channel keeps, in the same currency. */
export type ChannelPayment = {
  readonly channelRef: string;
  readonly state: 'pending' | 'succeeded' | 'failed';
  readonly amount: number;
  readonly currency: string;
  readonly fee: number;
};

/**
 * The channel's truth about one attempt.
 * `open`: the buyer may still pay. `ended`: expired or cancelled at the channel. `absent`: the channel has never heard of it.
 * `unknown`: no trustworthy answer (time-out, 5xx); nothing may be concluded from it.
 */
export type ChannelAttempt = {
  readonly state: 'open' | 'pending' | 'succeeded' | 'failed' | 'ended' | 'absent' | 'unknown';
  readonly channelRef?: string;
  readonly nextAction?: NextAction;
  readonly declineCode?: DeclineCode;
  readonly payments: readonly ChannelPayment[];
};

export type ChannelRefund = {
  readonly state: 'pending' | 'succeeded' | 'failed' | 'absent' | 'unknown';
  readonly channelRef?: string;
};

export type AttemptRef = {
  readonly account: MerchantAccount;
  readonly reference: string;
  readonly channelRef: string | null;
  /** When the attempt was made: no payment of it is older. */
  readonly openedAt?: number;
  /** The attempt may have been paid at a card. */
  readonly card?: CardPayment;
};

export type CreatePayment = {
  readonly account: MerchantAccount;
  /** Ours, unique at the account; the same on every repetition of the same attempt. */
  readonly reference: string;
  readonly idempotencyKey: string;
  readonly amount: Money;
  /** What the amount is made of; `title` is the seller's own words, empty for delivery. Σ amount = amount. */
  readonly lines: readonly {
    readonly kind: 'item' | 'delivery' | 'tax';
    readonly title: string;
    readonly quantity: number;
    readonly amount: number;
  }[];
  /** Who is paid, as the buyer knows them: the shop's name. */
  readonly payee: string;
  /** What for: the order's code. */
  readonly description: string;
  readonly orderId: string;
  readonly attemptId: string;
  /** When the attempt was made; with `expiresAt` it never changes from one repetition to the next. */
  readonly openedAt: number;
  /** What the community keeps of a payment to a shop's own account; absent or 0: nothing. */
  readonly marketFee?: Money;
  readonly returnUrl: string;
  readonly cancelUrl: string;
  readonly expiresAt: number;
  readonly locale: string;
};

export type CreateRefund = {
  readonly account: MerchantAccount;
  readonly reference: string;
  readonly idempotencyKey: string;
  /** The channel's own name for the payment (Capture.channelRef). */
  readonly paymentRef: string;
  readonly amount: Money;
  /** When the payment's attempt was made: the payment is not older. */
  readonly openedAt?: number;
};

/** Raw bytes and headers exactly as they arrived. */
export type RawNotice = {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAt: number;
};

/** A verified notice. What it says of money is compared with the attempt before anything happens. */
export type ChannelNotice = {
  readonly eventId: string;
  readonly type: string;
  /** The channel's account it speaks of. */
  readonly account: string;
  readonly objectId: string;
  readonly occurredAt: number;
  readonly about:
    | {
        readonly kind: 'attempt';
        readonly reference: string;
        readonly orderId: string;
        readonly truth: ChannelAttempt;
        /** Who paid, where the channel's platform tells. */
        readonly payer?: PlatformPayer;
      }
    | {
        readonly kind: 'refund';
        readonly reference: string;
        readonly truth: ChannelRefund & { amount: number; currency: string };
      }
    /**
     * A payment of ours was given back, by us or by somebody else; `paymentRef` is the channel's name for it. `refundRef` is its name for
     * what was given back; where refunds have no names it was the whole payment.
     */
    | {
        readonly kind: 'paid_back';
        readonly refundRef?: string;
        readonly reference: string;
        readonly orderId: string;
        readonly paymentRef: string;
        /** It was paid at this card; no order is named. */
        readonly cardInvoiceId?: string;
        readonly amount: number;
        readonly currency: string;
      }
    /**
     * The payer's bank took a payment up. `paymentRef` is Capture.channelRef; `reference` and `orderId` are ours, null where the
     * channel's event does not carry them: the payment is then found by its account and `paymentRef`.
     */
    | {
        readonly kind: 'dispute';
        readonly reference: string | null;
        readonly orderId: string | null;
        readonly paymentRef: string;
        readonly dispute: ChannelDispute;
      }
    /** The payer's bank suspects fraud and has not taken the money back (yet). `reason` is the channel's own word. */
    | {
        readonly kind: 'warning';
        readonly reference: string | null;
        readonly orderId: string | null;
        readonly paymentRef: string;
        readonly reason: string;
      }
    /** Somebody paid an invoice on a card. */
    | {
        readonly kind: 'card_sale';
        readonly cardInvoiceId: string;
        readonly payer: PlatformPayer;
        readonly payment: ChannelPayment;
      }
    /** The state of a shop's own account; it is the notice's account. */
    | { readonly kind: 'account'; readonly account: ChannelAccount }
    /** A type we do not act upon: stored and acknowledged. */
    | { readonly kind: 'other' };
};

/**
 * A dispute as its channel tells it: the whole of it, however often it was told. `inquiry`: the bank asks, and has taken nothing.
 * A word of the channel's that is not known is the state that it can still leave (`under_review`).
 */
export type ChannelDispute = {
  /** The channel's own name for it; one payment may have several. */
  readonly channelRef: string;
  readonly state: 'inquiry' | 'needs_response' | 'under_review' | 'won' | 'lost' | 'accepted';
  /** What is disputed; may be less than the payment. Minor units. */
  readonly amount: number;
  readonly currency: string;
  /** The channel's own word for why. */
  readonly reason: string;
  /** Until when the seller may answer at the channel; null when there is nothing to answer. */
  readonly respondBy: number | null;
  /** What the bank holds of it now: 0 before it took the money, and after it gave it back. */
  readonly withdrawn: number;
  /** What the channel keeps for the dispute now, in the same currency. */
  readonly fee: number;
};

/** Thrown by a channel when nothing was executed for certain and a later try may succeed, or never will. */
export class ChannelTrouble extends Error {
  readonly retryable: boolean;
  constructor(message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'ChannelTrouble';
    this.retryable = options.retryable;
  }
}

export interface PaymentChannel {
  readonly code: string;
  readonly capabilities: ChannelCapabilities;
  /** Where `onboarding` is needed. */
  readonly accounts?: AccountDesk;
  /** The channel's name for a shop's account, where none has to be opened with anybody: every shop has one. */
  accountRef?(shopId: string): string;
  /** `unknown` when the request may have been executed; never throws for a time-out. */
  createPayment(request: CreatePayment): Promise<ChannelAttempt>;
  /** The link of an invoice for a card. Throws `ChannelTrouble`: nobody has a link that did not reach us. Absent: it has none. */
  createCardInvoice?(request: CreateCardInvoice): Promise<string>;
  /** By our reference, or by the channel's when we know it. */
  retrievePayment(ref: AttemptRef): Promise<ChannelAttempt>;
  /** Closes an unpaid attempt; answers the truth after it (money may have come first). */
  cancelPayment(ref: AttemptRef): Promise<ChannelAttempt>;
  createRefund(request: CreateRefund): Promise<ChannelRefund>;
  retrieveRefund(ref: {
    account: MerchantAccount;
    reference: string;
    channelRef: string | null;
    /** The payment that goes back, and since when it can be there. */
    paymentRef?: string;
    openedAt?: number;
  }): Promise<ChannelRefund>;
  /**
   * Undefined when the signature, its age or the shape is wrong: nothing may be written then. Absent without webhooks. Once the signature
   * holds it may look at the channel for what is true now; `ChannelTrouble` where it must and cannot: the notice has to come again.
   */
  verifyNotice?(raw: RawNotice): ChannelNotice | undefined | Promise<ChannelNotice | undefined>;
  /** The dispute as it stands now; undefined when there is no clear answer. Throws `ChannelTrouble` like every reading. */
  retrieveDispute?(ref: { account: MerchantAccount; channelRef: string }): Promise<ChannelDispute | undefined>;
  /** `from` inclusive, `to` exclusive, by the channel's own clock, in order of happening: whole, or `ChannelTrouble`. */
  fetchStatement?(query: { account: MerchantAccount; from: number; to: number }): Promise<readonly StatementLine[]>;
}

export type Channels = ReadonlyMap<string, PaymentChannel>;
