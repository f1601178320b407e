import { describe, expect, test } from 'vitest';
import { price } from '../../../../src/domain/pricing/price.ts';
import { refund } from '../../../../src/domain/pricing/refund.ts';
import type { Refunded, RefundRequest } from '../../../../src/domain/pricing/refund-shape.ts';

const line = (id: string, unitPrice: number, quantity = 1, more: object = {}) => ({ id, unitPrice, quantity, ...more });
const usd = (amount: number) => ({ USD: amount });
const earning = { rate: { USD: { points: 10, per: 100 } } };

/** One after the other. */
function inTurn(bill: object, ...requests: RefundRequest[]): Refunded[] {
  const quote = price({ currency: 'USD', ...bill });
  const done: Refunded[] = [];
  for (const request of requests) {
    const before = done.at(-1)?.after;
    done.push(refund({ quote, ...(before ? { before } : {}), request }));
  }
  return done;
}
const units = (id: string, count: number) => ({ lines: [{ id, units: count }] });

describe('money of a line', () => {
  test('comes back by cumulative floors: never too much on the way, exact at the end', () => {
    const one = units('a', 1);
    expect(inTurn({ lines: [line('a', 3334, 3)] }, one, one, one).map((back) => back.cash)).toEqual([3334, 3334, 3334]);
    const coupons = [{ id: 'c', kind: 'fixed', amount: usd(2) }];
    const backs = inTurn({ lines: [line('a', 34, 3)], coupons }, one, one, one);
    expect(backs.map((back) => back.cash)).toEqual([33, 33, 34]);
  });

  test('its share of a coupon is neither paid out nor moved to the other lines', () => {
    const bill = {
      lines: [line('a', 6000), line('b', 4000)],
      coupons: [{ id: 'c', kind: 'fixed', amount: usd(1000) }],
    };
    const [first, second] = inTurn(bill, units('a', 1), units('b', 1));
    expect(first).toMatchObject({ cash: 5400, couponsReturned: [] });
    expect(second).toMatchObject({ cash: 3600, couponsReturned: ['c'] });
  });

  test('added tax comes back with it, the delivery only when it is asked for', () => {
    const bill = {
      lines: [line('a', 1000, 2, { tax: 't' })],
      shipping: { fee: 500, tax: 't' },
      tax: { mode: 'exclusive', rates: [{ id: 't', bps: 825 }] },
    };
    const [one, rest] = inTurn(bill, units('a', 1), { ...units('a', 1), shipping: true });
    expect(one).toMatchObject({ cash: 1082, shipping: 0 });
    expect(rest).toMatchObject({ cash: 1083 + 541, shipping: 541 });
  });

  test('more units, more money or other lines than there are is refused', () => {
    const bill = { lines: [line('a', 100, 2)] };
    expect(() => inTurn(bill, units('a', 3))).toThrow(/2 are left/);
    expect(() => inTurn(bill, units('a', 1), units('a', 2))).toThrow(/1 are left/);
    expect(() => inTurn(bill, units('b', 1))).toThrow(/no line b/);
    expect(() => inTurn(bill, { amount: 150 }, { amount: 51 })).toThrow(/50 are left/);
    expect(() => refund({ quote: { version: 1 }, request: {} })).toThrow(/version/);
  });

  test('money without units takes nothing twice from a line', () => {
    const [, all] = inTurn({ lines: [line('a', 100, 2)] }, { amount: 150 }, units('a', 2));
    expect(all).toMatchObject({ cash: 50, after: { cash: 200 } });
  });
});

describe('where it goes', () => {
  test('to a gift card by its share, floored over all refunds, and the rest to the channel', () => {
    const bill = { lines: [line('a', 100, 3)], tenders: [{ id: 'g', balance: 100 }] };
    const one = units('a', 1);
    const backs = inTurn(bill, one, one, one);
    expect(backs.map(({ tenders, channel }) => [tenders[0]?.amount ?? 0, channel])).toEqual([
      [33, 67],
      [33, 67],
      [34, 66],
    ]);
  });

  test('with nothing paid at a channel, to the last card', () => {
    const tenders = [
      { id: 'g', balance: 50 },
      { id: 'h', balance: 999 },
    ];
    const [back] = inTurn({ lines: [line('a', 100, 3)], tenders }, units('a', 1));
    expect(back).toMatchObject({
      channel: 0,
      tenders: [
        { id: 'g', amount: 16 },
        { id: 'h', amount: 84 },
      ],
    });
  });
});

