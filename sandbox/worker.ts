import { setImmediate } from 'node:timers/promises';
import type { Bank } from './bank.ts';
import { expireDue } from './checkouts.ts';
import { forgetOldKeys } from './idempotency.ts';
import { arriveDue } from './payouts.ts';
import { resolveDuePayments } from './payments.ts';
import { resolveDueRefunds } from './refunds.ts';
import type { Courier } from './webhooks.ts';

export type Worker = {
  /** All that is due at the clock's now. Runs never overlap: a call while one runs waits and then runs again. */
  tick(): Promise<void>;
  deliverAll(): Promise<{ delivered: number; failed: number }>;
  /** Ticks until nothing is due at the clock's now. */
  idle(): Promise<void>;
  /** For the timer: does nothing while a run is under way. */
  wake(): void;
  /** Resolves at the next tick, or at the end. */
  nextTick(): Promise<void>;
  stop(): Promise<void>;
};

const ROUNDS_MAX = 50;

/** How much was done: one batch of each kind. */
function settleDue(bank: Bank): number {
  forgetOldKeys(bank);
  // Expiry first: a checkout that ran out may have a late payment that is due as well.
  return expireDue(bank) + resolveDuePayments(bank) + resolveDueRefunds(bank) + arriveDue(bank);
}

type WorkerDeps = { bank: Bank; courier: Courier; log: (line: string) => void };

export function createWorker({ bank, courier, log }: WorkerDeps): Worker {
  let last: Promise<unknown> = Promise.resolve();
  let running = 0;
  let gates: (() => void)[] = [];
  let stopped = false;

  const openGates = (): void => {
    const waiting = gates;
    gates = [];
    for (const open of waiting) open();
  };

  async function run(): Promise<void> {
    if (gates.length > 0) {
      openGates();
      // Calls that were held back run before what is due.
      await setImmediate();
    }
    if (stopped) return;
    for (let round = 1; round <= ROUNDS_MAX && !stopped; round++) {
      if (bank.book.transact(() => settleDue(bank)) === 0) break;
    }
    await courier.deliverDue();
  }

  function queue<T>(work: () => Promise<T>): Promise<T> {
    running += 1;
    const mine = last.then(work).finally(() => (running -= 1));
    last = mine.catch(() => undefined);
    return mine;
  }

  const tick = (): Promise<void> => queue(run);
  return {
    tick,
    deliverAll: () => queue(() => courier.deliverAll()),
    async idle() {
      for (let round = 1; round <= ROUNDS_MAX; round++) {
        await tick();
        if (stopped || !courier.anyDue()) return;
      }
      throw new Error('sandbox: still not idle; does the webhook receiver make a new event of every event?');
    },
    wake() {
      if (running > 0 || stopped) return;
      tick().catch((error: unknown) => log(`sandbox worker: ${String(error)}`));
    },
    nextTick: () => new Promise((resolve) => (stopped ? resolve() : gates.push(resolve))),
    async stop() {
      stopped = true;
      courier.abort();
      openGates();
      await last;
    },
  };
}
