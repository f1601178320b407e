import { describe, expect, test } from 'vitest';
import {
  spendAt,
  standingAt,
  type Standing,
  tierAt,
  type TierOrder,
  type TierRules,
} from '../../../../src/domain/points/tiers.ts';

const rules: TierRules = {
  tiers: [
    { id: 'gold', from: 500 },
    { id: 'silver', from: 100 },
    { id: 'black', from: 1000 },
  ],
  ...{ windowMs: 100, periodMs: 50, downgrade: 'requalify', graceMs: 5 },
};
const none: Standing = { tier: null, since: 0, periodEndsAt: 0, causedBy: null };
const order = (id: string, confirmedAt: number, net: number, refunded = 0): TierOrder => ({
  id,
  confirmedAt,
  net,
  refunded,
});
const gold: Standing = { tier: 'gold', since: 10, periodEndsAt: 60, causedBy: 'b' };

describe('the spend that counts', () => {
  test('is confirmed net spend in (now - window, now], less its refunds', () => {
    const orders = [
      order('old', 100, 1),
      order('first', 101, 10),
      order('now', 200, 100, 30),
      order('later', 201, 1000),
    ];
    expect(spendAt(orders, 200, 100)).toBe(80);
  });
});

describe('a tier', () => {
  test('comes at once, with the order that reached it', () => {
    const up = standingAt(rules, [order('a', 5, 80), order('b', 10, 430)], none, 10);
    expect(up).toEqual({ tier: 'gold', since: 10, periodEndsAt: 60, causedBy: 'b' });
  });

  test('stays until its period and the grace are over, whatever was spent meanwhile', () => {
    expect(standingAt(rules, [], gold, 59)).toEqual(gold);
    expect(standingAt(rules, [], gold, 64)).toEqual(gold);
    expect(standingAt(rules, [], gold, 65)).toMatchObject({ tier: null, since: 65 });
  });

  test('falls to what the spend is worth, or by one step', () => {
    const orders = [order('a', 20, 150)];
    expect(standingAt(rules, orders, { ...gold, tier: 'black' }, 65).tier).toBe('silver');
    const oneStep: TierRules = { ...rules, downgrade: 'one_step' };
    expect(standingAt(oneStep, orders, { ...gold, tier: 'black' }, 65).tier).toBe('gold');
  });

  test('that was earned again begins a new period', () => {
    expect(standingAt(rules, [order('c', 55, 600)], gold, 60)).toEqual({ ...gold, periodEndsAt: 110 });
  });

  test('falls at once when the order that brought it is refunded, and not when another is', () => {
    const orders = [order('a', 5, 120), order('b', 10, 430, 430)];
    expect(standingAt(rules, orders, gold, 20, 'b')).toMatchObject({ tier: 'silver', causedBy: null });
    expect(standingAt(rules, orders, gold, 20, 'a')).toEqual(gold);
  });

  test('that is granted holds while the grant does, and never lowers what was earned', () => {
    const grant = { tier: 'black', from: 10, until: 20, reason: 'for helping' };
    expect([9, 10, 19, 20].map((now) => tierAt(rules, gold, [grant], now))).toEqual(['gold', 'black', 'black', 'gold']);
    expect(tierAt(rules, gold, [{ ...grant, tier: 'silver' }], 15)).toBe('gold');
    expect(tierAt(rules, none, [{ ...grant, tier: 'nobody knows' }], 15)).toBeNull();
  });
});
