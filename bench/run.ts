/**
 * npm run bench [-- --quick | --only slow-disk]: what the market does per second, beside the same statements without it, on this machine in this moment.
 * How to read it: docs/performance.md.
 */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { Recorded, SeriesTask } from './child.ts';
import { median, printTable, quantile, shuffled, spread } from './figures.ts';
import type { Taps } from './load.ts';
import type { Pace } from './pace.ts';
import { measureQuotes, type QuotePaces } from './quotes.ts';
import { measurePostgres, type PostgresRow } from './postgres.ts';
import { printSlowDisk } from './slow-disk-table.ts';
import { measureStartUp, type StartUp } from './start-up.ts';
import { countFsyncs, type Fsyncs, measureSideBySide, openWorkshop, type Size, type Workshop } from './workshop.ts';

const CALLERS = [1, 16, 64] as const;
type Callers = (typeof CALLERS)[number];
const FLASH_CALLERS = 16;
const quick = process.argv.includes('--quick');
const plan = {
  rounds: quick ? 1 : 3,
  sizes: {
    1: { warmUp: quick ? 50 : 150, slices: quick ? 4 : 8, orders: 25 },
    16: { warmUp: quick ? 320 : 640, slices: quick ? 4 : 8, orders: 128 },
    64: { warmUp: quick ? 320 : 640, slices: quick ? 4 : 8, orders: 192 },
  } satisfies Record<Callers, Size>,
  tapped: quick ? 600 : 2_000,
  tapMs: quick ? 2_000 : 4_000,
  fsyncOrders: quick ? 128 : 320,
  starts: quick ? 2 : 5,
  quotes: quick ? 4_000 : 20_000,
};

const say = (text: string) => process.stderr.write(`${text}\n`);
const rate = (paces: readonly Pace[]) => median(paces.map((one) => one.perSecond)).toFixed(0);
const cpu = (paces: readonly Pace[]) => median(paces.map((one) => one.cpuMs)).toFixed(2);

/** The rounds of one number of callers; all of a round were measured in turns. */
type Sold = { readonly market: Pace[]; readonly raw: Pace[]; readonly flash: Pace[] };

async function measureSales({ cast, copy }: Workshop, from: string): Promise<ReadonlyMap<Callers, Sold>> {
  const sold = new Map(CALLERS.map((callers): [Callers, Sold] => [callers, { market: [], raw: [], flash: [] }]));
  for (let round = 1; round <= plan.rounds; round++) {
    for (const [callers, into] of shuffled([...sold])) {
      say(`round ${round} of ${plan.rounds}: ${callers} callers`);
      const on = { cast, callers } as const;
      const tasks: SeriesTask[] = [
        { do: 'settle', database: copy('market'), ...on },
        { do: 'replay', database: copy('raw'), from, ...on },
      ];
      if (callers === FLASH_CALLERS) tasks.push({ do: 'settle', database: copy('flash'), oneCard: true, ...on });
      const [market, raw, flash] = await measureSideBySide(tasks, plan.sizes[callers]);
      if (market) into.market.push(market);
      if (raw) into.raw.push(raw);
      if (flash) into.flash.push(flash);
    }
  }
  return sold;
}

const ratios = (these: readonly Pace[], beside: readonly Pace[]): number[] =>
  these.map((one, round) => one.perSecond / (beside[round]?.perSecond ?? Number.NaN));

function printSales(sold: ReadonlyMap<Callers, Sold>, fsyncs: ReadonlyMap<Callers, Fsyncs>, size: Recorded): void {
  const rows = [...sold].map(([callers, { market, raw }]) => [
    ...[String(callers), rate(market), rate(raw), spread(ratios(market, raw)), cpu(market), cpu(raw)],
    (fsyncs.get(callers)?.perOrder ?? Number.NaN).toFixed(2),
  ]);
  printTable(
    'Orders settled on SQLite, beside their statements raw and prepared (aim: at least 0.6)',
    ['callers', 'orders/s', 'raw/s', 'ratio', 'CPU ms/order', 'raw CPU', 'fsyncs/order'],
    rows,
  );
  const { statements, writes, reads } = size;
  console.log(
    `  An order: ${statements} statements in ${writes} commits and ${reads} reads. Fsyncs: ${fsyncs.get(1)?.how}.`,
  );
  const { flash = [], market = [] } = sold.get(FLASH_CALLERS) ?? {};
  console.log(
    `  Flash sale, ${FLASH_CALLERS} callers on one product: ${spread(ratios(flash, market))} of the spread load.`,
  );
}

type TapsMeasured = { readonly alone: Taps; readonly beside: Taps };

function measureTaps({ cast, copy, run }: Workshop): TapsMeasured {
  const on = { do: 'load', cast, callers: FLASH_CALLERS, taps: true } as const;
  return {
    alone: run<Taps>({ ...on, database: copy('taps'), orders: 0, ms: plan.tapMs }),
    beside: run<Taps>({ ...on, database: copy('taps'), orders: plan.tapped }),
  };
}

function printTaps({ alone, beside }: TapsMeasured): void {
  const row = (name: string, values: readonly number[]) => [
    ...[name, quantile(values, 0.5).toFixed(1), quantile(values, 0.99).toFixed(1), String(values.length)],
  ];
  printTable(
    'A tap, from the press to the data of its answer (ms)',
    ['tap', 'p50', 'p99', 'taps'],
    [
      row('reading, alone', alone.reading),
      row('committing, alone', alone.committing),
      row(`reading, beside ${FLASH_CALLERS} callers`, beside.reading),
      row(`committing, beside ${FLASH_CALLERS} callers`, beside.committing),
    ],
  );
}

