import { assert, constantFrom, integer, property, record, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { disputeMachine, type DisputeNews, isLaterNews } from '../../../src/domain/dispute.ts';

const news = record({
  at: integer({ min: 0, max: 3 }),
  state: constantFrom(...disputeMachine.states.filter((state) => state !== 'expired')),
  withdrawn: integer({ min: 0, max: 2 }),
  fee: integer({ min: 0, max: 1 }),
});
const same = (one: DisputeNews, other: DisputeNews) => JSON.stringify(one) === JSON.stringify(other);

test('of two different pieces of news exactly one is the later, and later than later is later', () => {
  assert(
    property(tuple(news, news, news), ([one, other, third]) => {
      expect(isLaterNews(one, other) || isLaterNews(other, one)).toBe(!same(one, other));
      expect(isLaterNews(one, other) && isLaterNews(other, one)).toBe(false);
      if (isLaterNews(one, other) && isLaterNews(other, third)) expect(isLaterNews(one, third)).toBe(true);
    }),
  );
});

test('within one second money leaves before the decision, and comes back after it', () => {
  const base = { at: 5, fee: 0 } as const;
  const story: DisputeNews[] = [
    { ...base, state: 'needs_response', withdrawn: 0 },
    { ...base, state: 'needs_response', withdrawn: 9 },
    { ...base, state: 'under_review', withdrawn: 9 },
    { ...base, state: 'won', withdrawn: 9 },
    { ...base, state: 'won', withdrawn: 0 },
  ];
  for (const [index, one] of story.entries()) {
    for (const before of story.slice(0, index)) expect(isLaterNews(one, before)).toBe(true);
  }
});
