/** npm run bench -- --only slow-disk: a market with a bot while every COMMIT takes two seconds. How to read it: docs/performance.md. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printTable, quantile } from './figures.ts';
import { measureSlowDisk, type SlowDiskPlan, type SlowDiskRun } from './slow-disk.ts';
import { freePort } from './start-up.ts';

/** Polling shows at most a hundred updates that are not durable yet: that many in the time of a commit and a half. */
const PLANS: readonly SlowDiskPlan[] = [
  { mode: 'webhook', perSecond: 50, seconds: 30 },
  { mode: 'polling', perSecond: 20, seconds: 30 },
];

export async function printSlowDisk(): Promise<object> {
  const found: Record<string, object> = {};
  for (const plan of PLANS) {
    const { mode, perSecond } = plan;
    process.stderr.write(`slow disk: ${mode}, ${perSecond} updates/s\n`);
    const run = await measure(plan);
    printRun(plan, run);
    const p99 = ({ taps, reading, committing }: SlowDiskRun) =>
      Object.fromEntries(Object.entries({ taps, reading, committing }).map(([name, of]) => [name, quantile(of, 0.99)]));
    found[mode] = { perSecond, p99Ms: p99(run), left: run.queue.at(-1), outbox: run.found.outbox };
  }
  return found;
}

async function measure(plan: SlowDiskPlan): Promise<SlowDiskRun> {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-slow-disk-'));
  try {
    const database = { DATABASE_URL: `sqlite:${join(folder, 'pasar.db')}`, PORT: String(await freePort()) };
    return await measureSlowDisk(plan, { env: database });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function printRun(
  { mode, perSecond, seconds }: SlowDiskPlan,
  { taps, reading, committing, queue, found }: SlowDiskRun,
) {
  const row = (name: string, of: readonly number[], aim: string) => [
    ...[name, ...[0.5, 0.99, 1].map((share) => quantile(of, share).toFixed(0)), String(of.length), aim],
  ];
  printTable(
    `Every COMMIT takes 2 s; SQLite, ${mode}, ${perSecond} updates/s for ${seconds} s: ms until the answer`,
    ['what', 'p50', 'p99', 'most', 'count', 'aim (p99)'],
    [
      row('tap acknowledged', taps, '1000'),
      row('pre-checkout that reads', reading, '1000'),
      row('pre-checkout that holds goods', committing, '5000'),
      row('a commit, from asking to durable', found.commits, '-'),
    ],
  );
  console.log(
    `  Updates that Telegram held, by second: ${queue.join(' ')}. Outbox left: ${found.outbox}. Main thread held up for ` +
      `${found.blockedMs.toFixed(0)} ms at most; resident ${found.residentMb.toFixed(0)} MB.`,
  );
}
