/** Which of a buyer's coupons together cost least: every legal set is tried while there are few, else the best is added one by one. */
import { byCouponTurn, conflictOf } from './coupons.ts';
import { type Coupon, type PriceInput, readPriceInput } from './input.ts';
import { finish, withPromotions } from './price.ts';
import type { Quote } from './quote-shape.ts';
import { compareIds, fork, type State } from './state.ts';

const SETS_MAX = 64;

export type Suggestion = { readonly coupons: readonly string[]; readonly quote: Quote };

/** The door for scripts; see `price`. */
export const suggest = (raw: unknown): Suggestion => suggestFor(readPriceInput(raw));

/**
 * The lowest amount due wins. Ties: fewer coupons, then those that end first (what lives longer is kept), then the lower ids. The empty
 * set is one of the choices.
 */
export function suggestFor(input: PriceInput): Suggestion {
  const start = withPromotions(input);
  const able = (input.coupons ?? []).toSorted(byCouponTurn).filter((coupon) => tryOut(start, [coupon]));
  const sets = legalSets(able);
  const best = sets ? bestOf(sets.flatMap((set) => tryOut(start, set) ?? [])) : greedy(start, able);
  const { coupons, quote } = best ?? { coupons: [], quote: finish(fork(start), []) };
  return { coupons: coupons.map((one) => one.id), quote };
}

type Tried = { readonly coupons: readonly Coupon[]; readonly quote: Quote };

/** Undefined when one of them does not act: the set without it is tried as well. */
function tryOut(start: State, coupons: readonly Coupon[]): Tried | undefined {
  const quote = finish(fork(start), coupons);
  const acting = quote.applied.filter((one) => one.stage === 'coupon').length;
  return acting === coupons.length ? { coupons, quote } : undefined;
}

/** Undefined when there are too many to try them all. */
function legalSets(able: readonly Coupon[]): Coupon[][] | undefined {
  const sets: Coupon[][] = [[]];
  for (const coupon of able) {
    for (const set of sets.slice()) {
      if (conflictOf(coupon, set)) continue;
      sets.push([...set, coupon]);
      if (sets.length > SETS_MAX) return undefined;
    }
  }
  return sets;
}

const bestOf = (tried: readonly Tried[]): Tried | undefined => tried.toSorted(byWorth)[0];

function greedy(start: State, able: readonly Coupon[]): Tried | undefined {
  let best = tryOut(start, []);
  for (let round = 0; best && round < able.length; round++) {
    const { coupons } = best;
    const more = able.filter((one) => !coupons.includes(one) && !conflictOf(one, coupons));
    const next = bestOf(more.flatMap((one) => tryOut(start, [...coupons, one].toSorted(byCouponTurn)) ?? []));
    if (!next || byWorth(next, best) >= 0) break;
    best = next;
  }
  return best;
}

function byWorth(a: Tried, b: Tried): number {
  const [first, second] = [a.quote, b.quote];
  return (
    Number(first.problem !== null) - Number(second.problem !== null) ||
    first.due - second.due ||
    a.coupons.length - b.coupons.length ||
    byEnd(a.coupons, b.coupons) ||
    compareIds(keyOf(a.coupons), keyOf(b.coupons))
  );
}

const keyOf = (coupons: readonly Coupon[]): string =>
  coupons
    .map((one) => one.id)
    .toSorted()
    .join('\n');

/** The set whose soonest end comes first, then its next soonest; no end is the latest of all. */
function byEnd(a: readonly Coupon[], b: readonly Coupon[]): number {
  const ends = (coupons: readonly Coupon[]) =>
    coupons.map((one) => one.valid?.until ?? Number.MAX_SAFE_INTEGER).toSorted((x, y) => x - y);
  const [mine, theirs] = [ends(a), ends(b)];
  for (const [index, end] of mine.entries()) {
    const other = theirs[index] ?? Number.MAX_SAFE_INTEGER;
    if (end !== other) return end - other;
  }
  return 0;
}
