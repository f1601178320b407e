import { expect, test } from 'vitest';
import { createPace } from '../../../adapters/telegram/pace.ts';
import { testClock } from '../../support/market.ts';

const open = () => {
  const clock = testClock();
  return { clock, pace: createPace(clock) };
};

test('one message a second goes to a chat', () => {
  const { clock, pace } = open();
  expect(pace.ask('7')).toBe(0);
  expect(pace.ask('7')).toBe(1_000);
  expect(pace.ask('8')).toBe(0);
  clock.moveBy(999);
  expect(pace.ask('7')).toBe(1);
  clock.moveBy(1);
  expect(pace.ask('7')).toBe(0);
});

test('twenty a minute go to a group, and the twenty-first waits for the first to be a minute old', () => {
  const { clock, pace } = open();
  for (let n = 0; n < 20; n++) {
    expect(pace.ask('-100')).toBe(0);
    clock.moveBy(1_000);
  }
  expect(pace.ask('-100')).toBe(40_000);
  expect(pace.ask('100')).toBe(0);
  clock.moveBy(40_000);
  expect(pace.ask('-100')).toBe(0);
});

test('thirty a second go out in all', () => {
  const { pace } = open();
  const waits = Array.from({ length: 31 }, (_, n) => pace.ask(String(n)));
  expect(waits.filter((ms) => ms === 0)).toHaveLength(30);
  expect(waits.at(-1)).toBe(1_000);
});

test('an answer to a tap goes at once and is counted', () => {
  const { pace } = open();
  pace.count('7');
  pace.count('7');
  expect(pace.ask('7')).toBe(1_000);
});

test('a chat that Telegram wants left alone is left alone so long', () => {
  const { clock, pace } = open();
  pace.rest('-100', 7_000);
  expect(pace.ask('-100')).toBe(7_000);
  expect(pace.ask('-200')).toBe(0);
  clock.moveBy(7_000);
  expect(pace.ask('-100')).toBe(0);
});
