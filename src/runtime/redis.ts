/** The same over Redis. Imported only when REDIS_URL is set. While Redis is away this process goes on by itself. */
import { EventEmitter } from 'node:events';
import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Log } from '../ports/runtime.ts';
import { limitBy, memoryLimiter, type Shared, type Topic } from './shared.ts';

const PREFIX = 'pasar';
const TOPICS: readonly Topic[] = ['outbox', 'web'];
const RETRY_MOST_MS = 5_000;
const COMMAND_TIMEOUT_MS = 1_000;

export function sharedOverRedis({ url, log }: { url: string; log: Log }): Shared {
  const topics = new EventEmitter();
  const channelOf = (topic: Topic) => `${PREFIX}:${topic}`;
  const connect = (role: string) => {
    const client = new Redis(url, {
      connectionName: `${PREFIX}-${role}`,
      retryStrategy: (tries) => Math.min(tries * 200, RETRY_MOST_MS),
      maxRetriesPerRequest: 1,
      enableOfflineQueue: role === 'listener',
      commandTimeout: COMMAND_TIMEOUT_MS,
    });
    let said = false;
    client.on('error', (error: Error) => {
      if (!said) log.warn({ err: error, name: role }, 'Redis is away: this process goes on by itself');
      said = true;
    });
    client.on('ready', () => {
      said = false;
      log.info({ name: role }, 'Redis is there');
    });
    return client;
  };
  const speaker = connect('speaker');
  const listener = connect('listener');
  listener.on('message', (channel: string) => {
    for (const topic of TOPICS) if (channel === channelOf(topic)) topics.emit(topic);
  });
  // Subscribed again by the client itself after every reconnection.
  void listener.subscribe(...TOPICS.map(channelOf)).catch(() => undefined);

  return {
    signal: (topic) => {
      if (speaker.status !== 'ready') return void topics.emit(topic);
      speaker.publish(channelOf(topic), '').catch(() => topics.emit(topic));
    },
    onSignal: (topic, listen) => void topics.on(topic, listen),
    limit: (rule) =>
      limitBy(
        new RateLimiterRedis({
          storeClient: speaker,
          keyPrefix: `${PREFIX}:${rule.name}`,
          points: rule.points,
          duration: rule.perS,
          insuranceLimiter: memoryLimiter(rule),
        }),
      ),
    state: () => (speaker.status === 'ready' ? 'up' : 'down'),
    close: async () => {
      topics.removeAllListeners();
      speaker.disconnect();
      listener.disconnect();
    },
  };
}
