/** What the web chat is given by the composition root. */
import type { Core } from '../../src/ports/core.ts';
import type { Clock, Ids, Limit, LimitRule, Log } from '../../src/ports/runtime.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Words } from '../../src/ports/words.ts';

/** Points a window: so many of these may one seat (or, for `seats`, one address) do in so many seconds. */
export type WebLimit = { readonly points: number; readonly windowS: number };
export type WebLimits = Readonly<Record<'say' | 'press' | 'photo' | 'seats' | 'streams', WebLimit>>;

export type WebAdapterOptions = {
  readonly core: Core;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** The community whose chats stand here. */
  readonly communityId: string;
  /** Visitors choose their role. */
  readonly demo: boolean;
  /** Our own origin as visitors type it ("https://market.example"): where posts may come from, and whether cookies are Secure. */
  readonly publicUrl: string;
  /** Seals cookies; a map of ids to passwords for rotation, the highest id seals. Each at least 32 characters. */
  readonly cookiePasswords: string | Readonly<Record<string, string>>;
  /** HMAC-SHA-256 under the key for handles. */
  readonly handleKey: (text: string) => Uint8Array;
  readonly words: (locale: string, timeZone: string) => Words;
  /** The best of our languages for an Accept-Language header or a tag. */
  readonly negotiate: (wish: string | undefined) => string;
  /** Counts for this process, or for all of them where they share one memory. */
  readonly limit: (rule: LimitRule) => Limit;
  readonly limits?: Partial<WebLimits>;
};
