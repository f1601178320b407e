/**
 * The outbox worker: claims what is due, delivers it, and writes down what became of it. Any number of workers may run on one
 * database: a message belongs to whoever claimed it until its lease is over, and a lane has one message in flight.
 */
import { type Courier, DELIVERY_MS } from './courier.ts';
import { createDesk } from './desk.ts';

/** How often a worker looks that nobody woke: another process may have written and died. */
const IDLE_MS = 1_000;
/** What is due and cannot be claimed waits for the message before it in its lane, in flight elsewhere. */
const BLOCKED_MS = 250;
/** After this long without an answer a shutdown leaves what is in flight to its lease. */
const STOP_MS = DELIVERY_MS + 2_000;
const CONCURRENCY = 16;
/** A drain that never ends would keep a process from stopping. */
const DRAIN_MAX = 100_000;

export type OutboxDeps = Courier & {
  /** Messages in flight at a time, each of another lane. */
  readonly concurrency?: number;
  /** False: nothing happens by itself, only `drain` works. For tests that move the clock. */
  readonly timers?: boolean;
  /** Nobody else works on this database: what is claimed at the start was claimed by a process that is dead. */
  readonly alone?: boolean;
};

export type Outbox = {
  /** Something may have become due. Cheap; the calls of one turn of the event loop are one. */
  wake(): void;
  start(): void;
  /** Delivers all that is due now, and what follows from it; answers how many deliveries were made. */
  drain(): Promise<number>;
  /** Claims no more, and waits for what is in flight. */
  stop(): Promise<void>;
};

export function createOutbox(deps: OutboxDeps): Outbox {
  const { clock, log, timers = true } = deps;
  const places = createPlaces(deps, () => wake());
  let [started, running, stopped, again] = [false, false, false, false];
  let turn: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;

  const arm = (afterMs: number): void => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => void run('look first'), afterMs).unref();
  };

  /** Looking is a read; claiming takes the writer's turn. */
  const run = async (how: 'claim' | 'look first'): Promise<void> => {
    turn = undefined;
    if (running || stopped) return;
    running = true;
    let afterMs = IDLE_MS;
    try {
      if (how === 'claim' || (await places.nextDue()) <= clock.now()) {
        do {
          again = false;
          await places.fill();
        } while (again && !stopped);
      }
      afterMs = Math.min(Math.max((await places.nextDue()) - clock.now(), BLOCKED_MS), IDLE_MS);
    } catch (error) {
      log.error({ err: error, delay: IDLE_MS }, 'the outbox cannot be read; trying again');
    } finally {
      running = false;
    }
    if (again) wake();
    else arm(afterMs);
  };

  const wake = (): void => {
    again = true;
    if (!timers || !started || stopped || running) return;
    turn ??= setImmediate(() => void run('claim'));
  };

  return {
    wake,
    start() {
      started = true;
      wake();
    },
    async drain() {
      for (let count = 0; count < DRAIN_MAX;) {
        const endedBefore = places.ended();
        const filled = await places.fill();
        count += filled;
        // What ended while we claimed may have let the next of its lane go.
        const over = filled === 0 && places.ended() === endedBefore;
        if (over && !(await places.oneEnded())) return count;
      }
      return DRAIN_MAX;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      clearImmediate(turn);
      await places.allEnded(STOP_MS);
    },
  };
}

/** So many deliveries at a time. */
function createPlaces(deps: OutboxDeps, onEnded: () => void) {
  const { concurrency = CONCURRENCY, alone = false } = deps;
  const desk = createDesk(deps);
  const inFlight = new Set<Promise<void>>();
  let tookOver = !alone;
  let filling: Promise<unknown> = Promise.resolve();
  let ended = 0;

  const fill = async (): Promise<number> => {
    if (!tookOver) await desk.takeOver();
    tookOver = true;
    const free = concurrency - inFlight.size;
    const claims = free > 0 ? await desk.claim(free) : [];
    for (const deliver of claims) {
      const delivery = deliver().finally(() => {
        inFlight.delete(delivery);
        ended++;
        onEnded();
      });
      inFlight.add(delivery);
    }
    return claims.length;
  };

  return {
    nextDue: async () => (await desk.nextDue()) ?? Number.POSITIVE_INFINITY,
    /** Claims for the free places, one claim at a time, so that they are counted rightly; answers how many were filled. */
    fill: (): Promise<number> => {
      const filled = filling.then(fill);
      filling = filled.catch(() => undefined);
      return filled;
    },
    /** How many deliveries have ended. */
    ended: () => ended,
    /** False when nothing is in flight. */
    oneEnded: async (): Promise<boolean> => {
      if (inFlight.size === 0) return false;
      await Promise.race(inFlight);
      return true;
    },
    allEnded: async (withinMs: number): Promise<void> => {
      const { promise: tooLong, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, withinMs);
      await Promise.race([filling.then(() => Promise.all(inFlight)), tooLong]);
      clearTimeout(timer);
    },
  };
}
