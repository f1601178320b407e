/**
 * Core and store in a thread of their own, as this thread sees them: the core's functions that write are called over there; reads happen
 * here, on a connection of their own, and wait for nobody's COMMIT.
 */
import { getCompileCacheDir } from 'node:module';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Deps } from './app/deps.ts';
import type { Config } from './config.ts';
import type { Founding } from './found-market.ts';
import type { OutboxCalls } from './outbox/courier.ts';
import type { ChannelSettings } from './payments/registry.ts';
import type { Core } from './ports/core.ts';
import type { AfterTurn, Clock, Json, Log, LogFields } from './ports/runtime.ts';
import type { CommandKey, Store } from './ports/store.ts';
import type { Image } from './ports/store/catalog.ts';
import { type Calls, callsOf, openCalls } from './runtime/calls.ts';
import { unpackFields } from './runtime/plain-error.ts';
import type { KeyedVault, RootKeys } from './runtime/vault.ts';
import { openBesideWriter } from './store/open.ts';
import type { UnitWire } from './store/remote.ts';

/** For tests and the bench: how many ms each COMMIT takes longer. Made 0 and notified, it lets go of the one that waits. */
export type SlowCommit = Int32Array<SharedArrayBuffer>;

/** What the thread is given: no setting that it does not need. */
export type CoreThreadSettings = {
  readonly url: string;
  readonly keys: RootKeys;
  readonly channels: ChannelSettings;
  readonly founding: Founding;
  readonly rates: Config['rates'];
  readonly settings: Deps['settings'];
  readonly calls: MessagePort;
  readonly units: UnitWire;
  readonly slowCommit: SlowCommit | undefined;
};

/**
 * The rest of the core is made here: it only reads, or (`arrive`, `drawHandles`) mostly does, and asks for a unit of work when it must.
 * Whoever waits for it does not wait for somebody else's commit. Of two of these the half that only reads is done here as well: what
 * shows something, and the question about an invoice that has its order already.
 */
const WRITING = [
  'handle',
  'openChat',
  'preCheckout',
  'reached',
  'openCheckout',
  'returned',
  'openOnboarding',
  'onboarded',
  'onProviderNotice',
  'onChannelNotice',
  'sweep',
] as const satisfies readonly (keyof Core)[];

export type CoreThread = {
  readonly store: Store;
  readonly core: Pick<Core, (typeof WRITING)[number] | 'saveImage'>;
  readonly calls: OutboxCalls;
  readonly communityId: string;
  /** After a commit of the thread that may have left something to do. */
  readonly onWake: (wake: () => void) => void;
};

type Around = {
  readonly vault: KeyedVault;
  readonly clock: Clock;
  readonly afterTurn: AfterTurn;
  readonly log: Log;
};

type Told = { readonly wake: true } | { readonly log: { level: keyof Log; fields: LogFields; message: string } };

/** Rejects with what kept the thread from opening the database. When the thread dies later, the process does: nothing is half alive. */
export async function openCoreThread(
  given: Omit<CoreThreadSettings, 'calls' | 'units'>,
  { vault, clock, afterTurn, log }: Around,
): Promise<CoreThread> {
  const { port1: own, port2: port } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let wake = () => {};
  const thread = startThread({ ...given, units: { port, signal } }, (told: Told) => {
    if ('wake' in told) wake();
    else log[told.log.level](unpackFields(told.log.fields), told.log.message);
  });
  const { calls } = thread;
  try {
    const communityId = await calls.call<string>('open', []);
    const begin = (unit: number, command: CommandKey | null) => calls.call<Json>('unit', [unit, command]);
    const store = await openBesideWriter(
      { url: given.url, vault, clock, afterTurn, log },
      { port: own, signal },
      begin,
    );
    const close = async () => {
      // What waits for its commit still gets it.
      await calls.call('close', []);
      await store.close();
      await thread.stop();
      own.close();
    };
    return {
      store: { ...store, close },
      core: {
        ...callsOf<Pick<Core, (typeof WRITING)[number]>>(calls, WRITING),
        // The bytes go over as they are: whoever saves a picture names it by its digest afterwards.
        saveImage: (image) => calls.call('saveImage', [image], buffersOf(image)),
      },
      calls: callsOf<OutboxCalls>(calls, ['openAttempt', 'closeAttempt', 'submitRefund', 'renewCardInvoices']),
      communityId,
      onWake: (ring) => {
        wake = ring;
      },
    };
  } catch (error) {
    await thread.stop();
    own.close();
    throw error;
  }
}

type Thread = { readonly calls: Calls; readonly stop: () => Promise<void> };

function startThread(given: Omit<CoreThreadSettings, 'calls'>, onTold: (told: Told) => void): Thread {
  const { port1: own, port2: port } = new MessageChannel();
  const cache = getCompileCacheDir();
  const worker = new Worker(new URL('./core-worker.ts', import.meta.url), {
    name: 'core',
    workerData: { ...given, calls: port } satisfies CoreThreadSettings,
    transferList: [port, given.units.port],
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
    execArgv: [],
  });
  const calls = openCalls(own, (told) => onTold(told as Told));
  let over = false;
  const died = (error: Error) => {
    if (over) return;
    over = true;
    calls.end(error);
    setImmediate(() => {
      throw error;
    });
  };
  worker.on('error', (error) => died(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => died(new Error(`The thread of the database ended with ${code}.`)));
  return {
    calls,
    async stop() {
      over = true;
      calls.end(new Error('The market is closed.'));
      await worker.terminate();
      own.close();
    },
  };
}

/** Of a picture that has its memory to itself. */
function buffersOf({ bytes: { buffer, byteLength } }: Image): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
