/**
 * Stage A. Buy-some-get-some first; lines with a unit in one of its groups are closed to everything else of this stage. Of every other
 * line the one promotion acts that takes most; ties go to the lower priority, then to the lower id.
 */
import type { LinePart } from '../coupon-kinds/kind.ts';
import { mulDiv } from '../money.ts';
import { objectionTo } from './eligible.ts';
import { freeUnits } from './free-units.ts';
import type { ItemPromotion, PriceLine } from './input.ts';
import { byTurn, entryOf, reject, scopedLines, type State, sumAt, takeOff } from './state.ts';

const STAGE = 'item_promotion';

type Grouping = Extract<ItemPromotion, { kind: 'buy_x_get_y' }>;
type Single = Exclude<ItemPromotion, Grouping>;
/** The promotion, and the lines that it is for. */
type Candidate<P> = { readonly promotion: P; readonly scoped: readonly number[] };

export function applyItemPromotions(state: State, promotions: readonly ItemPromotion[]): void {
  const grouping: Candidate<Grouping>[] = [];
  const singles: Candidate<Single>[] = [];
  for (const promotion of promotions.toSorted(byTurn)) {
    const scoped = candidateLines(state, promotion);
    if (!scoped) continue;
    if (promotion.kind === 'buy_x_get_y') grouping.push({ promotion, scoped });
    else singles.push({ promotion, scoped });
  }
  const closed = new Map<number, string>();
  for (const one of grouping) applyGrouping(state, one, closed);
  applySingles(state, singles, closed);
}

/** Undefined when it was rejected. The minimum is measured before anything was taken off. */
function candidateLines(state: State, promotion: ItemPromotion): number[] | undefined {
  const objection = objectionTo(promotion, state.here);
  if (objection) return reject(state, STAGE, promotion, objection);
  const scoped = scopedLines(state, promotion);
  if (scoped.length === 0) return reject(state, STAGE, promotion, 'NO_MATCHING_ITEMS');
  const { currency } = state.input;
  if (promotion.minSpend) {
    const least = promotion.minSpend[currency];
    if (least === undefined) return reject(state, STAGE, promotion, 'CURRENCY_NOT_SUPPORTED');
    const shortfall = least - sumAt(state.subtotals, scoped);
    if (shortfall > 0) return reject(state, STAGE, promotion, 'MIN_SPEND', { shortfall });
  }
  if (!hasAmountIn(promotion, currency)) return reject(state, STAGE, promotion, 'CURRENCY_NOT_SUPPORTED');
  return scoped;
}

function hasAmountIn(promotion: ItemPromotion, currency: string): boolean {
  switch (promotion.kind) {
    case 'percent':
      return promotion.cap === undefined || promotion.cap[currency] !== undefined;
    case 'fixed':
      return promotion.amount[currency] !== undefined;
    case 'unit_price':
      return promotion.price[currency] !== undefined;
    case 'buy_x_get_y':
      return true;
    default:
      return promotion satisfies never;
  }
}

function applyGrouping(state: State, { promotion, scoped }: Candidate<Grouping>, closed: Map<number, string>): void {
  const { lines } = state.input;
  const open = scoped.filter((line) => !closed.has(line));
  const by = scoped.map((line) => closed.get(line)).find((one) => one !== undefined);
  if (open.length === 0) return reject(state, STAGE, promotion, 'BEATEN', by === undefined ? {} : { by });
  const units = open.map((line) => ({
    ...{ line, units: lines[line]?.quantity ?? 0, price: lines[line]?.unitPrice ?? 0 },
  }));
  const { free, grouped, missing } = freeUnits(units, promotion);
  if (missing > 0) return reject(state, STAGE, promotion, 'NOT_ENOUGH_ITEMS', { shortfall: missing });
  const parts: LinePart[] = [];
  for (const [line, count] of free) {
    const worth = (lines[line]?.unitPrice ?? 0) * count;
    const amount = mulDiv(worth, promotion.offBps ?? 10_000, 10_000, 'half_up');
    if (amount > 0) parts.push({ line, amount });
  }
  const total = parts.reduce((sum, part) => sum + part.amount, 0);
  if (total === 0) return reject(state, STAGE, promotion, 'NO_EFFECT');
  if (total > (promotion.limits?.budgetLeft ?? total)) return reject(state, STAGE, promotion, 'BUDGET_SPENT');
  takeOff(
    state,
    entryOf(STAGE, promotion),
    parts.toSorted((a, b) => a.line - b.line),
  );
  for (const line of grouped) closed.set(line, promotion.id);
}

