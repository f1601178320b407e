/** What a chat platform has to remember between two updates: how to reach somebody, where panels stand, forms half filled in. */
import type { PersonalMessage } from '../outbox.ts';

export type PlatformAddress = {
  readonly personId: string;
  readonly platform: string;
  /** The platform's own name for the person, as text. Sealed at rest. */
  readonly userId: string;
  /** May be written to in private. */
  readonly open: boolean;
};

export type PanelRef = {
  readonly platform: string;
  readonly personId: string;
  readonly key: string;
  /** The platform's reference, its own JSON; it names no person. */
  readonly ref: string;
  readonly at: number;
};

/** A form that a person is filling in, one at a time. */
export type Draft = {
  readonly platform: string;
  readonly personId: string;
  /** The adapter's own JSON: form, step, answers. Sealed at rest. */
  readonly state: string;
  readonly updatedAt: number;
};

/** Something that a platform told us. Unique by (platform, account, updateId). */
export type PlatformUpdate = {
  readonly platform: string;
  /** Whose updates: the bot's id there. */
  readonly account: string;
  readonly updateId: number;
  /** The adapter's own JSON. Sealed at rest, and forgotten when the work is done. */
  readonly payload: string;
  readonly receivedAt: number;
};

/** `dead`: its work failed each time; kept so that it does not come again. */
export const UPDATE_STATES = ['pending', 'done', 'dead'] as const;
export type UpdateState = (typeof UPDATE_STATES)[number];

export type PendingUpdate = Omit<PlatformUpdate, 'platform' | 'account'> & { readonly tries: number };

/** What we know of our own place in a chat. */
export type ChatPlace = {
  readonly chatId: string;
  /** False: we were sent away. The chat is not offered for new cards. */
  readonly present: boolean;
  /** The platform's own JSON of what we may do there. */
  readonly rights: string;
  readonly updatedAt: number;
};

/** News that could not be put where it lasts: it is sent when the person can be written to. */
export type KeptNews = {
  readonly platform: string;
  readonly personId: string;
  /** Of the panel, or of one notice. */
  readonly key: string;
  readonly message: PersonalMessage;
  readonly at: number;
};

/** A paid order whose buyer cannot be written to: the product's cards there have a button for it. */
export type Claim = {
  readonly platform: string;
  readonly productId: string;
  readonly orderId: string;
  readonly personId: string;
};

/** Work that one process at a time may do. */
export type Lease = {
  readonly name: string;
  /** A process; empty when it was given back. */
  readonly holder: string;
  /** Counts up for as long as the holder lives: whoever sees it stand still takes over. No process trusts another's clock. */
  readonly beat: number;
};

export interface LeaseReads {
  lease(name: string): Promise<Lease | undefined>;
}

export interface LeaseWrites extends LeaseReads {
  /** Guarded: true when the lease is still as it was seen. `holder`: whose it is from now on; again ours, or empty to give it back. */
  takeLease(name: string, holder: string, seen: Lease | undefined): Promise<boolean>;
}

export interface KeptNewsReads {
  /** The newest `limit`, oldest first. */
  keptNews(platform: string, personId: string, limit: number): Promise<readonly KeptNews[]>;
  claims(personId: string): Promise<readonly Omit<Claim, 'personId'>[]>;
  /** Whether somebody has something to claim at this product's cards there. */
  isClaimed(platform: string, productId: string): Promise<boolean>;
}

export interface KeptNewsWrites extends KeptNewsReads {
  keepNews(row: KeptNews): Promise<void>;
  /** Without a key: all of theirs. */
  dropNews(platform: string, personId: string, key?: string): Promise<void>;
  /** False when it was there before. */
  putClaim(row: Claim): Promise<boolean>;
  dropClaims(platform: string, personId: string): Promise<void>;
}

export interface PlatformReads extends KeptNewsReads, LeaseReads {
  /** Undefined also for a person who was erased. */
  address(personId: string, platform: string): Promise<PlatformAddress | undefined>;
  panelRef(platform: string, personId: string, key: string): Promise<PanelRef | undefined>;
  draft(platform: string, personId: string): Promise<Draft | undefined>;
  /** The oldest `limit` of the work that is left, in the platform's order. */
  pendingUpdates(platform: string, account: string, limit: number): Promise<readonly PendingUpdate[]>;
  /** Where this person has been, the last visit first. */
  communitiesOf(personId: string): Promise<readonly string[]>;
  /** Who bears this public name (without the @, in any case) there, as far as they have met us. */
  personByName(platform: string, name: string): Promise<string | undefined>;
  /** Whether this person bears this name, or none when it is null. */
  isNamed(platform: string, personId: string, name: string | null): Promise<boolean>;
  chatPlace(chatId: string): Promise<ChatPlace | undefined>;
}

export interface PlatformWrites extends PlatformReads, KeptNewsWrites, LeaseWrites {
  putAddress(row: PlatformAddress): Promise<void>;
  setOpen(personId: string, platform: string, open: boolean): Promise<void>;
  putPanelRef(row: PanelRef): Promise<void>;
  dropPanelRef(platform: string, personId: string, key: string): Promise<void>;
  putDraft(row: Draft): Promise<void>;
  dropDraft(platform: string, personId: string): Promise<boolean>;
  /** Answers how many of them were new. */
  insertUpdates(rows: readonly PlatformUpdate[]): Promise<number>;
  /** Guarded: true only for work that was left. The payload is forgotten. */
  finishUpdate(
    platform: string,
    account: string,
    updateId: number,
    state: Exclude<UpdateState, 'pending'>,
  ): Promise<boolean>;
  /** Counts one more try of work that failed. */
  retryUpdate(platform: string, account: string, updateId: number): Promise<void>;
  /** Forgets finished work received before this instant; answers how much. */
  pruneUpdates(receivedBefore: number): Promise<number>;
  /** The newest bearer has a name; null: they have none any more. */
  putName(platform: string, personId: string, name: string | null): Promise<void>;
  visit(communityId: string, personId: string, at: number): Promise<void>;
  putChatPlace(row: ChatPlace): Promise<void>;
  /** The platform gave a chat another name. False when the new one is known already, or the old one is not. */
  moveChat(platform: string, from: string, to: string): Promise<boolean>;
}
