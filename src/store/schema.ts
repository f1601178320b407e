/**
 * Every table, as the queries see it: table and column names in camelCase here, in snake_case in the database. One definition gives
 * the types of the query builder, the parameters of the queries and the reading of rows; a test compares it with what the migrations
 * made. `sealed...` columns hold ciphertext: under the person's own key (person-vault.ts) where a person wrote or owns the text,
 * under the root vault otherwise. A column name has one kind in all tables.
 */
import type { ColumnType } from 'kysely';
import type { HoldState } from '../domain/hold.ts';
import type { Account, Entry, EntryKind } from '../domain/ledger.ts';
import type { OrderState } from '../domain/order.ts';
import type { OutboxMessageState } from '../domain/outbox-message.ts';
import type { AttemptState, PaymentException, PaymentState } from '../domain/payment.ts';
import type { CommunityRole, ShopRole } from '../domain/policy.ts';
import type {
  DigitalDelivery,
  DeliveryOffer,
  HoldPolicy,
  ProductKind,
  ProductOption,
  ProductState,
} from '../domain/product.ts';
import type { DeliveryMethod, Quote } from '../domain/quote.ts';
import type { RefundState } from '../domain/refund.ts';
import type { StoredIntent } from '../ports/intents.ts';
import type { OutboxMessage } from '../ports/outbox.ts';
import type { NextAction } from '../ports/payment-channel.ts';
import type { Json } from '../ports/runtime.ts';
import type { ListingState } from '../ports/store/catalog.ts';
import type { InboxState } from '../ports/store/events.ts';
import type { TimelineAudience } from '../ports/store/orders.ts';
import type { CaptureUse, Case, Refund, RefundCause } from '../ports/store/payments.ts';
import type { ShopState } from '../ports/store/people.ts';
import {
  bytes,
  type Column,
  type Columns,
  flag,
  int,
  json,
  orNull,
  sequence,
  text,
  type TypeOf,
  word,
} from './columns.ts';

