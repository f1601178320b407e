import { array, assert, integer, nat, option, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endedIn, type Lot, pointsAlive, repay, restoreTo, spendFrom } from '../../../../src/domain/points/lots.ts';

const lot = (id: string, left: number, endsAt: number | null): Lot => ({ id, left, endsAt });

describe('points in lots', () => {
  test('are spent from the lot that ends first; what has no end comes last, what has ended never', () => {
    const lots = [lot('never', 50, null), lot('late', 50, 300), lot('gone', 50, 100), lot('soon', 30, 200)];
    expect(spendFrom(lots, 100, 100)).toEqual([
      { lot: 'soon', points: 30 },
      { lot: 'late', points: 50 },
      { lot: 'never', points: 20 },
    ]);
    expect(spendFrom(lots, 131, 100)).toBeUndefined();
    expect(pointsAlive(lots, 100)).toBe(130);
    expect(endedIn(lots, 100)).toEqual([{ lot: 'gone', points: 50 }]);
  });

  test('come back to the lots they came from, the last first, and live at least the grace', () => {
    const spent = [
      { lot: 'soon', points: 30, endsAt: 200, restored: 0 },
      { lot: 'late', points: 50, endsAt: 300, restored: 10 },
      { lot: 'never', points: 20, endsAt: null, restored: 0 },
    ];
    expect(restoreTo(spent, 70, { now: 250, graceMs: 20 })).toEqual([
      { lot: 'never', points: 20, endsAt: null },
      { lot: 'late', points: 40, endsAt: 300 },
      { lot: 'soon', points: 10, endsAt: 270 },
    ]);
    expect(() => restoreTo(spent, 91, { now: 250, graceMs: 20 })).toThrow(RangeError);
  });

  test('repay what is owed before they are anybody’s', () => {
    expect(repay(30, 50)).toEqual({ repaid: 30, kept: 0 });
    expect(repay(80, 50)).toEqual({ repaid: 50, kept: 30 });
  });

  test('spent in any way are exactly as many as asked, and no lot gives more than it has', () => {
    const lots = array(record({ left: nat(100), endsAt: option(nat(50)) }), { maxLength: 8 }).map((all) =>
      all.map((one, at) => lot(`lot-${at}`, one.left, one.endsAt)),
    );
    assert(
      property(lots, nat(300), integer({ min: 0, max: 60 }), (some, points, now) => {
        const parts = spendFrom(some, points, now);
        if (!parts) {
          expect(points).toBeGreaterThan(pointsAlive(some, now));
          return;
        }
        expect(parts.reduce((sum, part) => sum + part.points, 0)).toBe(points);
        for (const part of parts)
          expect(part.points).toBeLessThanOrEqual(some.find((one) => one.id === part.lot)?.left ?? 0);
      }),
    );
  });
});