/** What it takes off the line, half up once; never more than the line. */
function offLine(promotion: Single, line: PriceLine, subtotal: number, currency: string): number {
  switch (promotion.kind) {
    case 'percent':
      return Math.min(mulDiv(subtotal, promotion.bps, 10_000, 'half_up'), promotion.cap?.[currency] ?? subtotal);
    case 'fixed': {
      const off = promotion.amount[currency] ?? 0;
      return Math.min(promotion.per === 'line' ? off : off * line.quantity, subtotal);
    }
    case 'unit_price':
      return Math.max(0, line.unitPrice - (promotion.price[currency] ?? line.unitPrice)) * line.quantity;
    default:
      return promotion satisfies never;
  }
}

type Won = { readonly promotion: Single; readonly parts: LinePart[] };

function applySingles(state: State, all: readonly Candidate<Single>[], closed: ReadonlyMap<number, string>): void {
  let candidates = all;
  for (let round = 0; round <= all.length; round++) {
    const winners = choose(state, candidates, closed);
    // A discount that the budget cannot bear whole is not given in part: its lines are chosen for anew, without it.
    const poor = [...winners.values()].find(({ promotion, parts }) => {
      const total = parts.reduce((sum, part) => sum + part.amount, 0);
      return total > (promotion.limits?.budgetLeft ?? total);
    });
    if (!poor) return settle(state, candidates, winners, closed);
    reject(state, STAGE, poor.promotion, 'BUDGET_SPENT');
    candidates = candidates.filter((one) => one.promotion !== poor.promotion);
  }
}

/** In the order of their turns, the first that takes most off a line wins it. */
function choose(
  { input, subtotals }: State,
  candidates: readonly Candidate<Single>[],
  closed: ReadonlyMap<number, string>,
): Map<string, Won> {
  const best: ({ readonly promotion: Single; readonly amount: number } | undefined)[] = [];
  for (const { promotion, scoped } of candidates) {
    for (const at of scoped) {
      const line = input.lines[at];
      if (!line || closed.has(at)) continue;
      const amount = offLine(promotion, line, subtotals[at] ?? 0, input.currency);
      if (amount > (best[at]?.amount ?? 0)) best[at] = { promotion, amount };
    }
  }
  const winners = new Map<string, Won>();
  best.forEach((one, line) => {
    if (!one) return;
    const won = winners.get(one.promotion.id) ?? { promotion: one.promotion, parts: [] };
    won.parts.push({ line, amount: one.amount });
    winners.set(one.promotion.id, won);
  });
  return winners;
}

function settle(
  state: State,
  candidates: readonly Candidate<Single>[],
  winners: ReadonlyMap<string, Won>,
  closed: ReadonlyMap<number, string>,
): void {
  const by = new Map(closed);
  for (const { promotion, parts } of winners.values()) for (const { line } of parts) by.set(line, promotion.id);
  for (const { promotion, scoped } of candidates) {
    const won = winners.get(promotion.id);
    if (won) takeOff(state, entryOf(STAGE, promotion), won.parts);
    else {
      const winner = scoped.map((line) => by.get(line)).find((one) => one !== undefined);
      if (winner === undefined) reject(state, STAGE, promotion, 'NO_EFFECT');
      else reject(state, STAGE, promotion, 'BEATEN', { by: winner });
    }
  }
}
