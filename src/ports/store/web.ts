/** The built-in web chat: seats and messages are rows of the main database, so that a backup has the conversation. */
import type { Json } from '../runtime.ts';

/** A visitor's session in one browser. The cookie holds only `id`, sealed. */
export type WebSession = {
  readonly id: string;
  readonly personId: string;
  readonly communityId: string;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly revokedAt: number | null;
};

/** Where a message stands: in a group chat, or on one person's private side of a community. */
export type WebAudience = { readonly chatId: string } | { readonly personId: string; readonly communityId: string };

/**
 * `key` is unique in its audience: putting it again edits the message. `seq` grows with every put of any message, in the order of
 * commits, so that "everything after seq n" misses nothing and repeats nothing.
 */
export type WebMessage = {
  readonly id: string;
  readonly seq: number;
  readonly audience: WebAudience;
  readonly key: string;
  /** Null: Pasar itself speaks. */
  readonly authorId: string | null;
  /** What a member wrote; null for a drawn view. Sealed at rest. */
  readonly text: string | null;
  /** A drawn view as the browser gets it; null for a member's text. */
  readonly view: Json;
  readonly createdAt: number;
  readonly editedAt: number | null;
};

export interface WebReads {
  session(id: string): Promise<WebSession | undefined>;
  /** Messages that this person may see (their community's chats and their private side) with seq > after, oldest first. */
  messagesAfter(
    viewer: { personId: string; communityId: string },
    after: number,
    limit: number,
  ): Promise<readonly WebMessage[]>;
  /** The newest `limit` of one audience, oldest first. */
  latest(audience: WebAudience, limit: number): Promise<readonly WebMessage[]>;
  message(id: string): Promise<WebMessage | undefined>;
}

export interface WebWrites extends WebReads {
  insertSession(row: WebSession): Promise<boolean>;
  revokeSession(id: string, at: number): Promise<boolean>;
  touchSession(id: string, at: number): Promise<void>;
  /** Inserts, or edits the message that has this key in this audience; answers the stored message with its new seq. */
  put(
    message: Pick<WebMessage, 'id' | 'audience' | 'key' | 'authorId' | 'text' | 'view'>,
    at: number,
  ): Promise<WebMessage>;
}
