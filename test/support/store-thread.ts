// The other end of writer-thread.ts: a store alone in its thread.
import { workerData } from 'node:worker_threads';
import { answerCalls } from '../../src/runtime/calls.ts';
import { openStore } from '../../src/store/open.ts';
import { followUnits } from '../../src/store/remote.ts';
import { storeOptions } from './store-options.ts';
import { divide } from './test-queries.ts';
import type { StoreThreadData } from './writer-thread.ts';

// Known by its name alone.
void divide;

const { url, calls, units } = workerData as StoreThreadData;
const store = await openStore(storeOptions(url));
const functions = { unit: followUnits(units, store), close: () => store.close(), open: () => Promise.resolve() };
answerCalls(calls, new Map(Object.entries(functions)));
