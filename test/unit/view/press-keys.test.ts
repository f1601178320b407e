// Which presses of a button are one wish: those of one moment.
import { expect, test } from 'vitest';
import { createPressKeys } from '../../../src/view/press-keys.ts';

function fingers() {
  let now = 0;
  let count = 0;
  const keyOf = createPressKeys('telegram', { now: () => now });
  const press = (handle: string, personId = 'budi') => keyOf({ handle, personId, pressId: `p${++count}` });
  const wait = (ms: number) => {
    now += ms;
  };
  return { keyOf, press, wait };
}

test('taps in a row have one key, and a tap after a pause has another', () => {
  const { press, wait } = fingers();
  const first = press('buy');
  wait(1_999);
  expect(press('buy')).toBe(first);
  wait(1_999);
  expect(press('buy')).toBe(first);
  wait(2_000);
  expect(press('buy')).not.toBe(first);
});

test('a button that is pressed after another one is pressed anew', () => {
  const { press } = fingers();
  const first = press('pause');
  press('resume');
  expect(press('pause')).not.toBe(first);
});

test('what one person presses says nothing of another', () => {
  const { press } = fingers();
  const first = press('buy', 'budi');
  expect(press('buy', 'mei')).not.toBe(first);
  expect(press('buy', 'budi')).toBe(first);
});

test('a press that is delivered again, by another process even, has the key that it had', () => {
  const press = { handle: 'buy', personId: 'budi', pressId: '77' };
  expect(fingers().keyOf(press)).toBe(fingers().keyOf(press));
});
