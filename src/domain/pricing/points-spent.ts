/** Stage D: how many points may be spent on this bill. */
import { mulDiv } from '../money.ts';
import type { Coupon, PriceInput } from './input.ts';
import type { PointsValue, QuotePoints } from './quote-shape.ts';
import type { Reason } from './reasons.ts';
import { type State, sumAt } from './state.ts';

export type PointsPlan = QuotePoints & {
  readonly value: PointsValue;
  readonly step: number;
  /** The lines they pay for. */
  readonly lines: readonly number[];
};

type Refusal = { readonly reason: Reason; readonly by?: string };

/** min(requested, balance, floor(floor(base * share) * points / amount)), down to a multiple of the step. */
export function planPoints(state: State, acting: readonly Coupon[]): PointsPlan | Refusal | undefined {
  const { points } = state.input;
  if (state.spentBefore) return spentAgain(state, state.spentBefore);
  if (!points || points.requested === 0) return undefined;
  const forbids = acting.find((one) => one.noPoints === true);
  if (forbids) return { reason: 'NO_POINTS_WITH_COUPON', by: forbids.id };
  const { rule, balance } = points;
  const value = rule.value[state.input.currency];
  if (!value) return { reason: 'CURRENCY_NOT_SUPPORTED' };
  if (balance === 0) return { reason: 'NO_POINTS' };
  const lines = payableLines(state);
  const base = sumAt(state.left, lines);
  const most = mulDiv(mulDiv(base, rule.maxShareBps ?? 10_000, 10_000, 'floor'), value.points, value.amount, 'floor');
  const asked = points.requested === 'max' ? balance : points.requested;
  const step = rule.step ?? 1;
  const wanted = Math.min(asked, balance, most);
  const spent = wanted - (wanted % step);
  if (spent === 0) return { reason: most === 0 ? 'NO_EFFECT' : 'BELOW_STEP' };
  return {
    ...{ spent, asked, step, value, lines },
    amount: worthOfPoints(spent, value),
    treatment: rule.treatment ?? 'price_reduction',
    ...limitOf({ asked, balance, most, spent }),
  };
}

/** Points that were spent when the order was placed stay spent on what is kept of it, as far as there is anything to pay. */
function spentAgain(
  state: State,
  { spent, amount, treatment }: NonNullable<State['spentBefore']>,
): PointsPlan | undefined {
  const lines = payableLines(state);
  const paid = Math.min(amount, sumAt(state.left, lines));
  if (paid === 0) return undefined;
  return { spent, amount: paid, treatment, asked: spent, step: spent, value: { points: spent, amount: paid }, lines };
}

function limitOf({ asked, balance, most, spent }: Record<'asked' | 'balance' | 'most' | 'spent', number>) {
  if (spent === asked) return {};
  if (most < Math.min(asked, balance)) return { limitedBy: 'share' } as const;
  return balance < asked ? ({ limitedBy: 'balance' } as const) : ({ limitedBy: 'step' } as const);
}

/** Exact: a step is always worth a whole amount. */
export const worthOfPoints = (spent: number, value: PointsValue): number =>
  mulDiv(spent, value.amount, value.points, 'floor');

function payableLines({ input, left }: State): number[] {
  return [...left.keys()].filter((line) => isPayable(input, line) && (left[line] ?? 0) > 0);
}

const isPayable = (input: PriceInput, line: number): boolean => input.lines[line]?.giftCard !== true;
