/** Units of work on SQLite: one writing connection whose works are committed in groups, one reading connection beside it. */
import type { AfterTurn, Json } from '../ports/runtime.ts';
import type { CommandKey, Reads } from '../ports/store.ts';
import type { SqliteConnection } from './sqlite.ts';
import { commitBatch, type Job } from './sqlite-batch.ts';
import { stallWatch, unitOn } from './sqlite-unit.ts';
import type { Engine, EngineDeps, Work } from './transact.ts';

/** Callers beyond it wait for the next commit. */
const BATCH_MAX = 256;

type ReadDeps = Pick<EngineDeps, 'aggregates'> & { readonly reader: SqliteConnection; readonly close: () => void };
type Deps = EngineDeps &
  ReadDeps & { readonly writer: SqliteConnection; readonly afterTurn: AfterTurn; readonly beforeCommit?: () => void };
type Waiting = Job & { readonly resolve: (result: Json) => void; readonly reject: (error: unknown) => void };

/** `close` is called when nothing is under way any more. */
export function sqliteEngine(deps: Deps): Engine {
  const writes = writeQueue(deps);
  const reads = readQueue(deps);
  return {
    transact: <R extends Json>(command: CommandKey | null, work: Work<R>) => writes.add(command, work) as Promise<R>,
    read: reads.add,
    async close() {
      await writes.close();
      await reads.idle();
      deps.close();
    },
  };
}

export function sqliteReadEngine(deps: ReadDeps): Engine {
  const reads = readQueue(deps);
  return {
    transact: () => Promise.reject(new Error('The database was opened for reading only.')),
    read: reads.add,
    async close() {
      await reads.idle();
      deps.close();
    },
  };
}

function writeQueue(deps: Deps) {
  const waiting: Waiting[] = [];
  let busy = false;
  let closed: (() => void) | undefined;

  const drain = async (): Promise<void> => {
    const jobs = waiting.splice(0, BATCH_MAX);
    const outcomes = await commitBatch(deps, jobs);
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.ok) jobs[at]?.resolve(outcome.result);
      else jobs[at]?.reject(outcome.error);
    }
    next();
  };
  const next = (): void => {
    busy = waiting.length > 0;
    if (busy) deps.afterTurn(() => void drain());
    else closed?.();
  };
  return {
    add: (command: CommandKey | null, work: Work<Json>): Promise<Json> =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(new Error('The store is closed.'));
          return;
        }
        waiting.push({ command, work, resolve, reject });
        if (!busy) next();
      }),
    /** Takes no more; resolves when what waits is committed. */
    close: (): Promise<void> =>
      new Promise((resolve) => {
        closed = resolve;
        if (!busy) resolve();
      }),
  };
}

/** Reads one after another, each in one snapshot of what is committed. */
function readQueue({ reader, aggregates }: ReadDeps) {
  let last: Promise<unknown> = Promise.resolve();
  const one = async <R>(query: (reads: Reads) => Promise<R>): Promise<R> => {
    const unit = unitOn(reader, 'read');
    const watch = stallWatch();
    reader.say('begin');
    try {
      return await watch.race(query(aggregates(unit.run)), 'read');
    } finally {
      unit.end();
      watch.stop();
      reader.say('commit');
    }
  };
  return {
    add: <R>(query: (reads: Reads) => Promise<R>): Promise<R> => {
      const mine = last.then(() => one(query));
      last = mine.catch(() => undefined);
      return mine;
    },
    idle: () => last,
  };
}
