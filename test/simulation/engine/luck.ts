// Chance that is the same for the same seed. What one step of a history causes draws from that step's own luck, so that leaving another
// step out does not change what happens to this one.

/** Numbers from 0 to 1, one after another. A luck of seed 0 is fair weather: nothing that may fail does, everything is as quick as can be. */
export type Luck = {
  next(): number;
  /** A whole number from 0, below `limit`. */
  below(limit: number): number;
  between(least: number, most: number): number;
  /** Whether something of this likelihood happens. */
  hits(likelihood: number): boolean;
};

/** A well-mixed 32-bit number of two. */
export function mix(one: number, other: number): number {
  let mixed = Math.imul(one ^ (other + 0x9e3779b9), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** mulberry32. */
export function luckOf(seed: number): Luck {
  let state = seed;
  const next = (): number => {
    if (seed === 0) return 1;
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (limit) => (seed === 0 ? 0 : Math.floor(next() * limit)),
    between: (least, most) => (seed === 0 ? least : least + Math.floor(next() * (most - least + 1))),
    hits: (likelihood) => next() < likelihood,
  };
}
