/** Card numbers are dropped at the mouth of the core, before anything of the command is stored. */
import { containsCardNumber, splitAcross } from '../../domain/card-number.ts';
import type { Intent } from '../../ports/intents.ts';

/** How long a number may be continued in the next message of the same person. */
const SPLIT_WITHIN_MS = 60_000;
/** A number has at most 19 digits; with separators its beginning fits here. */
const TAIL_LENGTH = 64;
const TAILS_MAX = 10_000;
const DEPTH_MAX = 6;

// Ids and digests are ours: their digits mean nothing, and by chance they look like anything.
const notTyped = /(?:Ids?|Digest)$/;

type Said = { readonly tail: string; readonly at: number };

export type TextGuard = {
  /** True when a card number stands in any text of the intent, or began in the person's message just before. */
  holdsCardNumber(said: { intent: Intent; personId: string; now: number }): boolean;
};

/** What was said last is kept in memory alone, and of it only the end. */
export function createTextGuard(): TextGuard {
  const last = new Map<string, Said>();

  function splitFromLast({ text, personId, now }: { text: string; personId: string; now: number }): boolean {
    const before = last.get(personId);
    last.delete(personId);
    const oldest = last.keys().next();
    if (last.size >= TAILS_MAX && !oldest.done) last.delete(oldest.value);
    const fresh = before && now - before.at <= SPLIT_WITHIN_MS ? before.tail : '';
    // What goes on with a number stands at the beginning: a long text is not read a second and a third time for it.
    if (splitAcross(fresh, text.slice(0, 2 * TAIL_LENGTH))) return true;
    // A number may come in more than two pieces.
    last.set(personId, { tail: `${fresh} ${text}`.slice(-TAIL_LENGTH), at: now });
    return false;
  }

  return {
    holdsCardNumber({ intent, personId, now }) {
      if (typedTexts(intent).some(containsCardNumber)) return true;
      return intent.kind === 'say' && splitFromLast({ text: intent.text, personId, now });
    },
  };
}

function typedTexts(value: unknown, key = '', depth = 0): string[] {
  if (typeof value === 'string') return notTyped.test(key) ? [] : [value];
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return [];
  return Object.entries(value).flatMap(([inner, one]) =>
    // The texts of a list have the name of the list.
    typedTexts(one, Array.isArray(value) ? key : inner, depth + 1),
  );
}
