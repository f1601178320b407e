/**
 * What several processes of one market share: that something waits for work, that a page has news, how often somebody has tried.
 * It is never the truth: losing all of it costs a little time, no money, no order, no message. In one process it stands in memory.
 */
import { EventEmitter } from 'node:events';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Limit, LimitRule } from '../ports/runtime.ts';

/** `outbox`: something may be due. `web`: web chat has new rows. */
export type Topic = 'outbox' | 'web';

export type Shared = {
  /** Tells every process, this one included. */
  signal(topic: Topic): void;
  onSignal(topic: Topic, listener: () => void): void;
  limit(rule: LimitRule): Limit;
  /** What readiness tells of it; undefined without a service. */
  state(): 'up' | 'down' | undefined;
  close(): Promise<void>;
};

export function sharedInMemory(): Shared {
  const topics = new EventEmitter();
  return {
    signal: (topic) => void topics.emit(topic),
    onSignal: (topic, listener) => void topics.on(topic, listener),
    limit: (rule) => limitBy(memoryLimiter(rule)),
    state: () => undefined,
    close: async () => void topics.removeAllListeners(),
  };
}

export const memoryLimiter = ({ name, points, perS }: LimitRule): RateLimiterMemory =>
  new RateLimiterMemory({ keyPrefix: name, points, duration: perS });

export function limitBy(limiter: { consume(key: string): Promise<unknown> }): Limit {
  return async (key) => {
    try {
      await limiter.consume(key);
      return true;
    } catch (refused) {
      // A refusal carries when to come back; anything else is the limiter's own trouble, and nobody is to suffer for it.
      return !(typeof refused === 'object' && refused !== null && 'msBeforeNext' in refused);
    }
  };
}
