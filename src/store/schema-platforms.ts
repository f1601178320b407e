/** Tables of the chat platforms of others. */
import type { DeliveryMethod } from '../domain/pricing/quote-shape.ts';
import type { CardInvoice } from '../ports/store/cards.ts';
import type { PersonalMessage } from '../ports/outbox.ts';
import type { UpdateState } from '../ports/store/platforms.ts';
import { type Columns, flag, int, json, orNull, text, word } from './columns.ts';

export const platformTables = {
  platformAddresses: { personId: text, platform: text, sealedUserId: text, open: flag },
  panelRefs: { platform: text, personId: text, key: text, ref: text, at: int },
  platformDrafts: { platform: text, personId: text, sealedState: text, updatedAt: int },
  platformUpdates: {
    platform: text,
    account: text,
    updateId: int,
    /** Null when the work is over. */
    sealedPayload: orNull(text),
    state: word<UpdateState>(),
    tries: int,
    receivedAt: int,
  },
  /** When a person was last active in a community: what their private chat speaks of. */
  communityVisits: { personId: text, communityId: text, at: int },
  /** Public names (@name), by their keyed digest. */
  platformNames: { platform: text, nameDigest: text, personId: text },
  cardInvoices: {
    id: text,
    listingId: text,
    variantId: text,
    channel: text,
    merchantAccountId: text,
    currency: text,
    amount: int,
    method: word<DeliveryMethod>(),
    link: text,
    state: word<CardInvoice['state']>(),
    createdAt: int,
  },
  /** Which attempt was whose at which card. */
  cardSales: { attemptId: text, cardInvoiceId: text, personId: text },
  /** Bills that others than the buyer may pay. */
  sharedBills: { orderId: text, byPersonId: text, at: int },
  keptNews: { platform: text, personId: text, key: text, message: json<PersonalMessage>(), at: int },
  claims: { platform: text, productId: text, orderId: text, personId: text },
  /** Work that one process at a time may do; `holder` is empty when it was given back. */
  leases: { name: text, holder: text, beat: int },
  chatPlaces: { chatId: text, present: flag, rights: text, updatedAt: int },
} as const satisfies Readonly<Record<string, Columns>>;
