/**
 * Telegram gives a bot's updates to one long poll at a time. Of several processes with one token one leads; the others stand by. Who
 * leads is a row whose count moves: a rival that sees it stand still takes the row, guarded by what it saw. Each side measures with its
 * own timers only, and the leader gives up sooner than a rival dares to begin. Were there two for a moment, all the same an update is one
 * row and what it does has keys of its own.
 */
import type { Ids, Log } from '../../src/ports/runtime.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Lease } from '../../src/ports/store/platforms.ts';
import { pause } from './line.ts';

const LEASE_MS = 10_000;
/** Beats within a lease: so many may fail one after the other. */
const BEATS = 5;
/** A rival waits longer than the leader holds on. */
const PATIENCE_BEATS = BEATS + 2;

type Work = { stop(): Promise<void> };

type Options = {
  readonly store: Store;
  readonly ids: Pick<Ids, 'next'>;
  readonly log: Log;
  readonly name: string;
  readonly leaseMs?: number;
  /** Begins what only one may do. Tried again with the next beat when it throws. */
  readonly begin: () => Promise<Work>;
};

/** Leads as soon as nobody else does. `stop` ends the work and gives the lease back, so that another goes on at once. */
export function startLeading(options: Options): Work {
  const { log, name, leaseMs = LEASE_MS } = options;
  const ending = new AbortController();
  const claim = createClaim(options);
  const duty = createDuty(options);
  /** One beat. What it wins is ours from before we asked: an answer that comes later than that is no answer. */
  const beat = async () => {
    let isLate = false;
    const late = () => {
      isLate = true;
      duty.lose('the database was silent for too long');
    };
    const deadline = setTimeout(late, leaseMs);
    try {
      const isOurs = await claim.ask();
      if (isLate) return;
      if (isOurs) return duty.hold(deadline);
      duty.lose('another process leads');
    } catch (error) {
      // The deadline of the last good beat goes on running.
      log.warn({ err: error, name }, 'the lease could not be asked for; trying again');
    }
    clearTimeout(deadline);
  };
  const loop = async () => {
    while (!ending.signal.aborted) {
      await beat();
      await pause(leaseMs / BEATS, ending.signal);
    }
  };
  const ended = loop();
  return {
    async stop() {
      ending.abort();
      await ended;
      await duty.end();
      await claim.giveBack();
    },
  };
}

/** One question to the database: is it ours, or can it be? */
function createClaim({ store, ids, log, name }: Options) {
  const me = ids.next();
  let last: Lease | undefined;
  let stillFor = 0;
  /** Asked once a beat. */
  const isFree = (seen: Lease | undefined): boolean => {
    const isStill = seen !== undefined && last?.holder === seen.holder && last.beat === seen.beat;
    stillFor = isStill ? stillFor + 1 : 0;
    last = seen;
    return !seen || seen.holder === '' || seen.holder === me || stillFor >= PATIENCE_BEATS;
  };
  return {
    async ask(): Promise<boolean> {
      const seen = await store.read((reads) => reads.platforms.lease(name));
      if (!isFree(seen)) return false;
      return store.transact(null, async (tx) => {
        // After a commit whose answer was lost it is ours already.
        const now = await tx.platforms.lease(name);
        return tx.platforms.takeLease(name, me, now?.holder === me ? now : seen);
      });
    },
    async giveBack() {
      try {
        await store.transact(null, async (tx) => {
          const seen = await tx.platforms.lease(name);
          return seen?.holder === me && (await tx.platforms.takeLease(name, '', seen));
        });
      } catch (error) {
        log.warn({ err: error, name }, 'the lease could not be given back; it ends by itself');
      }
    },
  };
}

/** Begins and ends the work, one after the other, whatever comes in between. */
function createDuty({ log, name, begin }: Options) {
  let isOurs = false;
  let work: Work | undefined;
  let deadline: NodeJS.Timeout | undefined;
  let steps = Promise.resolve();
  let isTold = false;
  const step = async () => {
    try {
      if (isOurs && !work) work = await begin();
      else if (!isOurs && work) {
        const over = work;
        work = undefined;
        await over.stop();
      }
    } catch (error) {
      log.error({ err: error, name }, 'what the leader does could not be begun or ended');
    }
  };
  const lose = (why: string) => {
    clearTimeout(deadline);
    if (isOurs) log.warn({ name, why }, 'this process leads no more');
    else if (!isTold) log.info({ name, why }, 'this process stands by');
    isTold = true;
    isOurs = false;
    steps = steps.then(step);
  };
  return {
    hold(until: NodeJS.Timeout) {
      clearTimeout(deadline);
      deadline = until;
      if (!isOurs) log.info({ name }, 'this process leads');
      isOurs = true;
      steps = steps.then(step);
    },
    lose,
    async end() {
      clearTimeout(deadline);
      isOurs = false;
      steps = steps.then(step);
      await steps;
    },
  };
}
