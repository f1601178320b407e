/** Tables of the chat platforms of others. */
import type { UpdateState } from '../ports/store/platforms.ts';
import { type Columns, flag, int, orNull, text, word } from './columns.ts';

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
  chatPlaces: { chatId: text, present: flag, rights: text, updatedAt: int },
} as const satisfies Readonly<Record<string, Columns>>;
