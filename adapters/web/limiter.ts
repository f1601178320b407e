/** How often a seat may do what. */
import type { Limit, LimitRule } from '../../src/ports/runtime.ts';
import type { WebLimits } from './options.ts';

const LIMITS: WebLimits = {
  say: { points: 20, windowS: 20 },
  press: { points: 60, windowS: 20 },
  photo: { points: 20, windowS: 300 },
  seats: { points: 120, windowS: 60 },
  streams: { points: 60, windowS: 60 },
};

export type Limiter = (what: keyof WebLimits, who: string) => Promise<boolean>;

/** Answers whether it may go on. `limit` counts, in this process or for all of them. */
export function createLimiter(limit: (rule: LimitRule) => Limit, chosen: Partial<WebLimits> = {}): Limiter {
  const limits = Object.entries({ ...LIMITS, ...chosen });
  const counters = new Map<string, Limit>(
    limits.map(([name, { points, windowS }]) => [name, limit({ name: `web-${name}`, points, perS: windowS })]),
  );
  return async (what, who) => (await counters.get(what)?.(who)) ?? true;
}
