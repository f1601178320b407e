import { expect, test } from 'vitest';
import { endingOf, mayRepeat, TRIES_MAX } from '../../../src/outbox/verdict.ts';

const HOUR = 60 * 60 * 1000;

test('a message that always fails is given up after eight tries, within the hour', () => {
  let now = 1_000_000;
  const began = now;
  for (let tries = 0; tries < TRIES_MAX - 1; tries++) {
    const ending = endingOf({ tries, createdAt: began }, { kind: 'failed', error: 'no' }, now);
    if (ending.to !== 'pending') throw new Error(`given up after ${tries + 1} tries`);
    expect(ending.tries).toBe(tries + 1);
    expect(ending.dueAt).toBeGreaterThan(now);
    now = ending.dueAt;
  }
  const last = endingOf({ tries: TRIES_MAX - 1, createdAt: began }, { kind: 'failed', error: 'no' }, now);
  expect(last).toEqual({ to: 'dead', tries: TRIES_MAX, error: 'no' });
  expect(now - began).toBeLessThan(HOUR);
});

test('the wait after a failure grows', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6].map((tries) => {
    const ending = endingOf({ tries, createdAt: 0 }, { kind: 'failed', error: 'no' }, 0);
    return ending.to === 'pending' ? ending.dueAt : 0;
  });
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(new Set(waits).size).toBe(waits.length);
});

test('being put off is nobody’s fault: it counts no try, whatever the platform asks for', () => {
  for (const afterMs of [0, 1_000, HOUR, 48 * HOUR, -5]) {
    const ending = endingOf({ tries: 7, createdAt: 0 }, { kind: 'later', afterMs }, 1_000);
    if (ending.to !== 'pending') throw new Error('not put off');
    expect(ending.tries).toBe(7);
    expect(ending.dueAt).toBeGreaterThan(1_000);
    expect(ending.dueAt).toBeLessThanOrEqual(1_000 + HOUR);
  }
});

test('what is put off for longer than a day is given up', () => {
  const ending = endingOf({ tries: 0, createdAt: 0 }, { kind: 'later', afterMs: 1_000 }, 25 * HOUR);
  expect(ending.to).toBe('dead');
});

test('only what may be repeated is, unless the platform knows a message again by its key', () => {
  expect(mayRepeat('card.refresh', false)).toBe(true);
  expect(mayRepeat('refund.submit', false)).toBe(true);
  expect(mayRepeat('listing.post', false)).toBe(false);
  expect(mayRepeat('notice', false)).toBe(false);
  expect(mayRepeat('notice', true)).toBe(true);
});
