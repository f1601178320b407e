/** A bill while it is drawn up: what is left of every line, and what acted on it. Changed in place, by one stage after the other. */
import type { Effect, Gift, LinePart } from '../coupon-kinds/kind.ts';
import { shareOut } from '../money.ts';
import { type Circumstance, circumstanceOf, indexOf, type LineIndex, linesIn } from './eligible.ts';
import type { PriceInput } from './input.ts';
import type { Applied, QuotePoints, Rejected, Stage } from './quote-shape.ts';
import type { Reason } from './reasons.ts';
import type { Rule } from './schema.ts';

/** A rule that lowers the fee: what it takes is known when the fee is. */
export type FeeRule = { readonly entry: Applied; readonly cap: number | undefined };

export type State = {
  readonly input: PriceInput;
  readonly here: Circumstance;
  readonly index: LineIndex;
  readonly subtotals: readonly number[];
  /** Points that are spent already, when the rest of an order is drawn up again. */
  readonly spentBefore: Pick<QuotePoints, 'spent' | 'amount' | 'treatment'> | undefined;
  left: number[];
  applied: Applied[];
  rejected: Rejected[];
  fees: FeeRule[];
  gifts: { readonly gift: Gift; readonly by: string }[];
};

export function openState(input: PriceInput, spentBefore?: State['spentBefore']): State {
  const subtotals = input.lines.map(({ unitPrice, quantity }) => safe(unitPrice * quantity));
  safe(sumOf(subtotals));
  return {
    ...{
      input,
      subtotals,
      spentBefore,
      here: circumstanceOf(input),
      index: indexOf(input.lines),
      left: [...subtotals],
    },
    ...{ applied: [], rejected: [], fees: [], gifts: [] },
  };
}

/** The same point of the way, from where another way may be tried. */
export const fork = (state: State): State => ({
  ...state,
  left: [...state.left],
  applied: [...state.applied],
  rejected: [...state.rejected],
  fees: [...state.fees],
  gifts: [...state.gifts],
});

export function safe(amount: number): number {
  if (Number.isSafeInteger(amount)) return amount;
  throw new RangeError(`${amount} minor units leave the safe integers: split the bill into smaller ones.`);
}

export function sumOf(amounts: readonly number[]): number {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return sum;
}

export function sumAt(amounts: readonly number[], indexes: readonly number[]): number {
  let sum = 0;
  for (const index of indexes) sum += amounts[index] ?? 0;
  return sum;
}

type Acting = Rule & { readonly kind: string };

/** By priority, then by id: never by the order in which the rules were given. */
export const byTurn = (a: Pick<Rule, 'priority' | 'id'>, b: Pick<Rule, 'priority' | 'id'>): number =>
  (a.priority ?? 0) - (b.priority ?? 0) || compareIds(a.id, b.id);

export const compareIds = (a: string, b: string): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

export function entryOf(stage: Stage, rule: Acting): Applied {
  const { kind, id, version = 1, label = '', funder = 'shop' } = rule;
  return { stage, kind, id, version, label, funder, amount: 0, lines: [], shipping: 0 };
}

export function reject(
  state: State,
  stage: Stage,
  rule: Pick<Rule, 'id' | 'label'>,
  reason: Reason,
  facts: { readonly shortfall?: number; readonly by?: string } = {},
): undefined {
  state.rejected.push({ stage, id: rule.id, label: rule.label ?? '', reason, ...facts });
}

/** Shared in proportion to what is left of each line. */
function partsOf(left: readonly number[], scoped: readonly number[], amount: number): LinePart[] {
  if (amount === 0) return [];
  const shares = shareOut(
    amount,
    scoped.map((line) => left[line] ?? 0),
  );
  const parts: LinePart[] = [];
  scoped.forEach((line, position) => {
    const share = shares[position] ?? 0;
    if (share > 0) parts.push({ line, amount: share });
  });
  return parts;
}

export function takeOff(state: State, entry: Applied, parts: readonly LinePart[]): void {
  let amount = 0;
  for (const part of parts) {
    const left = (state.left[part.line] ?? 0) - part.amount;
    if (left < 0) throw new Error(`${entry.id} takes more off line ${part.line} than is left of it`);
    state.left[part.line] = left;
    amount += part.amount;
  }
  state.applied.push({ ...entry, amount, lines: parts.filter((part) => part.amount > 0) });
}

/** What an effect takes, at most: by which rules of one group are compared, and that a budget must bear. */
export function worthOf(effect: Effect, fee: number): number {
  switch (effect.does) {
    case 'take':
      return effect.amount;
    case 'take_from':
      return effect.parts.reduce((sum, part) => sum + part.amount, 0);
    case 'ship':
      return Math.min(effect.amount ?? fee, fee);
    case 'give':
    case 'nothing':
      return 0;
    default:
      return effect satisfies never;
  }
}

/** Does to the bill what the rule says. What frees the delivery waits until the fee is known. */
export function act(state: State, entry: Applied, scoped: readonly number[], effect: Effect): void {
  switch (effect.does) {
    case 'take':
      return takeOff(state, entry, partsOf(state.left, scoped, effect.amount));
    case 'take_from':
      return takeOff(state, entry, effect.parts);
    case 'ship':
      state.fees.push({ entry, cap: effect.amount });
      return undefined;
    case 'give':
      state.gifts.push({ gift: effect.gift, by: entry.id });
      state.applied.push(entry);
      return undefined;
    case 'nothing':
      throw new Error(`${entry.id} does nothing: it is to be rejected`);
    default:
      return effect satisfies never;
  }
}

export const scopedLines = (state: State, rule: Rule): number[] => linesIn(rule.scope, state.index);
