/** One work's or one read's access to a connection, and the watch over works that wait for the world. */
import type { Parameter } from './columns.ts';
import { type Arguments, bind, type Query, type Statement } from './prepare.ts';
import type { SqliteConnection } from './sqlite.ts';
import { type Unit, WorkEnded, WorkWaited } from './transact.ts';

type Go<T> = (connection: SqliteConnection, statement: Statement, parameters: readonly Parameter[]) => T;
const goAll: Go<unknown[]> = (on, statement, values) => on.rows(statement, values);
const goFirst: Go<unknown> = (on, statement, values) => on.first(statement, values);
const goChange: Go<number> = (on, statement, values) => on.change(statement, values);

export function unitOn(connection: SqliteConnection, name: string): Unit {
  let ended = false;
  let failure: Unit['failure'];
  let wrote = false;
  // Hundreds of times for each order: nothing is made here that can be made once.
  const guarded = async <P, O, T>(query: Query<P, O>, given: Arguments<P>, go: Go<unknown>): Promise<T> => {
    if (ended) throw new WorkEnded(name);
    try {
      const statement = query.statement('sqlite', given);
      const parameters = bind(statement, given);
      wrote ||= statement.writes;
      return go(connection, statement, parameters) as T;
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
  return {
    run: {
      all: (query, given) => guarded(query, given, goAll),
      first: (query, given) => guarded(query, given, goFirst),
      change: (query, given) => guarded(query, given, goChange),
    },
    get failure() {
      return failure;
    },
    get wrote() {
      return wrote;
    },
    end() {
      ended = true;
    },
  };
}

export interface Watch {
  /** The promise; rejects with `WorkWaited` when it does not settle within microtasks. */
  race<T>(promise: Promise<T>, name: string): Promise<T>;
  stop(): void;
}

/** Which turn of the event loop this is; microtasks do not change it. */
function turn(): string {
  const { loopCount, events } = performance.nodeTiming.uvMetricsInfo;
  return `${loopCount}/${events}`;
}

/**
 * Everything inside a batch or a read happens in microtasks; a turn of the event loop that comes before its end was brought about by
 * a work that waits for the world. Three watchmen, because timers, files and immediates come in an order that depends on the load:
 * a timer before any that the work may have set, an immediate, and the number of the turn.
 */
export function stallWatch(): Watch {
  let onStall: (() => void) | undefined;
  let immediate: NodeJS.Immediate;
  let timer: NodeJS.Timeout;
  const stop = () => {
    clearImmediate(immediate);
    clearTimeout(timer);
  };
  const arm = () => {
    immediate = setImmediate(stalled);
    timer = setTimeout(stalled, 0);
  };
  const stalled = () => {
    onStall?.();
    stop();
    arm();
  };
  arm();
  return {
    race: <T>(promise: Promise<T>, name: string) =>
      new Promise<T>((resolve, reject) => {
        const begun = turn();
        onStall = () => {
          reject(new WorkWaited(name));
        };
        const settle = (result: T) => {
          if (turn() === begun) resolve(result);
          else reject(new WorkWaited(name));
        };
        promise.then(settle, reject);
      }),
    stop,
  };
}
