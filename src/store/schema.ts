/**
 * Every table, as the queries see it: table and column names in camelCase here, in snake_case in the database. One definition gives
 * the types of the query builder, the parameters of the queries and the reading of rows; a test compares it with what the migrations
 * made. `sealed...` columns hold ciphertext: under the person's own key (person-vault.ts) where a person wrote or owns the text,
 * under the root vault otherwise. A column name has one kind in all tables.
 */
import type { ColumnType } from 'kysely';
import type { OutboxMessageState } from '../domain/outbox-message.ts';
import type { StoredIntent } from '../ports/intents.ts';
import type { OutboxMessage } from '../ports/outbox.ts';
import type { Json } from '../ports/runtime.ts';
import type { InboxState } from '../ports/store/events.ts';
import { type Column, type Columns, int, json, orNull, sequence, text, type TypeOf, word } from './columns.ts';
import { couponTables } from './schema-coupons.ts';
import { marketTables } from './schema-market.ts';
import { moneyTables } from './schema-money.ts';
import { statementTables } from './schema-statements.ts';
import { platformTables } from './schema-platforms.ts';

export const tables = {
  ...marketTables,
  ...moneyTables,
  ...statementTables,
  ...couponTables,

  inboxEvents: {
    id: text,
    channel: text,
    account: text,
    eventId: text,
    objectId: text,
    type: text,
    digest: text,
    receivedAt: int,
  },
  inboxWork: { id: text, state: word<InboxState>(), tries: int, dueAt: orNull(int) },
  inboxPayloads: { id: text, sealedPayload: text },
  /** `seq` is the order within a lane; `coalesce` is unique in its lane while the message is pending. */
  outboxMessages: {
    seq: sequence,
    id: text,
    lane: text,
    coalesce: orNull(text),
    message: json<OutboxMessage>(),
    state: word<OutboxMessageState>(),
    tries: int,
    dueAt: int,
    leaseUntil: orNull(int),
    error: orNull(text),
    createdAt: int,
  },
  commands: { key: text, inputHash: text, result: text, createdAt: int },
  handles: { handle: text, intent: json<StoredIntent>(), personId: orNull(text), chatId: orNull(text), expiresAt: int },
  auditEntries: {
    id: text,
    at: int,
    communityId: text,
    actorId: orNull(text),
    deed: text,
    objectId: text,
    params: json<Readonly<Record<string, Json>>>(),
  },

  webSessions: { id: text, personId: text, communityId: text, createdAt: int, seenAt: int, revokedAt: orNull(int) },
  /** `audience`: `chat:<chat id>`, or `person:<community id>:<person id>`; unique with `key`. */
  webMessages: {
    id: text,
    seq: int,
    audience: text,
    chatId: orNull(text),
    personId: orNull(text),
    communityId: orNull(text),
    key: text,
    authorId: orNull(text),
    sealedText: orNull(text),
    view: orNull(json<Json>()),
    createdAt: int,
    editedAt: orNull(int),
  },
  /** One row (id 1): the last seq given out. Counting it up takes the row's lock until the commit: seq follows the commits' order. */
  webClock: { id: int, seq: int },

  ...platformTables,

  /** One row (id 1): readiness counts it up and reads it back. */
  probes: { id: int, beat: int },
  /** One row (id 1): a known text sealed with the key of this database, so that a wrong key is noticed before anything is written. */
  vaultChecks: { id: int, sealedCheck: text },
} as const satisfies Readonly<Record<string, Columns>>;

export type Tables = typeof tables;

type Stored<C> =
  C extends Column<infer T>
    ? C extends { readonly generated: true }
      ? ColumnType<T, T | undefined, T>
      : ColumnType<T, T, T>
    : never;

/** The query builder's view of the tables. */
export type Database = { [T in keyof Tables]: { [C in keyof Tables[T]]: Stored<Tables[T][C]> } };

/** A whole row of a table, as it is read. */
export type RowOf<T extends keyof Tables> = { [C in keyof Tables[T]]: TypeOf<Tables[T][C]> };
