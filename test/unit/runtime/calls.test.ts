import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { ChannelTrouble } from '../../../src/ports/payment-channel.ts';
import { KeyReused } from '../../../src/ports/store.ts';
import { answerCalls, type Answering, callsOf, openCalls, tell } from '../../../src/runtime/calls.ts';
import { packFields, unpackFields } from '../../../src/runtime/plain-error.ts';

function line(functions: Record<string, (...args: never[]) => Promise<unknown>>) {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  const answering: Answering = new Map(Object.entries(functions));
  answerCalls(port2, answering);
  const told: unknown[] = [];
  return { calls: openCalls(port1, (one) => told.push(one)), told, otherEnd: port2 };
}

test('each call gets its own answer, in whatever order they come', async () => {
  const { calls } = line({
    slowly: (ms: number) => sleep(ms, `after ${ms}`),
  });
  const answers = await Promise.all([calls.call('slowly', [20]), calls.call('slowly', [1])]);
  expect(answers).toEqual(['after 20', 'after 1']);
});

test('an error keeps its class, what stands on it, and its cause', async () => {
  const cause = Object.assign(new Error('the disk is full'), { code: 'ENOSPC' });
  const { calls } = line({
    reused: () => Promise.reject(new KeyReused('tap-7')),
    trouble: () => Promise.reject(new ChannelTrouble('no such payment', { retryable: false, cause })),
    named: () => Promise.reject(Object.assign(new Error('held'), { name: 'StoreLocked', rows: [{ secret: 1 }] })),
  });
  await expect(calls.call('reused', [])).rejects.toThrow(KeyReused);
  const trouble: unknown = await calls.call('trouble', []).catch((error: unknown) => error);
  expect(trouble).toBeInstanceOf(ChannelTrouble);
  expect(trouble).toMatchObject({ name: 'ChannelTrouble', retryable: false, cause: { code: 'ENOSPC' } });
  expect((trouble as Error).stack).toContain('calls.test.ts');
  const named: unknown = await calls.call('named', []).catch((error: unknown) => error);
  expect(named).toMatchObject({ name: 'StoreLocked', message: 'held' });
  expect(named).not.toHaveProperty('rows');
});

test('a function that is not there, and an answer that cannot cross, are errors and no silence', async () => {
  const { calls } = line({ gives: () => Promise.resolve(() => 'a function') });
  await expect(calls.call('takes', [])).rejects.toThrow('no takes');
  await expect(calls.call('gives', [])).rejects.toThrow(/could not be cloned/);
});

test('when the other thread is gone every call rejects, those under way as well', async () => {
  const { calls } = line({ never: () => new Promise(() => undefined) });
  const under = calls.call('never', []);
  calls.end(new Error('it died'));
  await expect(under).rejects.toThrow('it died');
  await expect(calls.call('never', [])).rejects.toThrow('it died');
});

test('calls without an answer are bounded', async () => {
  const { calls } = line({ never: () => new Promise(() => undefined) });
  const all = Array.from({ length: 10_001 }, () => calls.call('never', []));
  await expect(all.at(-1)).rejects.toThrow('never is not made');
  calls.end(new Error('over'));
  const ended = await Promise.allSettled(all);
  expect(ended.filter((one) => one.status === 'rejected')).toHaveLength(10_001);
});

test('moved bytes are there and no longer here', async () => {
  const { calls } = line({ weigh: (bytes: Uint8Array) => Promise.resolve(bytes.byteLength) });
  const bytes = new Uint8Array(1000);
  expect(await calls.call('weigh', [bytes], [bytes.buffer])).toBe(1000);
  expect(bytes.byteLength).toBe(0);
});

test('what the other thread tells is heard beside the answers', async () => {
  const { calls, told, otherEnd } = line({ ask: () => Promise.resolve('answer') });
  tell(otherEnd, { wake: true });
  expect(await callsOf<{ ask(): Promise<string> }>(calls, ['ask']).ask()).toBe('answer');
  expect(told).toEqual([{ wake: true }]);
});

test('the fields of a log line cross with their errors', () => {
  const fields = structuredClone(packFields({ err: new KeyReused('k'), count: 3, what: () => 1 }));
  const { err, ...others } = unpackFields(fields);
  expect(err).toBeInstanceOf(KeyReused);
  expect(others).toEqual({ count: 3, what: 'function' });
});
