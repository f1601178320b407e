/** Tables of people, shops and what they sell. */
import type { AccountState, AccountWant } from '../ports/channel-account.ts';
import type { HoldState } from '../domain/hold.ts';
import type { CommunityRole, ShopRole } from '../domain/policy.ts';
import type {
  DigitalDelivery,
  DeliveryOffer,
  HoldPolicy,
  ProductKind,
  ProductOption,
  ProductState,
} from '../domain/product.ts';
import type { ListingState } from '../ports/store/catalog.ts';
import type { ShopState } from '../ports/store/people.ts';
import { bytes, type Columns, flag, int, json, orNull, sequence, text, word } from './columns.ts';

export const marketTables = {
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
  shops: {
    id: text,
    communityId: text,
    ownerId: text,
    name: text,
    state: word<ShopState>(),
    marketCollects: orNull(flag),
    createdAt: int,
  },
  shopStaff: { shopId: text, personId: text, role: word<ShopRole>(), createdAt: int },
  accountOpenings: {
    shopId: text,
    channel: text,
    accountRef: text,
    state: word<AccountState>(),
    wants: json<readonly AccountWant[]>(),
    nextCheckAt: orNull(int),
    checks: int,
    createdAt: int,
  },
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
    quickPay: flag,
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
  shopDigests: { shopId: text, atMinute: orNull(int), dueAt: orNull(int), toldAt: int },
  cardReposts: { listingId: text, times: int, oldRef: orNull(text), at: int },
  chatIndexes: { chatId: text, state: word<ListingState>(), messageRef: orNull(text), createdAt: int },
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
} as const satisfies Readonly<Record<string, Columns>>;