export const tables = {
  communities: {
    id: text,
    name: text,
    timeZone: text,
    currency: text,
    locale: text,
    testMoney: flag,
    cashConfirmLimit: int,
    frozen: flag,
    createdAt: int,
  },
  people: { id: text, sealedName: text, locale: text, currency: orNull(text), createdAt: int },
  /** A person's own data key, wrapped by the vault; erasing it (`wrapped` null) makes everything sealed under it unreadable. */
  personKeys: { personId: text, wrapped: orNull(text), erasedAt: orNull(int) },
  identities: { platform: text, userDigest: text, personId: text, createdAt: int },
  addresses: { personId: text, sealedAddress: text, updatedAt: int },
  memberships: { communityId: text, personId: text, role: word<CommunityRole>(), createdAt: int },
  shops: { id: text, communityId: text, ownerId: text, name: text, state: word<ShopState>(), createdAt: int },
  shopStaff: { shopId: text, personId: text, role: word<ShopRole>(), createdAt: int },
  merchantAccounts: { id: text, shopId: text, channel: text, accountRef: text, createdAt: int },
  chats: { id: text, communityId: text, platform: text, platformChatId: text, title: text },

  products: {
    id: text,
    communityId: text,
    shopId: text,
    kind: word<ProductKind>(),
    title: text,
    description: text,
    imageDigest: orNull(text),
    imageAlt: text,
    options: json<readonly ProductOption[]>(),
    holdPolicy: json<HoldPolicy>(),
    limitPerPerson: orNull(int),
    delivery: orNull(json<DeliveryOffer>()),
    digital: orNull(word<DigitalDelivery>()),
    sealedDigitalText: orNull(text),
    serviceNote: text,
    state: word<ProductState>(),
    version: int,
    createdAt: int,
  },
  variants: {
    id: text,
    productId: text,
    position: int,
    choices: json<readonly string[]>(),
    onHand: orNull(int),
    held: int,
    sold: int,
  },
  prices: { variantId: text, currency: text, amount: int },
  /**
   * Σ delta of a variant = its onHand, or 0 while stock is unlimited: going unlimited writes minus what was there. `reason`:
   * initial, set, sale, return, or a word of the caller.
   */
  stockMoves: { seq: sequence, variantId: text, delta: int, reason: text, orderId: orNull(text), at: int },
  /** Single-use codes. `seq` is the record's id (as text) and the order in which they are handed out. */
  codes: {
    seq: sequence,
    productId: text,
    codeDigest: text,
    sealedCode: text,
    orderId: orNull(text),
    orderLineId: orNull(text),
    assignedAt: orNull(int),
    shownAt: orNull(int),
    createdAt: int,
  },
  images: { digest: text, mime: text, width: int, height: int, bytes, createdAt: int },
  listings: {
    id: text,
    productId: text,
    chatId: text,
    state: word<ListingState>(),
    messageRef: orNull(text),
    createdAt: int,
  },
  holds: {
    id: text,
    orderId: text,
    variantId: text,
    quantity: int,
    state: word<HoldState>(),
    createdAt: int,
    endedAt: orNull(int),
  },
  questions: {
    id: text,
    productId: text,
    askerId: text,
    sealedText: text,
    sealedAnswer: orNull(text),
    askedAt: int,
    answeredAt: orNull(int),
  },
  reports: { id: text, productId: text, reporterId: text, sealedReason: text, at: int, resolvedAt: orNull(int) },

  orders: {
    id: text,
    code: text,
    communityId: text,
    shopId: text,
    buyerId: text,
    state: word<OrderState>(),
    currency: text,
    total: int,
    quote: orNull(json<Quote>()),
    quoteHash: orNull(text),
    deliveryMethod: orNull(word<DeliveryMethod>()),
    listingId: orNull(text),
    payToken: text,
    expiresAt: orNull(int),
    version: int,
    createdAt: int,
    placedAt: orNull(int),
    paidAt: orNull(int),
    fulfilledAt: orNull(int),
    closedAt: orNull(int),
  },
  orderLines: {
    id: text,
    orderId: text,
    position: int,
    productId: text,
    variantId: text,
    quantity: int,
    total: int,
    refundedQuantity: int,
  },
  /** Sealed under the buyer's key. */
  shipments: { orderId: text, sealedTracking: text, shippedAt: int, byPersonId: text },
  orderAddresses: { orderId: text, personId: text, sealedAddress: text },
  timelineEntries: {
    id: text,
    orderId: text,
    at: int,
    kind: text,
    audience: word<TimelineAudience>(),
    params: json<Readonly<Record<string, Json>>>(),
  },

  payments: { id: text, orderId: text, amount: int, currency: text, state: word<PaymentState>(), createdAt: int },
  paymentExceptions: { paymentId: text, exception: word<PaymentException>() },
  attempts: {
    id: text,
    paymentId: text,
    orderId: text,
    channel: text,
    merchantAccountId: text,
    reference: text,
    channelRef: orNull(text),
    state: word<AttemptState>(),
    amount: int,
    currency: text,
    nextAction: orNull(json<NextAction>()),
    declineCode: orNull(text),
    firstConfirmerId: orNull(text),
    nextCheckAt: orNull(int),
    checks: int,
    createdAt: int,
    expiresAt: orNull(int),
  },
  captures: {
    id: text,
    orderId: text,
    paymentId: text,
    attemptId: text,
    channel: text,
    merchantAccountId: text,
    channelRef: text,
    amount: int,
    fee: int,
    currency: text,
    use: word<CaptureUse>(),
    refunding: int,
    at: int,
  },
  refunds: {
    id: text,
    captureId: text,
    orderId: text,
    channel: text,
    merchantAccountId: text,
    amount: int,
    currency: text,
    state: word<RefundState>(),
    cause: word<RefundCause>(),
    requestedBy: orNull(text),
    restock: flag,
    lines: json<Refund['lines']>(),
    channelRef: orNull(text),
    nextCheckAt: orNull(int),
    checks: int,
    createdAt: int,
  },
  journalTransactions: {
    id: text,
    book: text,
    sourceType: word<Entry['sourceType']>(),
    sourceId: text,
    kind: word<EntryKind>(),
    orderId: text,
    currency: text,
    at: int,
  },
  /** Book and currency stand here again, so that a balance is a sum over one table. */
  postings: { transactionId: text, position: int, book: text, account: word<Account>(), currency: text, amount: int },
  accountBalances: { book: text, account: word<Account>(), currency: text, amount: int },
  cases: {
    id: text,
    communityId: text,
    orderId: orNull(text),
    kind: word<Case['kind']>(),
    params: json<Case['params']>(),
    openedAt: int,
    resolvedAt: orNull(int),
  },

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
    communityId: text,
    key: text,
    authorId: orNull(text),
    sealedText: orNull(text),
    view: orNull(json<Json>()),
    createdAt: int,
    editedAt: orNull(int),
  },
  /** One row (id 1): the last seq given out. Counting it up takes the row's lock until the commit: seq follows the commits' order. */
  webClock: { id: int, seq: int },

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
