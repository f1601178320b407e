/** The only mouth of the core. Everything that passes it is plain cloneable data, so that the core can live in a worker thread. */
import type { Fault, Result } from '../domain/faults.ts';
import type { Quote } from '../domain/pricing/quote-shape.ts';
import type { CommunityRole } from '../domain/policy.ts';
import type { AccountState, AccountWant } from './channel-account.ts';
import type { Intent, StoredIntent } from './intents.ts';
import type { Message, MessageData, MessageName } from './messages.ts';
import type { ChannelNotice, NextAction, RawNotice } from './payment-channel.ts';
import type { PlatformPayer } from './platform-invoice.ts';
import type { Image } from './store/catalog.ts';

export type Command = {
  /** The same key has one effect and one answer, however often it comes. */
  readonly key: string;
  readonly communityId: string;
  readonly personId: string;
  /** Where it was said or pressed; null in private. */
  readonly chatId: string | null;
  readonly intent: Intent;
};

/** `show`: the panel that answers; null when the change itself is the answer. */
export type Reply =
  | { readonly ok: true; readonly show: Message | null }
  | { readonly ok: false; readonly fault: Fault };

/** A press of a button that we drew. `formId` is one-time, made when a form is opened; `values` are what was typed in it. */
export type Press = {
  readonly handle: string;
  readonly personId: string;
  readonly chatId: string | null;
  /** Turns the stored intent and the values into an intent: the zod door, given by the adapter. */
  readonly formId?: string;
};

export type Viewer = { readonly communityId: string; readonly personId: string };

export type Profile = {
  readonly personId: string;
  readonly name: string;
  readonly locale: string;
  readonly currency: string;
  readonly role: CommunityRole;
};

/** Who someone is on their platform. The first meeting makes a person and a member. */
export type Arrival = {
  readonly platform: string;
  readonly platformUserId: string;
  readonly communityId: string;
  readonly name: string;
  readonly locale: string;
};

/** We were brought into a chat of a platform. */
export type ChatOpening = {
  readonly platform: string;
  readonly platformChatId: string;
  readonly title: string;
  /** An administrator there, who stands behind it; null: nobody who may decide. */
  readonly by: Pick<Arrival, 'platformUserId' | 'name' | 'locale'> | null;
  /** It belongs beside the chats of this community; absent: to one that `by` owns, or to a new one. */
  readonly communityId?: string;
  /** What a new community keeps until its owner says otherwise. */
  readonly usual: { readonly currency: string; readonly timeZone: string; readonly locale: string };
};

/** `founded`: with a new community; `joined`: it was brought to one that its owner has; `known`: it was open before. */
export type OpenedChat = {
  readonly chatId: string;
  readonly communityId: string;
  readonly opened: 'founded' | 'joined' | 'known';
};

/** What a pay page shows, before anybody proved to be the buyer: the shop, the lines, the sum; never the buyer's name or address. */
export type Bill = {
  readonly orderId: string;
  readonly code: string;
  readonly buyerId: string;
  readonly shopName: string;
  readonly communityName: string;
  readonly quote: Quote;
  readonly state: 'payable' | 'paid' | 'over' | 'cancelled' | 'working';
  readonly testMoney: boolean;
  /** Free of charge: confirming needs no channel. */
  readonly expiresAt: number | null;
  readonly locale: string;
  /** The community's, for times on the page. */
  readonly timeZone: string;
  /** Somebody has gone on to a channel's page with this link already: whoever else comes is asked whether it is a gift. */
  readonly opened: boolean;
  /** The last refusal at a channel, our word. */
  readonly declineCode: string | null;
};

/** What the page of a shop's own account shows. `none`: nothing was opened yet. */
export type Onboarding = {
  readonly shopName: string;
  readonly locale: string;
  readonly state: AccountState | 'none';
  readonly wants: readonly AccountWant[];
};

/** A chat platform asks, a moment before it takes the money, whether an invoice of ours may still be paid. */
export type PreCheckout = {
  /** The payment channel's code. */
  readonly channel: string;
  readonly payload: string;
  readonly amount: number;
  readonly currency: string;
  /** On the channel's platform. */
  readonly payer: PlatformPayer;
};

export type HttpReply = { readonly status: number; readonly body: string };

export interface Core {
  /** Does what is wanted, once per key. */
  handle(command: Command): Promise<Reply>;
  arrive(arrival: Arrival): Promise<Profile>;
  profile(viewer: Viewer): Promise<Profile | undefined>;
  /** Makes a chat of a platform ours, once; undefined while nobody who may decide stands behind it. */
  openChat(opening: ChatOpening): Promise<OpenedChat | undefined>;
  /** The data of a message, with the viewer's rights; `not_found` also for what they may not see. */
  load<N extends MessageName>(message: Message<N>, viewer: Viewer | null): Promise<Result<MessageData[N]>>;
  /** Writes the buttons of a view down before it is shown. */
  drawHandles(
    drawn: readonly { handle: string; intent: StoredIntent; personId: string | null; chatId: string | null }[],
  ): Promise<void>;
  /** What a button means for this person in this chat, or why it means nothing. */
  readHandle(press: Press): Promise<Result<StoredIntent>>;
  /** They can be written to in private from now on: what was kept for them goes out. */
  reached(platform: string, personId: string): Promise<void>;
  bill(payToken: string): Promise<Result<Bill>>;
  /** Opens (or re-opens) a way to pay at a channel with a page. `returnBase` is our own origin for the way back. */
  openCheckout(request: { payToken: string; returnBase: string }): Promise<Result<NextAction>>;
  /** The buyer is back from the channel's page: asks the channel now instead of waiting for its notice. */
  returned(payToken: string): Promise<void>;
  onboarding(token: string): Promise<Result<Onboarding>>;
  /** Where the seller goes on to open the shop's own account; `returnBase` is our own origin for the way back. */
  openOnboarding(request: { token: string; returnBase: string }): Promise<Result<string>>;
  /** The seller is back from there: asks the channel now. */
  onboarded(token: string): Promise<void>;
  image(digest: string): Promise<Image | undefined>;
  saveImage(image: Image): Promise<void>;
  /** Verify, make durable, apply; the reply is sent after the commit. */
  onProviderNotice(channel: string, raw: RawNotice): Promise<HttpReply>;
  /**
   * Whether this invoice may be paid now by this person; the platform waits. Reads only, but for an invoice on a card: there the
   * order and its hold are durable when this resolves with yes.
   */
  preCheckout(request: PreCheckout): Promise<Result<null>>;
  /**
   * News of money that a chat platform brought through its own, already verified door: durable when this resolves, acted upon once.
   * Throws when the channel has no such invoices.
   */
  onChannelNotice(channel: string, notice: ChannelNotice): Promise<'stored' | 'duplicate'>;
  /** Time's own work: expiries, questions to channels, parked events. Answers when it wants to be called next at the latest. */
  sweep(): Promise<void>;
}
