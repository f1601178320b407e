/** Codes are not for guessing: whoever names too many that do not exist waits a while, and so does a market where many do. */
import type { Fault } from '../../domain/faults.ts';

const WINDOW_MS = 60_000;
const PERSON_MAX = 5;
const COMMUNITY_MAX = 100;
const KEYS_MAX = 10_000;

type Guesser = { readonly personId: string; readonly communityId: string };

export type GuessGuard = {
  /** False: not now. */
  mayGuess(who: Guesser, now: number): boolean;
  /** How a guess ended: only misses count. */
  guessed(who: Guesser, outcome: Fault | undefined, now: number): void;
};

/** Kept in memory alone: each process counts for itself. */
export function createGuessGuard(): GuessGuard {
  const misses = new Map<string, number[]>();
  const recent = (key: string, now: number) => (misses.get(key) ?? []).filter((at) => now - at < WINDOW_MS);
  const keysOf = ({ personId, communityId }: Guesser) => ({ person: `p ${personId}`, community: `c ${communityId}` });

  return {
    mayGuess(who, now) {
      const { person, community } = keysOf(who);
      return recent(person, now).length < PERSON_MAX && recent(community, now).length < COMMUNITY_MAX;
    },
    guessed(who, outcome, now) {
      if (outcome?.code !== 'coupon_unknown') return;
      for (const key of Object.values(keysOf(who))) {
        const counted = [...recent(key, now), now];
        // The one that was there longest goes first.
        misses.delete(key);
        const oldest = misses.keys().next();
        if (misses.size >= KEYS_MAX && !oldest.done) misses.delete(oldest.value);
        misses.set(key, counted);
      }
    },
  };
}
