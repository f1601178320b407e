/** Where the bench works: a folder of its own, a child process for each configuration, a fresh copy of the database for each child. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SeriesTask, Task } from './child.ts';
import { shuffled } from './figures.ts';
import type { Cast, Database } from './market.ts';
import type { Pace } from './pace.ts';

const CHILD = [new URL('../tools/run.js', import.meta.url), new URL('./child.ts', import.meta.url)].map((url) =>
  fileURLToPath(url),
);
const OUTPUT_MAX = 64 * 1024 * 1024;
/** Memory as a disk, where there is one. */
const MEMORY = '/dev/shm';

export type Workshop = {
  readonly folder: string;
  /** Runs the task in a process of its own; with `before`, under another program. */
  readonly run: <R>(task: Task, before?: readonly string[]) => R;
  /** A database like the seeded one, of this name; whatever had the name is gone. */
  readonly copy: (name: string, folder?: string) => Database;
  /** What need not be durable goes here. */
  readonly quickFolder: string;
  readonly cast: Cast;
  readonly close: () => void;
};

export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-bench-'));
  const quickFolder = isWritable(MEMORY) ? mkdtempSync(join(MEMORY, 'pasar-bench-')) : folder;
  const close = () => {
    for (const one of [folder, quickFolder]) rmSync(one, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const seeded = join(folder, 'seeded.db');
    const cast = runChild<Cast>({ do: 'seed', database: { url: `sqlite:${seeded}` } });
    const copy = (name: string, into = folder): Database => {
      const file = join(into, `${name}.db`);
      for (const ending of ['', '-wal', '-shm', '.lock']) rmSync(`${file}${ending}`, { force: true });
      copyFileSync(seeded, file);
      return { url: `sqlite:${file}` };
    };
    return { folder, quickFolder, run: runChild, copy, cast, close };
  } catch (error) {
    close();
    throw error;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The last line of the child's output is its result. Throws with its complaint when it failed. */
function runChild<R>(task: Task, before: readonly string[] = []): R {
  const [program, ...rest] = [...before, process.execPath, ...CHILD, JSON.stringify(task)];
  const { status, stdout, stderr, error } = spawnSync(program, rest, { encoding: 'utf8', maxBuffer: OUTPUT_MAX });
  if (status !== 0) throw new Error(`The task ${task.do} failed: ${stderr.trim()}`, { cause: error });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as R;
}

type Series = {
  /** Measures so many orders. The process sleeps in between. */
  readonly slice: (orders: number) => Promise<Pace>;
  /** Throws when the books did not agree in the end. */
  readonly end: () => Promise<void>;
};

function startSeries(task: SeriesTask): Series {
  const child = spawn(process.execPath, [...CHILD, JSON.stringify(task)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async slice(orders) {
      child.stdin.write(`${orders}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error(`The series ${task.do} ended too soon.`);
      return JSON.parse(line.value) as Pace;
    },
    async end() {
      child.stdin.end();
      const [status] = (await gone) as [number | null];
      if (status !== 0) throw new Error(`The series ${task.do} ended with ${status}.`);
    },
  };
}

export type Size = {
  /** Before the first slice, unmeasured. */
  readonly warmUp: number;
  readonly slices: number;
  /** Orders of a slice. */
  readonly orders: number;
};

/**
 * Each task in a process of its own, slice by slice in turns and each time in another order: whatever else happens on this machine
 * happens to all of them. Answers the pace of each, over all slices.
 */
export async function measureSideBySide(
  tasks: readonly SeriesTask[],
  { warmUp, slices, orders }: Size,
): Promise<Pace[]> {
  const series = tasks.map(startSeries);
  const spent = tasks.map(() => ({ seconds: 0, cpuMs: 0 }));
  for (const one of series) await one.slice(warmUp);
  for (let slice = 1; slice <= slices; slice++) {
    for (const at of shuffled([...series.keys()])) {
      const pace = await series[at]?.slice(orders);
      const sum = spent[at];
      if (!pace || !sum) continue;
      sum.seconds += orders / pace.perSecond;
      sum.cpuMs += pace.cpuMs * orders;
    }
  }
  await Promise.all(series.map((one) => one.end()));
  const all = slices * orders;
  return spent.map(({ seconds, cpuMs }) => ({ perSecond: all / seconds, cpuMs: cpuMs / all }));
}

export type Fsyncs = { readonly perOrder: number; readonly how: string };

/** Counted by strace where there is one; else each commit is one, which leaves out those of checkpoints. */
export function countFsyncs(workshop: Workshop, { callers, orders }: { callers: number; orders: number }): Fsyncs {
  const { cast, copy, run, folder } = workshop;
  const of = (settled: number): number => {
    const into = join(folder, 'fsyncs.txt');
    const task: Task = { do: 'load', database: copy('fsyncs'), cast, callers, orders: settled };
    run(task, ['strace', '-f', '-e', 'trace=fsync,fdatasync', '-o', into]);
    return readFileSync(into, 'utf8').split(/\b(?:fsync|fdatasync)\(/).length - 1;
  };
  if (spawnSync('strace', ['-V']).status !== 0) return { perOrder: 5 / callers, how: 'commits, no strace here' };
  // What opening and closing cost is no order's.
  return { perOrder: (of(orders) - of(0)) / orders, how: 'strace' };
}
