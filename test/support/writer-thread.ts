// A SQLite store whose writing connection is in a thread of its own, as a market with a bot has it.
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import type { CommandKey, Store } from '../../src/ports/store.ts';
import type { Json } from '../../src/ports/runtime.ts';
import { openCalls } from '../../src/runtime/calls.ts';
import { openBesideWriter } from '../../src/store/open.ts';
import type { UnitWire } from '../../src/store/remote.ts';
import { storeOptions } from './store-options.ts';
import { freshDatabase, type TestDatabase } from './stores.ts';

export type StoreThreadData = { readonly url: string; readonly calls: MessagePort; readonly units: UnitWire };

export function freshApart(): TestDatabase {
  const database = freshDatabase('sqlite');
  return { ...database, open: () => openApart(database.url) };
}

async function openApart(url: string): Promise<Store> {
  const forCalls = new MessageChannel();
  const forUnits = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(new URL('./store-thread.ts', import.meta.url), {
    workerData: { url, calls: forCalls.port2, units: { port: forUnits.port2, signal } } satisfies StoreThreadData,
    transferList: [forCalls.port2, forUnits.port2],
    execArgv: [],
  });
  const { call, end } = openCalls(forCalls.port1, () => undefined);
  worker.on('error', (error: unknown) => end(error as Error));
  await call('open', []);
  const begin = (unit: number, command: CommandKey | null) => call<Json>('unit', [unit, command]);
  const store = await openBesideWriter(storeOptions(url), { port: forUnits.port1, signal }, begin);
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    await call('close', []);
    await store.close();
    await worker.terminate();
    forCalls.port1.close();
    forUnits.port1.close();
  };
  const close = () => (closing ??= closeAll());
  onTestFinished(close);
  return { ...store, close };
}
