/** What the Discord adapter is given by the composition root. */
import type { Core } from '../../src/ports/core.ts';
import type { Clock, Ids, Log, Vault } from '../../src/ports/runtime.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Words } from '../../src/ports/words.ts';

export type DiscordSettings = {
  readonly token: string;
  /** Another API than Discord's own, such as "http://127.0.0.1:8080/api"; the gateway's address comes from it. */
  readonly apiBase: string | null;
};

export type DiscordAdapterOptions = DiscordSettings & {
  readonly core: Core;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Seals what may not lie open in the database. */
  readonly vault: Pick<Vault, 'seal' | 'open'>;
  /** Our own origin. */
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

export const PLATFORM = 'discord';
