/** What the use cases stand on, and how each of them looks. */
import type { Fault } from '../domain/faults.ts';
import type { Actor } from '../domain/policy.ts';
import type { Rate } from '../domain/rates.ts';
import type { Reply } from '../ports/core.ts';
import type { IntentKind, IntentOf } from '../ports/intents.ts';
import type { Message } from '../ports/messages.ts';
import type { Channels } from '../ports/payment-channel.ts';
import type { Clock, Ids, Log, Vault } from '../ports/runtime.ts';
import type { Store, Tx } from '../ports/store.ts';
import type { Community } from '../ports/store/people.ts';

/** Where "about" comes from: the newest known rate of a pair, or none. Reads memory only. */
export interface Rates {
  find(base: string, quote: string): Rate | undefined;
}

export type Settings = {
  readonly demo: boolean;
  /** Our own origin, without a trailing slash: where pay links lead. */
  readonly publicUrl: string;
};

export type Deps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly vault: Vault;
  readonly channels: Channels;
  readonly rates: Rates;
  readonly settings: Settings;
  /** Called after a commit that may have left something in the outbox or the inbox. */
  readonly wake: () => void;
};

/** The circumstances of one command. `now` is read once, so that everything in one commit carries one instant. */
export type Circumstances = {
  readonly deps: Deps;
  readonly now: number;
  readonly actor: Actor;
  readonly community: Community;
  readonly chatId: string | null;
};

/** One use case: decides and writes inside one unit of work. Refusals are returned before the first write. */
export type UseCase<K extends IntentKind> = (tx: Tx, at: Circumstances, intent: IntentOf<K>) => Promise<Reply>;

export const show = (message: Message | null): Reply => ({ ok: true, show: message });
export const refuse = (code: Fault['code'], params?: Fault['params']): Reply => ({
  ok: false,
  fault: params ? { code, params } : { code },
});
