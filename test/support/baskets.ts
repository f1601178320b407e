/** Made-up bills with everything that a bill may have, for the properties that hold of all of them. */
import { type Arbitrary, array, boolean, constantFrom, integer, nat, option, record, tuple } from 'fast-check';

const CURRENCIES = ['USD', 'JPY', 'KWD', 'BTC'] as const;
const inAll = (amount: number) => Object.fromEntries(CURRENCIES.map((code) => [code, amount]));
const tags = ['tea', 'cake', 'new'];

const lines = array(
  record({
    unitPrice: nat(20_000),
    quantity: integer({ min: 1, max: 7 }),
    tag: constantFrom(...tags),
    tax: constantFrom('full', 'low', undefined),
    giftCard: integer({ min: 0, max: 9 }).map((one) => one === 0),
  }),
  { minLength: 1, maxLength: 6 },
).map((all) =>
  all.map(({ tag, tax, giftCard, ...line }, at) => ({
    ...{ ...line, id: `line-${at}`, tags: [tag], giftCard },
    ...(tax === undefined ? {} : { tax }),
  })),
);

const scope = option(
  constantFrom(...tags).map((tag) => ({ tags: [tag] })),
  { nil: undefined },
);
const kind = tuple(nat(6), integer({ min: 1, max: 9_000 }), integer({ min: 1, max: 3 })).map(([which, size, few]) => {
  switch (which) {
    case 0:
      return { kind: 'percent', bps: size };
    case 1:
      return { kind: 'percent', bps: size, cap: inAll(size) };
    case 2:
      return { kind: 'fixed', amount: inAll(size) };
    case 3:
      return { kind: 'tiered', tiers: [1, 2].map((step) => ({ from: inAll(step * size), amount: inAll(step * 97) })) };
    case 4:
      return { kind: 'every', every: inAll(size), off: inAll(Math.ceil(size / 7)), maxTimes: few };
    case 5:
      return { kind: 'free_shipping', cap: inAll(size) };
    default:
      return { kind: 'buy_x_get_y', buy: few, get: 1 };
  }
});
const itemKind = tuple(nat(3), integer({ min: 1, max: 9_000 })).map(([which, size]) => {
  if (which === 0) return { kind: 'percent', bps: size };
  if (which === 1) return { kind: 'fixed', amount: inAll(size) };
  return which === 2 ? { kind: 'unit_price', price: inAll(size) } : { kind: 'buy_x_get_y', buy: 2, get: 1 };
});

const rule = record({ scope, priority: nat(2), minSpend: option(nat(5_000).map(inAll), { nil: undefined }) });
const named = <T>(rules: Arbitrary<T>, name: string, maxLength: number): Arbitrary<(T & { id: string })[]> =>
  array(rules, { maxLength }).map((all) => all.map((one, at) => ({ ...one, id: `${name}-${at}` })));
const merged = <A, B>(a: Arbitrary<A>, b: Arbitrary<B>): Arbitrary<A & B> =>
  tuple(a, b).map(([x, y]) => ({ ...x, ...y }));

const promotions = tuple(
  named(merged(rule, itemKind), 'item', 4),
  named(merged(merged(rule, kind), record({ exclusiveGroup: constantFrom('x', 'y', undefined) })), 'order', 4),
).map(([items, orders]) => [
  ...items.map((one) => ({ ...one, stage: 'item' })),
  ...orders.map((one) => ({ ...one, stage: 'order' })),
]);

const coupons = named(
  merged(merged(rule, kind), record({ funder: constantFrom('shop', 'platform', 'community'), combinable: boolean() })),
  'coupon',
  4,
);

/** Points are worth a whole number of minor units for each step. */
const points = record({
  requested: nat(30_000),
  balance: nat(30_000),
  rule: record({
    value: tuple(integer({ min: 1, max: 5 }), integer({ min: 1, max: 7 })).map(([many, amount]) =>
      Object.fromEntries(CURRENCIES.map((code) => [code, { points: many, amount }])),
    ),
    maxShareBps: nat(10_000),
    step: constantFrom(60, 120, 300),
    treatment: constantFrom('price_reduction', 'tender'),
  }),
});

export const baskets = record({
  currency: constantFrom(...CURRENCIES),
  lines,
  promotions,
  coupons,
  points: option(points, { nil: undefined }),
  shipping: option(
    record({ fee: nat(900), freeFrom: option(nat(20_000), { nil: undefined }), tax: constantFrom('full', undefined) }),
    {
      nil: undefined,
    },
  ),
  tax: record({ mode: constantFrom('inclusive', 'exclusive'), full: nat(2_500), low: nat(900) }).map(
    ({ mode, full, low }) => ({
      mode,
      rates: [
        { id: 'full', bps: full },
        { id: 'low', bps: low },
      ],
    }),
  ),
  tenders: array(nat(9_000), { maxLength: 3 }).map((all) =>
    all.map((balance, at) => ({ id: `card-${at}`, balance, promotional: at === 1 })),
  ),
  minimumCharge: constantFrom(0, 50, 400),
  earning: record({ points: nat(20), per: integer({ min: 1, max: 300 }), bps: nat(30_000) }).map(
    ({ bps, ...rate }) => ({
      rate: Object.fromEntries(CURRENCIES.map((code) => [code, rate])),
      multipliers: [{ id: 'm', bps }],
    }),
  ),
  onBreach: constantFrom('keep', 'recompute'),
});
