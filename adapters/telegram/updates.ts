/**
 * What came in from Telegram is a row before it is worked on and before Telegram may forget it. One person's work is done in order,
 * that of several people side by side; work that fails is done again a few times, and never keeps anything else waiting for ever.
 */
import type { Update } from 'grammy/types';
import { containsCardNumber, redactCardNumbers } from '../../src/domain/card-number.ts';
import type { Clock, Ids, Log } from '../../src/ports/runtime.ts';
import type { Store } from '../../src/ports/store.ts';
import type { PendingUpdate } from '../../src/ports/store/platforms.ts';
import { TryLater } from './api.ts';
import { PLATFORM } from './options.ts';

/** Most of them wait for a commit, and all that wait share the next one. */
const SIDE_BY_SIDE = 128;
const TRIES_MAX = 6;
const BACK_OFF_MS = [250, 1_000, 5_000, 15_000, 30_000] as const;
/** More than this many unfinished updates of an earlier process wait for the next start; Telegram holds back the rest meanwhile. */
const RESUME_MAX = 10_000;
/** Telegram keeps an update for a day: longer than that none comes again. */
const KEEP_MS = 3 * 24 * 60 * 60 * 1000;
const PRUNE_EVERY_MS = 60 * 60 * 1000;

export type Received = {
  readonly update: Update;
  readonly receivedAt: number;
  /** A card number stood in it; it is not there any more. */
  readonly cardNumber: boolean;
};

export type UpdatesOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** The bot's id. */
  readonly account: string;
  /** At once, before anything is written: what must not wait. True: there is nothing left to do with it. */
  readonly urgent: (update: Update) => boolean;
  readonly work: (received: Received) => Promise<void>;
  /** It failed every time. */
  readonly giveUp: (received: Received, incident: string) => Promise<void>;
};

export type Updates = {
  /** What cannot wait is begun; answers what is left to be taken. */
  hurry(updates: readonly Update[]): readonly Update[];
  /** Resolves when they are durable; the work goes on by itself. */
  take(updates: readonly Update[]): Promise<void>;
  /** Takes up what an earlier process left. */
  resume(): Promise<void>;
  /** Waits for what is begun, and leaves the rest to the process that goes on. Takes up work again when it is told to. */
  letGo(): Promise<void>;
  /** When nothing is left to do. */
  idle(): Promise<void>;
  /** Begins nothing more, and waits for what is begun. */
  stop(): Promise<void>;
};

type Job = Pick<PendingUpdate, 'updateId' | 'payload' | 'receivedAt' | 'tries'>;

export function createUpdates(options: UpdatesOptions): Updates {
  const { store, clock, account, urgent } = options;
  const lanes = createLanes((job: Job) => workOn(options, job));
  let prunedAt = 0;

  const enqueue = (job: Job) => {
    const { update } = opened(job);
    lanes.add(laneOf(update), job);
  };
  return {
    hurry: (updates) => updates.filter((update) => !urgent(update)),
    async take(updates) {
      const receivedAt = clock.now();
      const kept = updates.map((update) => ({
        updateId: update.update_id,
        payload: sealable(update),
        receivedAt,
      }));
      if (kept.length === 0) return;
      const rows = kept.map((row) => ({ ...row, platform: PLATFORM, account }));
      // Which of them are new is known only row by row.
      const fresh = await store.transact<number[]>(null, async (tx) => {
        const ids: number[] = [];
        for (const row of rows) if ((await tx.platforms.insertUpdates([row])) === 1) ids.push(row.updateId);
        if (receivedAt - prunedAt > PRUNE_EVERY_MS) await tx.platforms.pruneUpdates(receivedAt - KEEP_MS);
        return ids;
      });
      prunedAt = receivedAt - prunedAt > PRUNE_EVERY_MS ? receivedAt : prunedAt;
      for (const row of kept) if (fresh.includes(row.updateId)) enqueue({ ...row, tries: 0 });
    },
    async resume() {
      const left = await store.read((reads) => reads.platforms.pendingUpdates(PLATFORM, account, RESUME_MAX));
      left.forEach(enqueue);
    },
    letGo: () => lanes.letGo(),
    idle: () => lanes.idle(),
    stop: () => lanes.stop(),
  };
}

