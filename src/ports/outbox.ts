/**
 * What leaves us after a commit: ids only, never rendered text. Language, currency and platform are decided when it is sent.
 * `repeat`: sending it again does no harm (an edit, a call with its own idempotency key). `stop`: when the outcome of a send is
 * unknown it is never sent again by the machine.
 */
import type { Message } from './messages.ts';

export type OutboxMessage =
  /** First post of a card. */
  | { readonly name: 'listing.post'; readonly listingId: string }
  /** Every card of the product is drawn again, as the product is at that moment. */
  | { readonly name: 'card.refresh'; readonly productId: string }
  /** First post of a chat's list of what is on sale. */
  | { readonly name: 'index.post'; readonly chatId: string }
  | { readonly name: 'index.refresh'; readonly chatId: string }
  /** The person's panel of that name is drawn again (or made, where the platform has none). */
  | {
      readonly name: 'panel.refresh';
      readonly personId: string;
      readonly communityId: string;
      readonly message: Message;
    }
  /** A new private message. */
  | { readonly name: 'notice'; readonly personId: string; readonly communityId: string; readonly message: Message }
  /** The invoices that stand on the product's cards are made to fit it as it is. */
  | { readonly name: 'card.invoices'; readonly productId: string }
  /** Opens an attempt at its channel: for channels without a page, and for chats that our pay link cannot reach. */
  | { readonly name: 'attempt.open'; readonly attemptId: string }
  /** Closes an attempt at its channel after the order was paid otherwise, cancelled or expired. */
  | { readonly name: 'attempt.close'; readonly attemptId: string }
  /** Hands a refund to its channel, with the refund's own key. */
  | { readonly name: 'refund.submit'; readonly refundId: string };

/** What is for one person's eyes. */
export type PersonalMessage = Extract<OutboxMessage, { readonly personId: string }>;

export const ON_UNKNOWN: Readonly<Record<OutboxMessage['name'], 'repeat' | 'stop'>> = {
  'listing.post': 'stop',
  'card.refresh': 'repeat',
  'card.invoices': 'repeat',
  'index.post': 'stop',
  'index.refresh': 'repeat',
  'panel.refresh': 'repeat',
  notice: 'stop',
  'attempt.open': 'repeat',
  'attempt.close': 'repeat',
  'refund.submit': 'repeat',
};
