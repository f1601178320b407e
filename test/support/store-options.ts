// What a store is opened with in tests: a clock that counts, a key that everybody knows, silence.
import type { Log } from '../../src/ports/runtime.ts';
import { afterTurn } from '../../src/runtime/after-turn.ts';
import { createVault } from '../../src/runtime/vault.ts';
import type { StoreOptions } from '../../src/store/open.ts';

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export const testVault = createVault({ current: 'a root key for tests, long enough to be one', previous: [] });

export function storeOptions(url: string, changes: Partial<StoreOptions> = {}): StoreOptions {
  let now = Date.UTC(2026, 0, 1);
  return { url, vault: testVault, clock: { now: () => now++ }, afterTurn, log: silentLog, ...changes };
}
