/**
 * Points lie in lots, each with its own end. They are spent from the lot that ends first; what comes back goes to the lots it came from.
 * Instants are milliseconds since 1970; a lot may be used until just before its end, and without an end for ever.
 */
export type Lot = { readonly id: string; readonly left: number; readonly endsAt: number | null };
export type LotPart = { readonly lot: string; readonly points: number };
/** A part as it was spent, and how much of it has come back. In the order in which it was spent. */
export type SpentPart = LotPart & { readonly endsAt: number | null; readonly restored: number };
export type RestoredPart = LotPart & { readonly endsAt: number | null };

const endOf = (lot: Pick<Lot, 'endsAt'>): number => lot.endsAt ?? Number.MAX_SAFE_INTEGER;
const isAlive = (lot: Lot, now: number): boolean => lot.left > 0 && now < endOf(lot);

export const pointsAlive = (lots: readonly Lot[], now: number): number =>
  lots.reduce((sum, lot) => (isAlive(lot, now) ? sum + lot.left : sum), 0);

/** Earliest end first, then the lower id. Undefined when the living lots hold less. */
export function spendFrom(lots: readonly Lot[], points: number, now: number): LotPart[] | undefined {
  const parts: LotPart[] = [];
  let wanted = points;
  const alive = lots.filter((lot) => isAlive(lot, now));
  for (const lot of alive.toSorted((a, b) => endOf(a) - endOf(b) || (a.id < b.id ? -1 : 1))) {
    if (wanted === 0) break;
    const part = Math.min(wanted, lot.left);
    parts.push({ lot: lot.id, points: part });
    wanted -= part;
  }
  return wanted === 0 ? parts : undefined;
}

/**
 * To the lots they came from, what was spent last first; each part ends when it would have, or `graceMs` after now, whichever is later.
 * RangeError when more comes back than was spent.
 */
export function restoreTo(
  spent: readonly SpentPart[],
  points: number,
  { now, graceMs }: { readonly now: number; readonly graceMs: number },
): RestoredPart[] {
  const parts: RestoredPart[] = [];
  let wanted = points;
  for (const { lot, points: all, restored, endsAt } of spent.toReversed()) {
    const part = Math.min(wanted, all - restored);
    if (part > 0) parts.push({ lot, points: part, endsAt: endsAt === null ? null : Math.max(endsAt, now + graceMs) });
    wanted -= part;
  }
  if (wanted > 0)
    throw new RangeError(`${points} points cannot come back: ${points - wanted} were spent and are gone.`);
  return parts;
}

/** What has ended: to be written off, lot by lot. */
export const endedIn = (lots: readonly Lot[], now: number): LotPart[] =>
  lots.flatMap((lot) => (lot.left > 0 && now >= endOf(lot) ? [{ lot: lot.id, points: lot.left }] : []));

/** Earned points first repay what is owed. */
export function repay(earned: number, debt: number): { readonly repaid: number; readonly kept: number } {
  const repaid = Math.min(earned, debt);
  return { repaid, kept: earned - repaid };
}
