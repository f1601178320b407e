/** A chat platform, as the outbox worker sees it. It gets finished views; it alone knows markup, limits and ids of its platform. */
import type { Message } from './messages.ts';
import type { Chat } from './store/people.ts';

/** What a platform can do; asked instead of who it is. */
export type ChatCapabilities = {
  /** Panels that only one person sees, inside the group. */
  readonly ephemeral: boolean;
  readonly edit: boolean;
  readonly forms: boolean;
  /** The bot may write first in private. */
  readonly privateFirst: boolean;
  /** A post or panel sent again with the same key is the same message: nothing of this platform's is ever unknown for good. */
  readonly keyed?: boolean;
};

/**
 * `sent`: done; `ref` names the message for later edits; `fleeting`: it was shown where it may vanish at any time. `gone`: the message or chat no longer exists. `closed`: this person cannot
 * be written to. `later`: not sent for certain, try again after `afterMs`. `unknown`: it may have been sent.
 */
export type Sent =
  | { readonly outcome: 'sent'; readonly ref: string; readonly fleeting?: true }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'closed' }
  | { readonly outcome: 'later'; readonly afterMs: number }
  | { readonly outcome: 'unknown' };

/**
 * `V` is the neutral view (view/view.ts); ports know no views. `message` is what was drawn: a platform that keeps no forms of its own
 * draws it again when a form is opened.
 */
export interface ChatPlatform<V> {
  readonly platform: string;
  readonly can: ChatCapabilities;
  post(to: { chat: Chat; key: string; locale: string; message: Message; view: V }): Promise<Sent>;
  edit(to: { chat: Chat; ref: string; key: string; locale: string; message: Message; view: V }): Promise<Sent>;
  /** Keeps a posted message in sight, without a sound, where we may. A refusal is no harm and is not told. */
  pin?(to: { chat: Chat; ref: string }): Promise<void>;
  /** Puts a panel on a person's private side: edits the one with this key, or makes it. */
  panel(to: {
    personId: string;
    communityId: string;
    key: string;
    locale: string;
    message: Message;
    view: V;
  }): Promise<Sent>;
}