/** Never throws. Answers the ms after which it is to be tried again; undefined when it is over. */
async function workOn(options: UpdatesOptions, job: Job): Promise<number | undefined> {
  const { store, log, account, ids } = options;
  const { updateId } = job;
  const finish = (state: 'done' | 'dead') =>
    store.transact(null, (tx) => tx.platforms.finishUpdate(PLATFORM, account, updateId, state));
  try {
    await options.work(opened(job));
    await finish('done');
    return undefined;
  } catch (error) {
    const tries = job.tries + 1;
    const incident = ids.humanCode();
    log.error({ err: error, updateId, tries, incident }, 'an update could not be worked on');
    try {
      await store.transact(null, async (tx) => {
        await tx.platforms.retryUpdate(PLATFORM, account, updateId);
        return null;
      });
      if (tries < TRIES_MAX) return error instanceof TryLater ? error.afterMs : BACK_OFF_MS[tries - 1];
      await finish('dead');
      await options.giveUp(opened(job), incident);
    } catch (another) {
      log.error({ err: another, updateId }, 'an update could not be given up');
    }
    return undefined;
  }
}

/** What one person does is done in order; different people's side by side, also in one group. */
function laneOf({ message, callback_query: pressed, my_chat_member: member, update_id: id }: Update): string {
  return String(pressed?.from.id ?? message?.from?.id ?? member?.from.id ?? message?.chat.id ?? id);
}

type Lane = { readonly jobs: Job[]; busy: boolean };

function createLanes(work: (job: Job) => Promise<number | undefined>) {
  const lanes = new Map<string, Lane>();
  const waiting: (() => void)[] = [];
  const running = new Set<Promise<void>>();
  let stopped = false;

  const settle = () => {
    if (running.size === 0 && (lanes.size === 0 || stopped)) for (const done of waiting.splice(0)) done();
  };
  const begin = () => {
    for (const [name, lane] of lanes) {
      if (stopped || running.size >= SIDE_BY_SIDE) break;
      const job = lane.busy ? undefined : lane.jobs[0];
      if (!job) continue;
      lane.busy = true;
      const run = one(name, lane, job).finally(() => {
        running.delete(run);
        begin();
        settle();
      });
      running.add(run);
    }
  };
  const one = async (name: string, lane: Lane, job: Job) => {
    const afterMs = await work(job);
    if (afterMs === undefined) lane.jobs.shift();
    else lane.jobs[0] = { ...job, tries: job.tries + 1 };
    if (lane.jobs.length === 0) lanes.delete(name);
    if (afterMs === undefined) lane.busy = false;
    else {
      const again = () => {
        lane.busy = false;
        begin();
      };
      setTimeout(again, afterMs).unref();
    }
  };
  const idle = (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    settle();
    return promise;
  };
  return {
    add(name: string, job: Job) {
      const lane = lanes.get(name) ?? { jobs: [], busy: false };
      lanes.set(name, lane);
      lane.jobs.push(job);
      begin();
    },
    idle,
    letGo: async () => {
      stopped = true;
      await idle();
      lanes.clear();
      stopped = false;
    },
    stop: () => {
      stopped = true;
      return idle();
    },
  };
}

const opened = ({ payload, receivedAt }: Pick<Job, 'payload' | 'receivedAt'>): Received => {
  const { update, cardNumber } = JSON.parse(payload) as { update: Update; cardNumber: boolean };
  return { update, receivedAt, cardNumber };
};

/** What people type or call themselves; everything else of an update is Telegram's own. */
const TYPED: ReadonlySet<string> = new Set(['text', 'caption', 'query', 'title', 'first_name', 'last_name', 'quote']);

function sealable(update: Update): string {
  let cardNumber = false;
  const text = JSON.stringify(update, (key, value: unknown) => {
    if (typeof value !== 'string' || !TYPED.has(key) || !containsCardNumber(value)) return value;
    cardNumber ||= key === 'text' || key === 'caption';
    return redactCardNumbers(value);
  });
  return JSON.stringify({ update: JSON.parse(text) as unknown, cardNumber });
}
