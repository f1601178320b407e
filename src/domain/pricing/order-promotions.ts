/**
 * Stage B. Of every exclusive group the promotion that takes most acts; ties go to the lower priority, then to the lower id. A promotion
 * without a group is a group of its own. Thresholds are measured on what stage A left; amounts are taken from what is left at its turn.
 */
import type { Effect, Ground } from '../coupon-kinds/kind.ts';
import { effectOf } from '../coupon-kinds/kinds.ts';
import { objectionTo } from './eligible.ts';
import type { OrderPromotion } from './input.ts';
import type { Stage } from './quote-shape.ts';
import type { Rule } from './schema.ts';
import { act, byTurn, entryOf, reject, scopedLines, type State, sumAt, worthOf } from './state.ts';

const STAGE = 'order_promotion';

type Candidate = { readonly promotion: OrderPromotion; readonly scoped: readonly number[]; readonly base: number };

export function applyOrderPromotions(state: State, promotions: readonly OrderPromotion[]): void {
  const before = [...state.left];
  const groups = new Map<string, Candidate[]>();
  for (const promotion of promotions.toSorted(byTurn)) {
    const scoped = scopedFor(state, STAGE, promotion, before);
    if (!scoped) continue;
    const group = promotion.exclusiveGroup === undefined ? `own ${promotion.id}` : `group ${promotion.exclusiveGroup}`;
    const candidate = { promotion, scoped, base: sumAt(before, scoped) };
    const others = groups.get(group);
    if (others) others.push(candidate);
    else groups.set(group, [candidate]);
  }
  // A map keeps the order of its first candidates: a group takes its turn with the first of them.
  for (const candidates of groups.values()) applyBest(state, candidates);
}

/** The lines a rule of stage B or C is for; undefined when it was rejected. The minimum is measured on `before`. */
export function scopedFor(
  state: State,
  stage: Stage,
  rule: Rule,
  before: readonly number[],
  except?: ReadonlySet<number>,
): number[] | undefined {
  const objection = objectionTo(rule, state.here);
  if (objection) return reject(state, stage, rule, objection);
  const all = scopedLines(state, rule);
  const scoped = except ? all.filter((line) => !except.has(line)) : all;
  if (scoped.length === 0) return reject(state, stage, rule, 'NO_MATCHING_ITEMS');
  if (!rule.minSpend) return scoped;
  const least = rule.minSpend[state.input.currency];
  if (least === undefined) return reject(state, stage, rule, 'CURRENCY_NOT_SUPPORTED');
  const shortfall = least - sumAt(before, scoped);
  return shortfall > 0 ? reject(state, stage, rule, 'MIN_SPEND', { shortfall }) : scoped;
}

export const groundOf = ({ input, left }: State, scoped: readonly number[], base: number): Ground => ({
  ...{ currency: input.currency, lines: input.lines, left, scoped, base },
  room: sumAt(left, scoped),
  fee: feeOf(input.shipping),
});

export const feeOf = (shipping: State['input']['shipping']): number | undefined =>
  shipping === undefined || (shipping.method ?? 'ship') !== 'ship' ? undefined : shipping.fee;

type Effective = Candidate & { readonly effect: Effect; readonly worth: number };

function applyBest(state: State, candidates: readonly Candidate[]): void {
  const fee = feeOf(state.input.shipping) ?? 0;
  let best: Effective | undefined;
  const beaten: OrderPromotion[] = [];
  for (const { promotion, scoped, base } of candidates) {
    const effect = effectOf(promotion, groundOf(state, scoped, base));
    const worth = worthOf(effect, fee);
    if (effect.does === 'nothing') {
      reject(state, STAGE, promotion, effect.reason, shortfallOf(effect));
    } else if (worth === 0 && effect.does !== 'give') {
      reject(state, STAGE, promotion, 'NO_EFFECT');
    } else if (worth > (promotion.limits?.budgetLeft ?? worth)) {
      reject(state, STAGE, promotion, 'BUDGET_SPENT');
    } else if (best && worth <= best.worth) {
      beaten.push(promotion);
    } else {
      if (best) beaten.push(best.promotion);
      best = { promotion, scoped, base, effect, worth };
    }
  }
  if (!best) return;
  act(state, entryOf(STAGE, best.promotion), best.scoped, best.effect);
  for (const promotion of beaten) reject(state, STAGE, promotion, 'BEATEN', { by: best.promotion.id });
}

export const shortfallOf = (effect: Effect): { shortfall?: number } =>
  effect.does === 'nothing' && effect.shortfall !== undefined ? { shortfall: effect.shortfall } : {};
