/**
 * The thread of the writing connection. A COMMIT waits for the disk with everything that runs beside it, so the core stands here, and
 * people are answered by the thread that waits for nothing. Started and called by core-thread.ts.
 */
import { type MessagePort, workerData } from 'node:worker_threads';
import type { CoreThreadSettings, SlowCommit } from './core-thread.ts';
import { openInnerMarket } from './inner-market.ts';
import { createChannels } from './payments/registry.ts';
import type { Log } from './ports/runtime.ts';
import { afterTurn } from './runtime/after-turn.ts';
import { answerCalls, tell } from './runtime/calls.ts';
import { systemClock as clock } from './runtime/clock.ts';
import { randomIds as ids } from './runtime/ids.ts';
import { packFields } from './runtime/plain-error.ts';
import { ecbRates, tableRates } from './runtime/rates.ts';
import { createVault } from './runtime/vault.ts';
import { openStore } from './store/open.ts';
import { followUnits } from './store/remote.ts';

const functions = new Map<string, (...args: never[]) => Promise<unknown>>();

async function open(port: MessagePort, given: CoreThreadSettings) {
  const log = logTo(port);
  const vault = createVault(given.keys);
  const { slowCommit } = given;
  const beforeCommit = slowCommit ? { beforeCommit: () => waitAsLong(slowCommit) } : {};
  const store = await openStore({ url: given.url, vault, clock, afterTurn, log, ...beforeCommit });
  const rates = given.rates === 'ecb' ? ecbRates({ clock, log }) : tableRates();
  const close = async () => {
    rates.stop();
    await store.close();
  };
  try {
    const channels = createChannels(given.channels);
    const wake = () => tell(port, { wake: true });
    const deps = { store, clock, ids, log, vault, channels, rates, settings: given.settings, wake };
    const { core, calls, communityId } = await openInnerMarket(deps, given.founding);
    const all: Record<string, (...args: never[]) => Promise<unknown>> = { ...core, ...calls, close };
    for (const [name, answer] of Object.entries(all)) functions.set(name, answer);
    functions.set('unit', followUnits(given.units, store));
    return communityId;
  } catch (error) {
    await close();
    throw error;
  }
}

/** Blocks, as a disk does. */
function waitAsLong(slow: SlowCommit): void {
  const ms = Atomics.load(slow, 0);
  if (ms > 0) Atomics.wait(slow, 0, ms, ms);
}

/** There is one log, and its words are judged where it is written. */
function logTo(port: MessagePort): Log {
  const write: (level: keyof Log) => Log['info'] = (level) => (fields, message) =>
    tell(port, { log: { level, fields: packFields(fields), message } });
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

const given = workerData as CoreThreadSettings;
functions.set('open', () => open(given.calls, given));
answerCalls(given.calls, functions);
