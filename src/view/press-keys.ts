/** The key of a press, where the platform cannot say which presses are one wish: many taps of one moment are, a later one is another. */
import type { Clock } from '../ports/runtime.ts';

/** A finger that does not wait for an answer, or a connection that delivers late, stays below it; whoever has read the answer does not. */
const SAME_WISH_MS = 2_000;
const KEPT_MAX = 10_000;

export type Pressing = {
  readonly handle: string;
  readonly personId: string;
  /** The platform's own name for this press, the same when it is delivered again. */
  readonly pressId: string;
};

export type PressKeys = (pressing: Pressing) => string;

/**
 * Of the button and the person alone a key would be good for one press ever: no second purchase at a card, no second pause of a
 * product. Only a saving of work: what a press does holds against repetition by itself.
 */
export function createPressKeys(platform: string, clock: Clock): PressKeys {
  const last = new Map<string, { readonly handle: string; readonly key: string; readonly at: number }>();
  return ({ handle, personId, pressId }) => {
    const now = clock.now();
    const known = last.get(personId);
    const isSame = known?.handle === handle && now - known.at < SAME_WISH_MS;
    const key = isSame ? known.key : `${platform}.press:${handle}:${personId}:${pressId}`;
    last.delete(personId);
    last.set(personId, { handle, key, at: now });
    for (const [oldest] of last.entries().take(last.size > KEPT_MAX ? 1 : 0)) last.delete(oldest);
    return key;
  };
}
