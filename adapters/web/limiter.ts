/** How often a seat may do what. In memory: a restart forgives, and several processes allow a little more. */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { WebLimits } from './options.ts';

const LIMITS: WebLimits = {
  say: { points: 20, windowS: 20 },
  press: { points: 60, windowS: 20 },
  photo: { points: 20, windowS: 300 },
  seats: { points: 120, windowS: 60 },
  streams: { points: 60, windowS: 60 },
};

export type Limiter = (what: keyof WebLimits, who: string) => Promise<boolean>;

/** Answers whether it may go on. */
export function createLimiter(chosen: Partial<WebLimits> = {}): Limiter {
  const limits = { ...LIMITS, ...chosen };
  const limiters = new Map(
    Object.entries(limits).map(([name, { points, windowS }]) => [
      name,
      new RateLimiterMemory({ points, duration: windowS, keyPrefix: name }),
    ]),
  );
  return async (what, who) => {
    try {
      await limiters.get(what)?.consume(who);
      return true;
    } catch (refused) {
      // The library rejects with its counter, which is no error, when the points are used up.
      if (refused instanceof Error) throw refused;
      return false;
    }
  };
}