describe('points', () => {
  test('that should not have been earned are taken once: 22 + 22 + 22 + 22 + 12 of 100 takes 10 of 10', () => {
    const amounts = [2200, 2200, 2200, 2200, 1200].map((amount) => ({ amount }));
    const bill = { lines: [line('a', 10_000)], earning: { rate: { USD: { points: 1, per: 1000 } } } };
    expect(inTurn(bill, ...amounts).map((back) => back.pointsClawed)).toEqual([3, 2, 2, 2, 1]);
  });

  test('that were spent come back by line, in cumulative floors', () => {
    const points = { requested: 100, balance: 100, rule: { value: { USD: { points: 1, amount: 1 } } } };
    const one = units('a', 1);
    const backs = inTurn({ lines: [line('a', 100, 3)], points }, one, one, one);
    expect(backs.map(({ cash, pointsRestored }) => [cash, pointsRestored])).toEqual([
      [66, 33],
      [67, 33],
      [67, 34],
    ]);
  });

  const clawed = (policy: string, pending: number, available: number, points?: object) =>
    inTurn(
      { lines: [line('a', 1000)], earning, ...(points ? { points } : {}) },
      { ...units('a', 1), clawback: { policy, pending, available } as NonNullable<RefundRequest['clawback']> },
    )[0];

  test.each([
    ['only_pending', { fromPending: 30, fromAvailable: 0, writtenOff: 70, debt: 0 }],
    ['within_balance', { fromPending: 30, fromAvailable: 20, writtenOff: 50, debt: 0 }],
    ['debt', { fromPending: 30, fromAvailable: 20, writtenOff: 0, debt: 50 }],
  ])('%s', (policy, expected) => {
    expect(clawed(policy, 30, 20)?.clawback).toMatchObject(expected);
    expect(clawed(policy, 300, 20)?.clawback).toMatchObject({ fromPending: 100, writtenOff: 0, debt: 0 });
  });

  test('deduct_from_refund pays what is missing at the rate points are spent at, floored', () => {
    const points = { requested: 0, balance: 0, rule: { value: { USD: { points: 3, amount: 2 } }, step: 3 } };
    expect(clawed('deduct_from_refund', 30, 20, points)).toMatchObject({
      ...{ cash: 1000, deducted: 33, channel: 967 },
      clawback: { fromPending: 30, fromAvailable: 20, deducted: 50, debt: 0 },
    });
    expect(clawed('deduct_from_refund', 30, 20)).toMatchObject({ deducted: 0, clawback: { debt: 50 } });
  });
});

describe('a coupon', () => {
  const bill = (until?: number) => ({
    lines: [line('a', 1000, 2)],
    at: 0,
    coupons: [
      {
        ...{ id: 'c', kind: 'percent', bps: 1000, returnGraceMs: 10 },
        ...(until === undefined ? {} : { valid: { until } }),
      },
    ],
  });

  test('goes back once, when every line is back', () => {
    const [part, whole, again] = inTurn(bill(), units('a', 1), units('a', 1), { lines: [] });
    expect([part, whole, again].map((back) => back?.couponsReturned)).toEqual([[], ['c'], []]);
  });

  test('that has ended goes back within its grace, and not after', () => {
    expect(inTurn(bill(100), { ...units('a', 2), at: 109 })[0]?.couponsReturned).toEqual(['c']);
    expect(inTurn(bill(100), { ...units('a', 2), at: 110 })[0]?.couponsReturned).toEqual([]);
  });
});

describe('a threshold that is no longer reached', () => {
  const bill = (onBreach: string) => ({
    ...{ onBreach, earning, lines: [line('a', 6000), line('b', 5000)] },
    promotions: [{ id: 'p', stage: 'order', kind: 'fixed', amount: usd(1100), minSpend: usd(10_000) }],
  });

  test('is kept: what was promised at purchase stays', () => {
    const [first, second] = inTurn(bill('keep'), units('a', 1), units('b', 1));
    expect(first).toMatchObject({ cash: 5400, withheld: 0 });
    expect(second?.cash).toBe(4500);
  });

  test('or is worked out anew: paid less a new bill of the rest', () => {
    const [first, second] = inTurn(bill('recompute'), units('a', 1), units('b', 1));
    expect(first).toMatchObject({ cash: 4900, withheld: 500, pointsClawed: 490 });
    expect(second).toMatchObject({ cash: 5000, pointsClawed: 500, after: { cash: 9900, clawed: 990 } });
  });

  test('never takes more than comes back', () => {
    const cheap = {
      ...{ onBreach: 'recompute', lines: [line('a', 100), line('b', 9900)] },
      promotions: [{ id: 'p', stage: 'order', kind: 'fixed', amount: usd(1000), minSpend: usd(10_000) }],
    };
    const [first, second] = inTurn(cheap, units('a', 1), units('b', 1));
    expect(first).toMatchObject({ cash: 0, withheld: 90 });
    expect(second?.after.cash).toBe(9000);
  });

  test('keeps points spent on what is kept', () => {
    const points = { requested: 1000, balance: 1000, rule: { value: { USD: { points: 1, amount: 1 } } } };
    const backs = inTurn({ ...bill('recompute'), points }, units('a', 1), units('b', 1));
    expect(backs.map(({ cash, pointsRestored }) => [cash, pointsRestored])).toEqual([
      [4355, 545],
      [4545, 455],
    ]);
  });
});
