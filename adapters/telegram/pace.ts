/**
 * Telegram's limits, kept by us: so many messages a second in all, one a second in a chat, twenty a minute in a group. Answers to taps
 * are only counted, and go; what can wait is told how long. Only a saving of refusals: nothing is lost when the process forgets it.
 */
import type { Clock } from '../../src/ports/runtime.ts';

const ALL_PER_S = 30;
const GROUP_PER_MIN = 20;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const CHATS_MAX = 10_000;

export type Pace = {
  /** 0: now is a moment. Otherwise the ms after which to look again. */
  look(chatId: string): number;
  /** As `look`, and counted when it goes. */
  ask(chatId: string): number;
  /** Something went out without asking. */
  count(chatId: string): void;
  /** Telegram told us to leave this chat alone so long. */
  rest(chatId: string, ms: number): void;
};

type Place = { sent: number[]; until: number };

export function createPace(clock: Clock): Pace {
  const places = new Map<string, Place>();
  let all: number[] = [];

  const placeOf = (chatId: string): Place => {
    const place = places.get(chatId) ?? { sent: [], until: 0 };
    // The one used last stands last, so that the first is the one to forget.
    places.delete(chatId);
    places.set(chatId, place);
    for (const [oldest] of places.entries().take(places.size > CHATS_MAX ? 1 : 0)) places.delete(oldest);
    return place;
  };
  const note = (place: Place, now: number) => {
    place.sent.push(now);
    all.push(now);
  };

  const look = (chatId: string): number => {
    const now = clock.now();
    const place = placeOf(chatId);
    all = all.filter((at) => at > now - SECOND_MS);
    place.sent = place.sent.filter((at) => at > now - MINUTE_MS);
    const isGroup = chatId.startsWith('-');
    const waits = [
      place.until - now,
      wait(all, { most: ALL_PER_S, withinMs: SECOND_MS, now }),
      wait(place.sent, { most: 1, withinMs: SECOND_MS, now }),
      isGroup ? wait(place.sent, { most: GROUP_PER_MIN, withinMs: MINUTE_MS, now }) : 0,
    ];
    return Math.max(0, ...waits);
  };
  return {
    look,
    ask(chatId) {
      const waitMs = look(chatId);
      if (waitMs === 0) note(placeOf(chatId), clock.now());
      return waitMs;
    },
    count: (chatId) => note(placeOf(chatId), clock.now()),
    rest(chatId, ms) {
      const place = placeOf(chatId);
      place.until = Math.max(place.until, clock.now() + ms);
    },
  };
}

/** Ms until one more fits into the window; the instants are in order. */
function wait(
  sent: readonly number[],
  { most, withinMs, now }: { most: number; withinMs: number; now: number },
): number {
  const first = sent.at(-most);
  return first === undefined ? 0 : Math.max(0, first + withinMs - now);
}
