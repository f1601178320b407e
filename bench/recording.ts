/** What the use cases say to their database, unit by unit, so that it can be said again without them. */
import { StatementSync } from 'node:sqlite';
import { Client } from 'pg';
import type { Parameter } from '../src/store/columns.ts';

export type Method = 'run' | 'get' | 'all';
export type Call = { readonly text: number; readonly method: Method; readonly values: readonly Parameter[] };
/** A unit of work or a read, between its BEGIN and its COMMIT. */
export type Unit = { readonly writes: boolean; readonly calls: Call[] };
export type Recording = {
  readonly texts: readonly string[];
  /** By order, in the order in which they were settled. */
  readonly orders: readonly (readonly Unit[])[];
};

export type Recorder = { readonly endOrder: () => void; readonly stop: () => Recording };

type Hear = (text: string, method: Method, values: readonly Parameter[]) => void;

const BEGIN_READING = 'begin';
const BEGIN_WRITING = ['begin immediate', 'begin isolation level read committed'];

/** Writes everything down until `stop`. One unit after another: callers must not overlap. */
export function startRecording(): Recorder {
  const texts = new Map<string, number>();
  const orders: Unit[][] = [];
  let units: Unit[] = [];
  let open: Unit | undefined;
  const hear: Hear = (text, method, values) => {
    if (text === BEGIN_READING || BEGIN_WRITING.includes(text)) open = { writes: text !== BEGIN_READING, calls: [] };
    else if (text === 'commit') {
      if (open) units.push(open);
      open = undefined;
    } else {
      const known = texts.get(text) ?? texts.size;
      texts.set(text, known);
      const call = { text: known, method, values };
      // PostgreSQL reads without a transaction.
      if (open) open.calls.push(call);
      else units.push({ writes: false, calls: [call] });
    }
  };
  const endings = [...(['run', 'get', 'all'] as const).map((method) => listenToSqlite(method, hear)), listenToPg(hear)];
  return {
    endOrder() {
      orders.push(units);
      units = [];
    },
    stop() {
      for (const end of endings) end();
      return { texts: [...texts.keys()], orders };
    },
  };
}

/** Puts a listener in front of a method of a driver. Answers how to take it away. */
function listen<A extends unknown[]>(owner: object, name: string, hear: (self: unknown, given: A) => void): () => void {
  const original = Object.getOwnPropertyDescriptor(owner, name);
  if (!original) throw new Error(`The driver has no ${name} any more.`);
  const call = original.value as (this: unknown, ...given: A) => unknown;
  Object.defineProperty(owner, name, {
    ...original,
    value(this: unknown, ...given: A) {
      hear(this, given);
      return call.apply(this, given);
    },
  });
  return () => Object.defineProperty(owner, name, original);
}

function listenToSqlite(method: Method, hear: Hear): () => void {
  return listen<Parameter[]>(StatementSync.prototype, method, (self, values) => {
    if (self instanceof StatementSync) hear(self.sourceSQL, method, values);
  });
}

function listenToPg(hear: Hear): () => void {
  type Said = string | { readonly text: string; readonly values?: readonly Parameter[] };
  return listen<[Said, ...unknown[]]>(Client.prototype, 'query', (_self, [said]) => {
    if (typeof said === 'string') hear(said, 'all', []);
    else hear(said.text, 'all', said.values ?? []);
  });
}
