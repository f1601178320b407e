import { assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { dayBounds, dayOf } from '../../../src/domain/statement.ts';

test('every instant is in exactly one day, the one that a calendar says', () => {
  assert(
    property(integer({ min: 0, max: 4_102_444_800_000 }), (at) => {
      const day = dayOf(at);
      expect(day).toBe(new Date(at).toISOString().slice(0, 10));
      const { from, to } = dayBounds(day) ?? { from: 0, to: 0 };
      expect(from <= at && at < to).toBe(true);
      expect(dayOf(to)).not.toBe(day);
      expect(dayOf(from - 1)).not.toBe(day);
    }),
  );
});

test.each(['', '2026-11-31', '2026-13-01', '20261120', '2026-11-20T00:00', '2026-02-30', '\u0662026-11-20'])(
  '%s is no day',
  (day) => {
    expect(dayBounds(day)).toBeUndefined();
  },
);
