// The road between the market and its provider: every request may be slow, lost, refused by an overloaded server, or answered into the
// void after it was done. Both directions are events of the schedule, so a crash of the market leaves what is under way to arrive.
import { ChannelTrouble } from '../../../src/ports/payment-channel.ts';
import type { Schedule } from '../engine/schedule.ts';
import type { Weather } from '../engine/weather.ts';
import { Refused } from './bank.ts';

export type Answer<T> =
  /** `replayed`: the stored answer to the same key, which speaks of the past. */
  | { readonly kind: 'answered'; readonly value: T; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly code: string; readonly replayed: boolean }
  /** No answer, or none that can be trusted: it may have been done. */
  | { readonly kind: 'unclear' };

export type Wire = ReturnType<typeof createWire>;

const TIMEOUT_MS = 10_000;
/** After this long the provider has forgotten a key. */
const KEY_MS = 24 * 60 * 60_000;

type Stored<T> = { readonly at: number; readonly answer: Answer<T> };

export function createWire(schedule: Schedule, weather: () => Weather) {
  const keys = new Map<string, Stored<unknown>>();

  const execute = <T>(key: string | undefined, run: () => T): Answer<T> => {
    const stored = key === undefined ? undefined : keys.get(key);
    // The key and what it was used for belong together, so the answer is of the same kind.
    if (stored && schedule.now() - stored.at < KEY_MS)
      return { ...(stored.answer as Exclude<Answer<T>, { kind: 'unclear' }>), replayed: true };
    const answer = done(run);
    if (key !== undefined) keys.set(key, { at: schedule.now(), answer: structuredClone(answer) });
    return answer;
  };

  /** `unclear` after ten seconds without an answer. Throws `ChannelTrouble` when it was not done for certain. */
  function call<T>(what: string, key: string | undefined, run: () => T): Promise<Answer<T>> {
    const { net } = weather();
    const life = schedule.life();
    const luck = schedule.luck();
    const lost = luck.hits(net.lost);
    const unheard = luck.hits(net.unheard);
    const late = luck.hits(net.late);
    const overloaded = luck.hits(net.overloaded);
    const there = luck.between(5, 40) + (late ? TIMEOUT_MS + luck.between(1_000, 60_000) : 0);
    const back = luck.between(5, luck.hits(net.slow) ? 8_000 : 60);
    const { promise, resolve, reject } = Promise.withResolvers<Answer<T>>();
    if (!lost && !overloaded) {
      const arrive = () => {
        const answer = structuredClone(execute(key, run));
        if (unheard || late) return;
        schedule.add({ afterMs: back, what: `${what}: ${answer.kind}`, ours: true, life, run: () => resolve(answer) });
      };
      schedule.add({ afterMs: there, what, ours: false, run: arrive });
    }
    if (overloaded) {
      const trouble = new ChannelTrouble(`bank: ${what} was put off`, { retryable: true });
      schedule.add({ afterMs: there, what: `${what}: 503`, ours: true, run: () => reject(trouble) });
    } else if (lost || unheard || late) {
      const noAnswer = () => resolve({ kind: 'unclear' });
      schedule.add({ afterMs: TIMEOUT_MS, what: `${what}: no answer`, ours: true, run: noAnswer });
    }
    return promise;
  }
  return { call };
}

function done<T>(run: () => T): Answer<T> {
  try {
    return { kind: 'answered', value: run(), replayed: false };
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', code: error.code, replayed: false };
    throw error;
  }
}
