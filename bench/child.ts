/** One configuration, alone in its process: its task stands in its argument, its last line of output is what it found. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { settleOrders, startTapping, type Taps } from './load.ts';
import { type Cast, type Database, openBenchMarket, seed } from './market.ts';
import type { Pace } from './pace.ts';
import { type Recording, startRecording } from './recording.ts';
import { replayOnPostgres, replayOnSqlite } from './replay.ts';

type On = { readonly database: Database; readonly cast: Cast };
/** `settled`: how many orders the database has already. */
type Series = On & { readonly callers: number; readonly settled?: number };

/** Measured slice by slice: a line of input says how many orders, a line of output how it went. Ends with its input. */
export type SeriesTask =
  | (Series & { readonly do: 'settle'; readonly oneCard?: boolean })
  /** From the recording, beginning with order `skip`. */
  | (Series & { readonly do: 'replay'; readonly from: string; readonly skip?: number });

export type Task =
  | SeriesTask
  | { readonly do: 'seed'; readonly database: Database }
  | (On & { readonly do: 'record'; readonly orders: number; readonly into: string })
  /** Orders at once, unmeasured; with somebody who taps beside them, or alone for so long. */
  | (Series & { readonly do: 'load'; readonly orders: number; readonly taps?: boolean; readonly ms?: number });

type TaskOf<D extends Task['do']> = Extract<Task, { readonly do: D }>;
export type Recorded = { readonly writes: number; readonly reads: number; readonly statements: number };

async function settle(task: TaskOf<'settle'>): Promise<number> {
  const { callers, cast, oneCard = false } = task;
  const market = await openBenchMarket(task.database);
  const count = await inSlices((orders, from) => settleOrders(market, cast, { callers, orders, from, oneCard }));
  await market.close();
  return check(task, count);
}

async function replay(task: TaskOf<'replay'>): Promise<number> {
  const { callers, database, skip = 0 } = task;
  const { texts, orders: all } = deserialize(readFileSync(task.from)) as Recording;
  const { url, schema } = database;
  const { say, close } =
    schema === undefined
      ? replayOnSqlite(url.replace(/^sqlite:/, ''), texts)
      : replayOnPostgres({ url, schema }, texts);
  const count = await inSlices((orders, from) => {
    const slice = all.slice(skip + from, skip + from + orders);
    if (slice.length < orders) throw new Error(`${all.length} orders were recorded: too few.`);
    return say(slice, callers);
  });
  await close();
  // What was only said must have had the same effect.
  return check(task, count);
}

/** Answers how many orders there were in all. */
async function inSlices(measure: (orders: number, from: number) => Pace | Promise<Pace>): Promise<number> {
  let count = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const orders = Number(line);
    const pace = await measure(orders, count);
    count += orders;
    process.stdout.write(`${JSON.stringify(pace)}\n`);
  }
  return count;
}

async function check({ database, settled = 0 }: Series, count: number): Promise<number> {
  const market = await openBenchMarket(database);
  await market.check(settled + count);
  await market.close();
  return count;
}

async function load(task: TaskOf<'load'>): Promise<Taps | null> {
  const market = await openBenchMarket(task.database);
  const tapping = task.taps ? startTapping(market, task.cast) : undefined;
  await settleOrders(market, task.cast, task);
  await sleep(task.ms ?? 0);
  const taps = await tapping?.stop();
  await market.check(task.orders);
  await market.close();
  return taps ?? null;
}

async function record(task: TaskOf<'record'>): Promise<Recorded> {
  const market = await openBenchMarket(task.database);
  const recorder = startRecording();
  for (let order = 0; order < task.orders; order++) {
    await settleOrders(market, task.cast, { callers: 1, orders: 1, from: order });
    recorder.endOrder();
  }
  const recording = recorder.stop();
  await market.close();
  writeFileSync(task.into, serialize(recording));
  const units = recording.orders.at(-1) ?? [];
  return {
    writes: units.filter((unit) => unit.writes).length,
    reads: units.filter((unit) => !unit.writes).length,
    statements: units.reduce((sum, unit) => sum + unit.calls.length, 0),
  };
}

async function perform(task: Task): Promise<unknown> {
  switch (task.do) {
    case 'seed':
      return seed(task.database);
    case 'record':
      return record(task);
    case 'settle':
      return settle(task);
    case 'replay':
      return replay(task);
    case 'load':
      return load(task);
    default:
      return task satisfies never;
  }
}

const found = await perform(JSON.parse(process.argv[2] ?? '') as Task);
process.stdout.write(`${JSON.stringify(found)}\n`);
