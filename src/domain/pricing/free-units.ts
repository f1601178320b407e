/** Buy some, get some: which units of which lines are the free ones. */

export type UnitsOfLine = { readonly line: number; readonly units: number; readonly price: number };

export type FreeUnits = {
  /** Free units by line. */
  readonly free: ReadonlyMap<number, number>;
  /** Lines with a unit in a full group. */
  readonly grouped: ReadonlySet<number>;
  /** Units that are missing to the first full group; 0 when there is one. */
  readonly missing: number;
};

/**
 * All units are sorted by price, dearest first (equal prices: lower line first), and cut into groups of `buy + get`. The last `get` of each
 * full group are free; what fills no group is not. Runs of equal units are walked as runs, so that a million units cost no more than one.
 */
export function freeUnits(
  lines: readonly UnitsOfLine[],
  rule: { readonly buy: number; readonly get: number; readonly maxTimes?: number | undefined },
): FreeUnits {
  const group = rule.buy + rule.get;
  const all = lines.reduce((sum, one) => sum + one.units, 0);
  const full = Math.min(Math.floor(all / group), rule.maxTimes ?? Number.MAX_SAFE_INTEGER);
  const free = new Map<number, number>();
  const grouped = new Set<number>();
  if (full === 0) return { free, grouped, missing: group - all };
  let from = 0;
  for (const { line, units } of lines.toSorted((a, b) => b.price - a.price || a.line - b.line)) {
    const until = Math.min(from + units, full * group);
    if (until <= from) break;
    grouped.add(line);
    const count = freeBefore(until, rule) - freeBefore(from, rule);
    if (count > 0) free.set(line, count);
    from = until;
  }
  return { free, grouped, missing: 0 };
}

/** Free units among the first `position` units. */
function freeBefore(position: number, { buy, get }: { readonly buy: number; readonly get: number }): number {
  const rest = position % (buy + get);
  return ((position - rest) / (buy + get)) * get + Math.max(0, rest - buy);
}
