/**
 * Units of work whose writing connection is in another thread. The work itself stays here and says its queries by name; over there it is
 * one work among those of its batch, and its turn is its own: that thread waits for it with nothing else to do, blocked, so that to
 * the batch an answer from here looks like any other. Reads never come this way.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Json } from '../ports/runtime.ts';
import type { CommandKey, Store } from '../ports/store.ts';
import { queryNamed, type Run } from './prepare.ts';
import { stallTimer } from './stall-timer.ts';
import { type Aggregates, nameOf, type Work, WorkEnded, WorkWaited } from './transact.ts';
import { runOf } from './vault-check.ts';

/** `signal` grows with every message to the writer, which sleeps on it. */
export type UnitWire = { readonly port: MessagePort; readonly signal: Int32Array<SharedArrayBuffer> };

/** A work that does not go on for so long is undone: everybody else's waits for it. */
const TURN_MS = 5_000;

type Go = keyof Run;
type Given = Parameters<ReturnType<typeof queryNamed>['statement']>[1];
/** A unit may have its turn more than once: `run` counts them. */
type Turn = { readonly unit: number; readonly run: number };
type ToWriter = Turn &
  (
    | { readonly ask: number; readonly go: Go; readonly query: string; readonly given: Given }
    | { readonly result: Json }
    | { readonly thrown: true }
  );
type FromWriter = Turn &
  (
    | { readonly begin: true }
    | { readonly ask: number; readonly rows: unknown }
    | { readonly ask: number; readonly fault: string }
  );

/** The work threw where it was called; there its error is known. */
class WorkThrew extends Error {}

/** The writer's side: answers when the unit is durable. */
export function followUnits(wire: UnitWire, store: Pick<Store, 'transact'>) {
  return (unit: number, command: CommandKey | null): Promise<Json> => {
    let run = 0;
    return store.transact<Json>(command, (tx) => follow(wire, { unit, run: ++run }, runOf(tx)));
  };
}

async function follow({ port, signal }: UnitWire, turn: Turn, on: Run): Promise<Json> {
  const say = (message: FromWriter) => port.postMessage(message);
  say({ ...turn, begin: true });
  for (;;) {
    const said = nextFrom({ port, signal });
    if (!said) throw new Error(`A unit of work did not go on for ${TURN_MS} ms: it was undone.`);
    // Of a turn that was given up.
    if (said.unit !== turn.unit || said.run !== turn.run) continue;
    if ('thrown' in said) throw new WorkThrew('The work threw.');
    if ('result' in said) return said.result;
    const { ask } = said;
    const query = queryNamed(said.query);
    try {
      say({ ...turn, ask, rows: await on[said.go](query, said.given) });
    } catch (error) {
      // The unit fails by it whatever the work makes of it, and its caller gets the error itself.
      say({ ...turn, ask, fault: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** Sleeps until somebody says something; undefined when nobody does. */
function nextFrom({ port, signal }: UnitWire): ToWriter | undefined {
  for (;;) {
    const count = Atomics.load(signal, 0);
    const got = receiveMessageOnPort(port);
    if (got) return got.message as ToWriter;
    if (Atomics.wait(signal, 0, count, TURN_MS) === 'timed-out') return undefined;
  }
}

/** Asks the writer for a unit; the promise is that of its commit. */
export type BeginUnit = (unit: number, command: CommandKey | null) => Promise<Json>;

/** The caller's side. */
export function remoteUnits({ port, signal }: UnitWire, begin: BeginUnit, aggregates: Aggregates) {
  const units = new Map<number, ReturnType<typeof unitOf>>();
  let last = 0;
  const say = (message: ToWriter) => {
    port.postMessage(message);
    Atomics.add(signal, 0, 1);
    Atomics.notify(signal, 0);
  };
  port.on('message', (message: FromWriter) => units.get(message.unit)?.hear(message));
  return async <R extends Json>(command: CommandKey | null, work: Work<R>): Promise<R> => {
    const id = ++last;
    const unit = unitOf({ name: nameOf(command), work, aggregates, say });
    units.set(id, unit);
    try {
      return (await begin(id, command)) as R;
    } catch (error) {
      throw unit.thrown() ?? error;
    } finally {
      unit.end();
      units.delete(id);
    }
  };
}

type Unit = {
  readonly name: string;
  readonly work: Work<Json>;
  readonly aggregates: Aggregates;
  readonly say: (message: ToWriter) => void;
};

function unitOf({ name, work, aggregates, say }: Unit) {
  let turn: ReturnType<typeof turnOf> | undefined;
  let thrown: unknown;
  const begin = async (at: Turn) => {
    turn?.end();
    thrown = undefined;
    const own = (turn = turnOf(at, name, say));
    try {
      const result = await own.watched(work(aggregates(own.run)));
      say({ ...at, result });
    } catch (error) {
      if (!own.failed()) thrown = error;
      say({ ...at, thrown: true });
    } finally {
      own.end();
    }
  };
  return {
    hear(message: FromWriter): void {
      if ('begin' in message) void begin({ unit: message.unit, run: message.run });
      else turn?.hear(message);
    },
    thrown: () => thrown,
    end: () => turn?.end(),
  };
}

/** One run of a work, with the answers that it waits for. */
function turnOf(at: Turn, name: string, say: Unit['say']) {
  const asked = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  let ended = false;
  let failed = false;
  const stall = stallTimer(() => asked.size === 0 && !ended);
  const ask = async (go: Go, query: { readonly name: string }, given: object): Promise<never> => {
    if (ended) throw new WorkEnded(name);
    const made = Promise.withResolvers<unknown>();
    asked.set(++last, made);
    say({ ...at, ask: last, go, query: query.name, given: given as Given });
    return made.promise as Promise<never>;
  };
  const run: Run = {
    all: (query, given) => ask('all', query, given),
    first: (query, given) => ask('first', query, given),
    change: (query, given) => ask('change', query, given),
  };
  return {
    run,
    failed: () => failed,
    hear(message: Exclude<FromWriter, { readonly begin: true }>): void {
      const made = message.run === at.run ? asked.get(message.ask) : undefined;
      if (!made) return;
      asked.delete(message.ask);
      if ('rows' in message) made.resolve(message.rows);
      else {
        failed = true;
        made.reject(new Error(message.fault));
      }
      if (asked.size === 0) stall.arm();
    },
    watched: <R>(working: Promise<R>): Promise<R> =>
      new Promise((resolve, reject) => {
        stall.watch(() => reject(new WorkWaited(name)));
        working.then(resolve, reject);
      }),
    end(): void {
      ended = true;
      stall.stop();
      for (const { reject } of asked.values()) reject(new WorkEnded(name));
      asked.clear();
    },
  };
}
