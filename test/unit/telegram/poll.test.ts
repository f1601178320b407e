import type { Update } from 'grammy/types';
import { expect, onTestFinished, test } from 'vitest';
import { createApi } from '../../../adapters/telegram/api.ts';
import { startPolling } from '../../../adapters/telegram/poll.ts';
import { openFake } from '../../support/telegram-market.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

test('an update is got again until it was taken, and the next question comes only then', async () => {
  const fake = await openFake();
  const { polling } = createApi(fake);
  const siti = fake.person({ firstName: 'Siti' });
  siti.starts();
  const seen: Update[][] = [];
  const take = async (updates: readonly Update[]) => {
    seen.push([...updates]);
    // As when the process dies, or the disk is full, between receipt and commit.
    if (seen.length === 1) throw new Error('not durable');
    // While it is being committed Telegram still holds it.
    await Promise.resolve();
    expect(fake.pendingUpdates).toBe(1);
  };
  const loop = startPolling({ polling, log: quiet, take, hurry: (updates) => updates });
  onTestFinished(() => loop.stop());
  await fake.taken();
  expect(seen.map((batch) => batch.map((update) => update.message?.text))).toEqual([['/start'], ['/start']]);
});

test('a tap is heard while the commit before it takes long, and nothing is confirmed before it is durable', async () => {
  const fake = await openFake();
  const { polling } = createApi(fake);
  const siti = fake.person({ firstName: 'Siti' });
  siti.starts();
  const { promise: durable, resolve: commit } = Promise.withResolvers<void>();
  const heard: (string | undefined)[] = [];
  const kept: (string | undefined)[][] = [];
  const words = (updates: readonly Update[]) => updates.map((update) => update.message?.text);
  const loop = startPolling({
    ...{ polling, log: quiet },
    hurry: (updates) => {
      heard.push(...words(updates));
      return updates;
    },
    take: async (updates) => {
      kept.push(words(updates));
      await durable;
    },
  });
  onTestFinished(() => loop.stop());
  await fake.until(() => kept.length === 1, 'the first commit');
  siti.says('private', 'one');
  siti.says('private', 'two');
  await fake.until(() => heard.length === 3, 'what was said meanwhile');
  expect(fake.pendingUpdates).toBe(3);
  // It rides in the next commit of the store, whoever's that is.
  expect(kept.flat()).toEqual(['/start', 'one', 'two']);
  commit();
  await fake.taken();
  expect(kept.flat()).toEqual(['/start', 'one', 'two']);
});
