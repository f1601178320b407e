import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Log } from '../../../src/ports/runtime.ts';
import { sharedOverRedis } from '../../../src/runtime/redis.ts';
import { type Shared, sharedInMemory } from '../../../src/runtime/shared.ts';
import { addressOf, describeWith } from '../../support/env.ts';

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const open: Shared[] = [];
afterEach(async () => {
  for (const shared of open.splice(0)) await shared.close();
});
const keep = (shared: Shared): Shared => {
  open.push(shared);
  return shared;
};
const heard = (shared: Shared) => new Promise<void>((resolve) => shared.onSignal('outbox', () => resolve()));

describe('in one process', () => {
  test('a signal reaches whoever listens to its topic', async () => {
    const shared = keep(sharedInMemory());
    let web = 0;
    shared.onSignal('web', () => void web++);
    const outbox = heard(shared);
    shared.signal('outbox');
    await outbox;
    expect(web).toBe(0);
  });

  test('a limit gives each key its points', async () => {
    const limit = keep(sharedInMemory()).limit({ name: 'say', points: 2, perS: 60 });
    expect([await limit('a'), await limit('a'), await limit('a'), await limit('b')]).toEqual([true, true, false, true]);
  });
});

describe('with a Redis that is not there', () => {
  test('signals and limits go on in the process itself', async () => {
    const shared = keep(sharedOverRedis({ url: 'redis://127.0.0.1:1', log }));
    const outbox = heard(shared);
    shared.signal('outbox');
    await outbox;
    const limit = shared.limit({ name: 'say', points: 1, perS: 60 });
    expect([await limit('a'), await limit('a')]).toEqual([true, false]);
    expect(shared.state()).toBe('down');
  });
});

describeWith('redis', 'with Redis', () => {
  test('two processes share signals and limits', async () => {
    const url = addressOf('redis');
    const [one, other] = [keep(sharedOverRedis({ url, log })), keep(sharedOverRedis({ url, log }))];
    const rule = { name: randomUUID(), points: 1, perS: 60 };
    await expect.poll(() => [one.state(), other.state()]).toEqual(['up', 'up']);
    expect([await one.limit(rule)('a'), await other.limit(rule)('a')]).toEqual([true, false]);
    let signals = 0;
    other.onSignal('outbox', () => void signals++);
    await expect
      .poll(() => {
        one.signal('outbox');
        return signals;
      })
      .toBeGreaterThan(0);
  });
});