function printStartUp({ firstMs, againMs, idleMb }: StartUp): void {
  printTable(
    'Start-up until it listens (aim: again under 500 ms), and idle memory (aim: under 140 MB)',
    ['first, ms', 'again, ms', 'resident after 5 s, MB'],
    [[firstMs.toFixed(0), spread(againMs, 0), idleMb?.toFixed(0) ?? 'not told by this system']],
  );
}

function printPostgres(rows: readonly PostgresRow[] | undefined): void {
  if (!rows) {
    const why = quick ? 'not in a quick run' : 'none answers (PASAR_TEST_POSTGRES names one)';
    console.log(`\nPostgreSQL: ${why}.`);
    return;
  }
  printTable(
    'Orders settled on PostgreSQL, beside their statements raw and named over as many connections',
    ['callers', 'orders/s', 'raw/s', 'ratio', 'CPU ms/order', 'raw CPU'],
    rows.map(({ callers, market, raw }) => [
      ...[String(callers), rate([market]), rate([raw]), spread(ratios([market], [raw])), cpu([market]), cpu([raw])],
    ]),
  );
}

function printQuotes({ drawn, read, suggested }: QuotePaces): void {
  const row = (name: string, pace: Pace) => [name, rate([pace]), pace.cpuMs.toFixed(3)];
  printTable(
    'Bills of 20 lines, 50 promotions and 5 coupons, on one core (aim: at least 5000/s)',
    ['bill', 'bills/s', 'CPU ms/bill'],
    [row('drawn up', drawn), row('from plain data', read), row('with the best coupons sought', suggested)],
  );
}

/** How often a second this disk makes 4 KiB durable: what a lone commit cannot beat. */
function durableWritesPerSecond(folder: string): number {
  const file = openSync(join(folder, 'disk'), 'w');
  const page = Buffer.alloc(4096, 1);
  const writes = 200;
  const startedAt = performance.now();
  for (let write = 0; write < writes; write++) {
    writeSync(file, page, 0, page.length, 0);
    fdatasyncSync(file);
  }
  closeSync(file);
  return (writes * 1000) / (performance.now() - startedAt);
}

function printMachine(folder: string): { load: number; disk: number } {
  const disk = Math.round(durableWritesPerSecond(folder));
  const [load = 0] = loadavg();
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${disk} durable writes of 4 KiB/s`;
  const { node, sqlite = 'unknown' } = process.versions;
  console.log(`Pasar on ${machine}, Node ${node}, SQLite ${sqlite}, load ${load.toFixed(1)}.`);
  if (load > 1) console.log('Others work on this machine: read the ratios, and only as far as their rounds agree.');
  return { load, disk };
}

async function measure(workshop: Workshop): Promise<object> {
  const machine = printMachine(workshop.folder);
  const from = join(workshop.quickFolder, 'orders.recording');
  const database = workshop.copy('recorded', workshop.quickFolder);
  const orders = Math.max(...Object.values(plan.sizes).map((one) => one.warmUp + one.slices * one.orders));
  const size = workshop.run<Recorded>({ do: 'record', database, cast: workshop.cast, into: from, orders });
  const sold = await measureSales(workshop, from);
  say('fsyncs');
  const fsyncs = new Map(
    CALLERS.map((callers) => [callers, countFsyncs(workshop, { callers, orders: plan.fsyncOrders })]),
  );
  printSales(sold, fsyncs, size);
  const taps = measureTaps(workshop);
  printTaps(taps);
  const startUp = await measureStartUp({ starts: plan.starts });
  printStartUp(startUp);
  const quotes = measureQuotes(plan.quotes);
  printQuotes(quotes);
  const postgres = quick ? undefined : await measurePostgres(workshop);
  printPostgres(postgres);
  const { flash = [], market = [] } = sold.get(FLASH_CALLERS) ?? {};
  return {
    ...{ quick, ...machine, statements: size.statements, flash: median(ratios(flash, market)) },
    ratio: Object.fromEntries([...sold].map(([callers, of]) => [callers, median(ratios(of.market, of.raw))])),
    fsyncs: Object.fromEntries([...fsyncs].map(([callers, of]) => [callers, of.perOrder])),
    tapP99Ms: { reading: quantile(taps.beside.reading, 0.99), committing: quantile(taps.beside.committing, 0.99) },
    quotesPerSecond: quotes.drawn.perSecond,
    ...{ startMs: median(startUp.againMs), idleMb: startUp.idleMb ?? null },
    postgres: Object.fromEntries((postgres ?? []).map((row) => [row.callers, median(ratios([row.market], [row.raw]))])),
  };
}

const startedAt = performance.now();
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
if (only !== undefined && only !== 'slow-disk')
  throw new Error(`There is no part ${only} of the bench: slow-disk is one.`);
const workshop = only === undefined ? openWorkshop() : undefined;
try {
  const found = workshop ? await measure(workshop) : { slowDisk: await printSlowDisk() };
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const short = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(3)) : value);
  console.log(`\nbench ${JSON.stringify({ ...found, seconds }, short)}`);
} finally {
  workshop?.close();
}
