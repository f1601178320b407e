/** Facts that came in (inbox), words that go out (outbox), buttons (handles), the audit trail. */
import type { OutboxMessageState } from '../../domain/outbox-message.ts';
import type { StoredIntent } from '../intents.ts';
import type { OutboxMessage } from '../outbox.ts';
import type { Json } from '../runtime.ts';

/** What was done with a verified event, once. */
export const INBOX_STATES = ['pending', 'done', 'parked', 'conflict', 'ignored', 'dead'] as const;
export type InboxState = (typeof INBOX_STATES)[number];
/** Nothing is done about it any more by itself. */
export const SETTLED_EVENTS = ['done', 'conflict', 'ignored'] as const satisfies readonly InboxState[];

/** A verified event of a provider. Unique by (channel, account, eventId), for ever. */
export type InboxEvent = {
  readonly id: string;
  readonly channel: string;
  readonly account: string;
  readonly eventId: string;
  readonly objectId: string;
  readonly type: string;
  /** SHA-256 of the raw bytes. */
  readonly digest: string;
  readonly receivedAt: number;
};

export type InboxWork = {
  readonly id: string;
  readonly state: InboxState;
  readonly tries: number;
  readonly dueAt: number | null;
};

export interface InboxWrites {
  /** False when this event is known. Writes the fact, its open work, and the payload (sealed). */
  insertEvent(row: InboxEvent, payload: string): Promise<boolean>;
  event(id: string): Promise<InboxEvent | undefined>;
  eventByKey(
    channel: string,
    account: string,
    eventId: string,
  ): Promise<(InboxEvent & { state: InboxState }) | undefined>;
  /** Undefined once it was dropped. */
  payload(id: string): Promise<string | undefined>;
  /** Payloads that are kept, by id. */
  keptPayloads(
    after: string,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly receivedAt: number; readonly state: InboxState }[]>;
  /** The fact stays. False while there is something to be done about it, or when it is gone already. */
  dropPayload(id: string): Promise<boolean>;
  work(id: string): Promise<InboxWork | undefined>;
  dueWork(now: number, limit: number): Promise<readonly InboxWork[]>;
  /** Newest first: what became of events, for whoever runs the market. */
  eventsIn(states: readonly InboxState[], limit: number): Promise<readonly (InboxEvent & InboxWork)[]>;
  moveWork(
    id: string,
    from: InboxState,
    to: InboxState,
    changes?: { tries?: number; dueAt?: number | null },
  ): Promise<boolean>;
}

export type OutboxRow = {
  readonly id: string;
  /** One message of a lane is in flight at a time, in order of insertion. */
  readonly lane: string;
  readonly message: OutboxMessage;
  readonly state: OutboxMessageState;
  readonly tries: number;
  readonly dueAt: number;
  readonly createdAt: number;
};

export type ClaimedRow = OutboxRow & {
  /** A worker that had claimed it before died, or slept past its lease: nobody knows how far it came. */
  readonly abandoned: boolean;
};

export interface OutboxWrites {
  /**
   * `coalesce`: while a message with the same lane and this word waits unclaimed, a second one changes nothing. What it shows is
   * read when it is sent, so the waiting one tells the newer truth as well.
   */
  send(
    row: Pick<OutboxRow, 'id' | 'lane' | 'message' | 'dueAt' | 'createdAt'>,
    options?: { coalesce?: string },
  ): Promise<boolean>;
  /**
   * Claims due messages, the oldest of each lane that has none in flight, until `leaseUntil`; claims of a worker that died come
   * back when their lease is over, and count as a try.
   */
  claim(now: number, leaseUntil: number, limit: number): Promise<readonly ClaimedRow[]>;
  /** `lease`: the `leaseUntil` of the claim that ends here; a row that somebody else has claimed since is left alone (false). */
  finish(
    id: string,
    from: OutboxMessageState,
    to: OutboxMessageState,
    changes?: { dueAt?: number; tries?: number; error?: string },
    lease?: number,
  ): Promise<boolean>;
  /** Every claim's lease ends now: for a process that starts alone on its database. Answers how many there were. */
  endClaims(now: number): Promise<number>;
  /** The earliest instant at which something will be due, or a lease will be over; undefined when nothing waits. */
  nextDue(): Promise<number | undefined>;
  counts(): Promise<Readonly<Record<OutboxMessageState, number>>>;
  dead(limit: number): Promise<readonly OutboxRow[]>;
}

/** A button that was drawn: what it does, and who may press it where until when. */
export type Handle = {
  readonly handle: string;
  readonly intent: StoredIntent;
  /** Null: anybody who is in the chat. */
  readonly personId: string | null;
  readonly chatId: string | null;
  readonly expiresAt: number;
};

export interface HandleWrites {
  handle(handle: string): Promise<Handle | undefined>;
  insertHandles(rows: readonly Handle[]): Promise<void>;
  /** Draws again: a known handle lives at least until its new expiry. */
  pruneHandles(expiredBefore: number, limit: number): Promise<number>;
}

export type AuditEntry = {
  readonly id: string;
  readonly at: number;
  readonly communityId: string;
  /** Null when a rule of ours acted. */
  readonly actorId: string | null;
  readonly deed: string;
  readonly objectId: string;
  readonly params: Readonly<Record<string, Json>>;
};

export interface AuditWrites {
  audit(entry: AuditEntry): Promise<void>;
  auditOf(objectId: string): Promise<readonly AuditEntry[]>;
}
