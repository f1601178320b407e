import { describe, expect, test } from 'vitest';
import { createTextGuard } from '../../../src/app/community/guard-text.ts';
import type { Intent } from '../../../src/ports/intents.ts';

const say = (text: string): Intent => ({ kind: 'say', chatId: 'chat-1', text });

describe('the text guard', () => {
  test.each<[string, Intent]>([
    ['a message', say('my card is 4111 1111 1111 1111')],
    ['a name', { kind: 'set_profile', name: '4111111111111111' }],
    ['a question', { kind: 'ask_seller', productId: 'p', text: 'take 5555-5555-5555-4444?' }],
    ['an address', { kind: 'set_address', orderId: 'o', recipient: 'A', lines: '378282246310005', phone: '' }],
  ])('sees a card number in %s', (_name, intent) => {
    const guard = createTextGuard();
    expect(guard.holdsCardNumber({ intent, personId: 'a', now: 0 })).toBe(true);
  });

  test('lets talk about phone numbers and order codes pass', () => {
    const guard = createTextGuard();
    for (const text of ['call +60 12-345 6789', 'order K7PM-2QXD', 'two boxes at 25.00']) {
      expect(guard.holdsCardNumber({ intent: say(text), personId: 'a', now: 0 })).toBe(false);
    }
  });

  test('does not take our own ids for typed text', () => {
    const guard = createTextGuard();
    const intent: Intent = { kind: 'ask_seller', productId: '4111111111111111', text: 'Is it halal?' };
    expect(guard.holdsCardNumber({ intent, personId: 'a', now: 0 })).toBe(false);
  });

  test('sees a number split over two messages of one person within a minute', () => {
    const guard = createTextGuard();
    expect(guard.holdsCardNumber({ intent: say('it is 4111 1111'), personId: 'a', now: 0 })).toBe(false);
    expect(guard.holdsCardNumber({ intent: say('1111 1111'), personId: 'a', now: 59_000 })).toBe(true);
  });

  test('sees a number that comes in pieces', () => {
    const guard = createTextGuard();
    const pieces = ['4111', '1111', '1111', '1111'];
    const seen = pieces.map((text, now) => guard.holdsCardNumber({ intent: say(text), personId: 'a', now }));
    expect(seen).toEqual([false, false, false, true]);
  });

  test('does not join messages of two people, or of one person after a while', () => {
    const guard = createTextGuard();
    expect(guard.holdsCardNumber({ intent: say('it is 4111 1111'), personId: 'a', now: 0 })).toBe(false);
    expect(guard.holdsCardNumber({ intent: say('1111 1111'), personId: 'b', now: 1 })).toBe(false);
    expect(guard.holdsCardNumber({ intent: say('1111 1111'), personId: 'a', now: 61_000 })).toBe(false);
  });
});
