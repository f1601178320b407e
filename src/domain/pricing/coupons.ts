/**
 * Stage C. Coupons act one after the other, each on what is left: by priority, then by kind (percent before fixed before free shipping),
 * then by id. Minimum spend is measured once, on what stages A and B left, so that coupons cannot disqualify each other.
 */
import { effectOf, rankOf } from '../coupon-kinds/kinds.ts';
import type { Coupon } from './input.ts';
import type { Applied } from './quote-shape.ts';
import { groundOf, scopedFor, shortfallOf, feeOf } from './order-promotions.ts';
import { act, compareIds, entryOf, reject, type State, sumAt, worthOf } from './state.ts';

const STAGE = 'coupon';

type CouponClass = NonNullable<Coupon['class']>;

/** Who pays decides, except where the delivery is freed. */
function classOf(coupon: Coupon): CouponClass {
  if (coupon.class) return coupon.class;
  if (coupon.kind === 'free_shipping') return 'shipping';
  return (coupon.funder ?? 'shop') === 'shop' ? 'merchant' : 'platform';
}

export const byCouponTurn = (a: Coupon, b: Coupon): number =>
  (a.priority ?? 0) - (b.priority ?? 0) || rankOf(a) - rankOf(b) || compareIds(a.id, b.id);

/** Which of the two keeps `next` from acting beside those that act already. */
export function conflictOf(
  next: Coupon,
  acting: readonly Coupon[],
): { readonly reason: 'CLASS_TAKEN' | 'NOT_COMBINABLE'; readonly by: string } | undefined {
  for (const other of acting) {
    if (other.combinable === false || next.combinable === false) return { reason: 'NOT_COMBINABLE', by: other.id };
    if (classOf(other) === classOf(next)) return { reason: 'CLASS_TAKEN', by: other.id };
  }
  return undefined;
}

/** Answers the coupons that act. */
export function applyCoupons(state: State, coupons: readonly Coupon[]): Coupon[] {
  const before = [...state.left];
  const promoted = new Set(
    state.applied.flatMap((one) => (one.stage === 'item_promotion' ? one.lines.map(({ line }) => line) : [])),
  );
  const fee = feeOf(state.input.shipping) ?? 0;
  const acting: Coupon[] = [];
  for (const coupon of coupons.toSorted(byCouponTurn)) {
    const scoped = scopedFor(state, STAGE, coupon, before, coupon.exceptPromoted ? promoted : undefined);
    if (!scoped) continue;
    const effect = effectOf(coupon, groundOf(state, scoped, sumAt(before, scoped)));
    const worth = worthOf(effect, fee);
    if (effect.does === 'nothing') {
      reject(state, STAGE, coupon, effect.reason, shortfallOf(effect));
      continue;
    }
    const conflict = conflictOf(coupon, acting);
    if (conflict) {
      reject(state, STAGE, coupon, conflict.reason, { by: conflict.by });
    } else if (worth === 0 && effect.does !== 'give') {
      reject(state, STAGE, coupon, 'NO_EFFECT');
    } else if (worth > (coupon.limits?.budgetLeft ?? worth)) {
      reject(state, STAGE, coupon, 'BUDGET_SPENT');
    } else {
      act(state, couponEntry(coupon), scoped, effect);
      acting.push(coupon);
    }
  }
  return acting;
}

function couponEntry(coupon: Coupon): Applied {
  return {
    ...entryOf(STAGE, coupon),
    ...(coupon.code === undefined ? {} : { code: coupon.code }),
    ...(coupon.valid?.until === undefined ? {} : { until: coupon.valid.until }),
    ...(coupon.returnGraceMs === undefined ? {} : { returnGraceMs: coupon.returnGraceMs }),
  };
}
