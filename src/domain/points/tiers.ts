/**
 * Tiers follow what was spent in a rolling window, never the balance of points: spending points cannot cost a tier. Up at once; down only
 * when a period ends, or when the very order that brought the tier is refunded.
 */
export type Tier = { readonly id: string; readonly from: number };
export type TierRules = {
  /** Any order; the lowest need not start at 0. */
  readonly tiers: readonly Tier[];
  readonly windowMs: number;
  /** How long a tier is safe. */
  readonly periodMs: number;
  /** After a period that was not enough: to the tier of the spend, or one step at a time. */
  readonly downgrade: 'requalify' | 'one_step';
  readonly graceMs: number;
};
/** `net`: minor units, confirmed; `refunded`: of them, given back since. */
export type TierOrder = {
  readonly id: string;
  readonly confirmedAt: number;
  readonly net: number;
  readonly refunded: number;
};
export type TierGrant = {
  readonly tier: string;
  readonly from: number;
  readonly until: number;
  readonly reason: string;
};
/** What a member's spend has earned. `causedBy`: the order that brought the tier. */
export type Standing = {
  readonly tier: string | null;
  readonly since: number;
  readonly periodEndsAt: number;
  readonly causedBy: string | null;
};

const inWindow = (orders: readonly TierOrder[], now: number, windowMs: number): TierOrder[] =>
  orders.filter((order) => order.confirmedAt > now - windowMs && order.confirmedAt <= now);

/** Confirmed net spend in (now - window, now], less the refunds of these orders. */
export const spendAt = (orders: readonly TierOrder[], now: number, windowMs: number): number =>
  inWindow(orders, now, windowMs).reduce((sum, order) => sum + order.net - order.refunded, 0);

const ladder = (tiers: readonly Tier[]): readonly Tier[] => tiers.toSorted((a, b) => a.from - b.from);

/** 0 for none; the higher the better. An unknown tier is none. */
function heightOf(steps: readonly Tier[], tier: string | null): number {
  return steps.findIndex((step) => step.id === tier) + 1;
}

/** `refundedOrder`: the order that a refund has just lowered. */
export function standingAt(
  rules: TierRules,
  orders: readonly TierOrder[],
  was: Standing,
  now: number,
  refundedOrder?: string,
): Standing {
  const steps = ladder(rules.tiers);
  const earned = steps.filter((step) => spendAt(orders, now, rules.windowMs) >= step.from).length;
  const current = heightOf(steps, was.tier);
  const at = (height: number, causedBy: string | null): Standing => ({
    tier: steps[height - 1]?.id ?? null,
    since: height === current ? was.since : now,
    periodEndsAt: now + rules.periodMs,
    causedBy,
  });
  if (earned > current) return at(earned, causeOf(rules, orders, steps[earned - 1]?.from ?? 0, now));
  if (earned < current && refundedOrder !== undefined && refundedOrder === was.causedBy) return at(earned, null);
  if (current === 0 || now < was.periodEndsAt) return was;
  if (earned === current) return at(current, was.causedBy);
  if (now < was.periodEndsAt + rules.graceMs) return was;
  return at(rules.downgrade === 'one_step' ? Math.max(earned, current - 1) : earned, null);
}

/** The order with which the spend reached the tier. */
function causeOf(rules: TierRules, orders: readonly TierOrder[], from: number, now: number): string | null {
  let sum = 0;
  const counted = inWindow(orders, now, rules.windowMs).toSorted(
    (a, b) => a.confirmedAt - b.confirmedAt || (a.id < b.id ? -1 : 1),
  );
  for (const order of counted) {
    sum += order.net - order.refunded;
    if (sum >= from) return order.id;
  }
  return null;
}

/** The better of what was earned and what is granted now. */
export function tierAt(
  rules: Pick<TierRules, 'tiers'>,
  standing: Pick<Standing, 'tier'>,
  grants: readonly TierGrant[],
  now: number,
): string | null {
  const steps = ladder(rules.tiers);
  const granted = grants.filter((grant) => now >= grant.from && now < grant.until).map((grant) => grant.tier);
  const height = Math.max(...[standing.tier, ...granted].map((tier) => heightOf(steps, tier)));
  return steps[height - 1]?.id ?? null;
}
