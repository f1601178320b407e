/** What the Telegram adapter is given by the composition root. */
import type { Core } from '../../src/ports/core.ts';
import type { Clock, Ids, Log } from '../../src/ports/runtime.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Words } from '../../src/ports/words.ts';

export type TelegramSettings = {
  readonly token: string;
  readonly mode: 'polling' | 'webhook';
  /** What Telegram sends with every update; needed in webhook mode. */
  readonly webhookSecret: string | null;
  /** Another Bot API server; null is Telegram's own. */
  readonly apiRoot: string | null;
};

export type TelegramAdapterOptions = TelegramSettings & {
  readonly core: Core;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** No other process can have this database open: nobody to share a bot with. */
  readonly alone: boolean;
  /** How long a process that polls may be silent before another one takes over; at most. */
  readonly leaseMs?: number;
  /** Our own origin; pages on it are offered only when the whole world can reach it. */
  readonly publicUrl: string;
  /** What a new community keeps until its owner says otherwise. */
  readonly usual: { readonly currency: string; readonly timeZone: string; readonly locale: string };
  /** HMAC-SHA-256 under the key for handles. */
  readonly handleKey: (text: string) => Uint8Array;
  readonly words: (locale: string, timeZone: string) => Words;
  /** The best of our languages for a tag. */
  readonly negotiate: (wish: string | undefined) => string;
  /** Our languages. */
  readonly locales: readonly string[];
};

export const PLATFORM = 'telegram';
