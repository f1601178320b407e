import { array, assert, boolean, integer, nat, property, record, shuffledSubarray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { price } from '../../../../src/domain/pricing/price.ts';
import type { Quote } from '../../../../src/domain/pricing/quote-shape.ts';
import { refund } from '../../../../src/domain/pricing/refund.ts';
import type { Refunded, RefundState } from '../../../../src/domain/pricing/refund-shape.ts';
import { suggest } from '../../../../src/domain/pricing/suggest.ts';
import { baskets } from '../../../support/baskets.ts';

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
const tenderOf = (state: RefundState, id: string) => state.tenders.find((one) => one.id === id)?.amount ?? 0;

function expectSums(bill: Quote): void {
  const added = bill.tax.mode === 'exclusive' ? sum(bill.tax.rates.map((rate) => rate.amount)) : 0;
  const paidWithPoints = bill.points?.treatment === 'tender' ? bill.points.amount : 0;
  expect(bill.total).toBe(sum(bill.lines.map((line) => line.total)) + bill.delivery.net + added);
  expect(bill.payable).toBe(bill.total - paidWithPoints);
  expect(bill.payable).toBe(sum(bill.lines.map((line) => line.cash)) + bill.delivery.cash);
  expect(bill.due).toBe(bill.payable - sum(bill.tenders.map((one) => one.amount)));
  expect(sum(bill.tax.rates.map((rate) => rate.amount))).toBe(
    sum(bill.lines.map((line) => line.tax)) + bill.delivery.tax,
  );
  expect(bill.points?.spent ?? 0).toBe(sum(bill.lines.map((line) => line.points)));
  expect(bill.points?.amount ?? 0).toBe(sum(bill.lines.map((line) => line.pointsAmount)));
}

function expectLines(bill: Quote): void {
  const lowered = bill.points?.treatment === 'price_reduction';
  bill.lines.forEach((line, at) => {
    for (const amount of [line.discount, line.total, line.cash, line.tax, line.points, line.pointsAmount, line.earns])
      expect(amount).toBeGreaterThanOrEqual(0);
    const taken = bill.applied.flatMap((one) =>
      one.lines.filter((part) => part.line === at).map((part) => part.amount),
    );
    expect(line.discount).toBe(sum(taken) + (lowered ? line.pointsAmount : 0));
    expect(line.total).toBe(line.subtotal - line.discount);
  });
  for (const one of bill.applied) expect(one.amount).toBe(sum(one.lines.map((part) => part.amount)) + one.shipping);
}

describe('every bill', () => {
  test('is the sum of its parts, and no line is below zero', () => {
    assert(
      property(baskets, (basket) => {
        const bill = price(basket);
        expectSums(bill);
        expectLines(bill);
      }),
      { numRuns: 1000 },
    );
  });

  test('tells of every rule that it acted, or why not', () => {
    assert(
      property(baskets, (basket) => {
        const { applied, rejected } = price(basket);
        const told = [...applied, ...rejected.filter((one) => one.stage !== 'points')].map((one) => one.id);
        const rules = [...basket.promotions, ...basket.coupons].map((one) => one.id);
        expect(told.toSorted()).toEqual(rules.toSorted());
      }),
      { numRuns: 500 },
    );
  });

  test('is the same in whatever order its rules are given', () => {
    const shuffled = baskets.chain((basket) =>
      record({
        promotions: shuffledSubarray([...basket.promotions], { minLength: basket.promotions.length }),
        coupons: shuffledSubarray([...basket.coupons], { minLength: basket.coupons.length }),
      }).map((other) => [basket, { ...basket, ...other }] as const),
    );
    const drawn = ({ input: _input, ...bill }: Quote) => bill;
    assert(
      property(shuffled, ([one, other]) => {
        expect(drawn(price(other))).toEqual(drawn(price(one)));
      }),
      { numRuns: 500 },
    );
  });

  test('can be charged, owes nothing, or says that it cannot be charged', () => {
    assert(
      property(baskets, (basket) => {
        const { due, problem } = price(basket);
        expect(problem !== null).toBe(due > 0 && due < basket.minimumCharge);
      }),
      { numRuns: 1000 },
    );
  });

  test('costs no more with the coupons that are suggested than with any that were entered', () => {
    assert(
      property(baskets, (basket) => {
        const best = suggest(basket);
        const chosen = basket.coupons.filter((one) => best.coupons.includes(one.id));
        expect(price({ ...basket, coupons: chosen }).due).toBe(best.quote.due);
        const entered = price(basket);
        if (!entered.problem && !best.quote.problem) expect(best.quote.due).toBeLessThanOrEqual(entered.due);
      }),
      { numRuns: 300 },
    );
  });
});

const steps = array(
  record({
    line: nat(),
    units: integer({ min: 1, max: 7 }),
    shipping: boolean(),
    amount: nat(40_000),
    byAmount: nat(5),
  }),
  { maxLength: 8 },
);
type Step = {
  readonly line: number;
  readonly units: number;
  readonly shipping: boolean;
  readonly amount: number;
  readonly byAmount: number;
};

/** Does what of the step is possible; whether all is back in the end. */
function goOn(quote: Quote, before: RefundState | undefined, step: Step): Refunded {
  const given = before ? { before } : {};
  const line = quote.lines[step.line % quote.lines.length];
  const was = before?.lines.find((one) => one.id === line?.id)?.units ?? 0;
  const units = Math.min(step.units, (line?.quantity ?? 0) - was);
  const lines = line && units > 0 ? [{ id: line.id, units }] : [];
  const room = sum(quote.lines.map((one) => one.cash)) - ((before?.cash ?? 0) - (before?.shipping ?? 0));
  const amount = step.byAmount === 0 ? { amount: Math.min(step.amount, room) } : {};
  return refund({ quote, ...given, request: { lines, shipping: step.shipping && step.byAmount > 0, ...amount } });
}

const rest = (quote: Quote, before: RefundState | undefined): Refunded => {
  const lines = quote.lines.flatMap((line) => {
    const units = line.quantity - (before?.lines.find((one) => one.id === line.id)?.units ?? 0);
    return units > 0 ? [{ id: line.id, units }] : [];
  });
  const all = refund({ quote, ...(before ? { before } : {}), request: { lines, shipping: true } });
  // What a line kept when its units came back for less money.
  const amount = quote.payable - all.after.cash;
  return amount > 0 ? refund({ quote, before: all.after, request: { amount } }) : all;
};

describe('any sequence of refunds', () => {
  test('gives back no more than was paid, never takes back, and ends exactly at all of it', () => {
    assert(
      property(baskets, steps, (basket, some) => {
        const quote = price(basket);
        let before: RefundState | undefined;
        const results: Refunded[] = [];
        for (const step of some) {
          const done = goOn(quote, before, step);
          results.push(done);
          before = done.after;
        }
        const last = rest(quote, before);
        expectSteps(quote, [...results, last]);
        expect(last.after.cash).toBe(quote.payable);
        expect(sum(last.after.lines.map((one) => one.points))).toBe(quote.points?.spent ?? 0);
        expect(last.after.clawed).toBe(quote.earned?.points ?? 0);
        for (const { id, amount } of quote.tenders) expect(tenderOf(last.after, id)).toBe(amount);
        const coupons = quote.applied.flatMap((one) => (one.stage === 'coupon' ? [one.id] : []));
        expect([...last.after.couponsReturned].toSorted()).toEqual(coupons.toSorted());
      }),
      { numRuns: 1000 },
    );
  });
});

function expectSteps(quote: Quote, results: readonly Refunded[]): void {
  for (const one of results) {
    for (const amount of [one.cash, one.channel, one.pointsClawed, one.pointsRestored, one.shipping, one.withheld])
      expect(amount).toBeGreaterThanOrEqual(0);
    for (const { amount } of one.tenders) expect(amount).toBeGreaterThanOrEqual(0);
    const { after } = one;
    expect(after.cash).toBeLessThanOrEqual(quote.payable);
    expect(after.cash).toBe(sum(after.lines.map((line) => line.cash)) + after.shipping);
    for (const line of after.lines) {
      const bought = quote.lines.find((other) => other.id === line.id);
      expect(line.cash).toBeLessThanOrEqual(bought?.cash ?? -1);
      expect(line.points).toBeLessThanOrEqual(bought?.points ?? -1);
    }
    for (const { id, amount } of quote.tenders) expect(tenderOf(after, id)).toBeLessThanOrEqual(amount);
    expect(after.cash - sum(after.tenders.map((tender) => tender.amount))).toBeLessThanOrEqual(quote.due);
    expect(after.clawed).toBeLessThanOrEqual(quote.earned?.points ?? 0);
  }
}
