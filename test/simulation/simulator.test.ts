// The simulator's own promises: the same seed is the same history, and what it finds it tells so that anybody can see it again.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCast } from './engine/cast.ts';
import { openFolder } from './engine/database.ts';
import type { Ground } from './engine/history.ts';
import { always } from './engine/invariant.ts';
import { loadRegistry } from './engine/registry.ts';
import { runSeed } from './engine/run.ts';

const SEEDS = [11, 12, 13, 14, 15, 16] as const;

const folder = openFolder();
let ground: Ground;
beforeAll(async () => {
  ground = { folder: folder.path, cast: await makeCast(folder.path), registry: await loadRegistry() };
});
afterAll(() => folder.remove());

async function hashesOf(seeds: readonly number[], where = ground): Promise<Record<number, string>> {
  const hashes: Record<number, string> = {};
  for (const seed of seeds) {
    const verdict = await runSeed(where, seed);
    if (!verdict.ok) throw new Error(verdict.report);
    expect(verdict.happenings).toBeGreaterThan(0);
    hashes[seed] = verdict.hash;
  }
  return hashes;
}

test('a seed is the same history and the same end whenever it is lived through, after whatever others', async () => {
  const once = await hashesOf(SEEDS);
  expect(await hashesOf(SEEDS.toReversed())).toEqual(once);
  const other = openFolder();
  try {
    const elsewhere = { ...ground, folder: other.path, cast: await makeCast(other.path) };
    expect(await hashesOf(SEEDS.slice(0, 3), elsewhere)).toEqual(
      Object.fromEntries(SEEDS.slice(0, 3).map((seed) => [seed, once[seed]])),
    );
  } finally {
    other.remove();
  }
  expect(new Set(Object.values(once)).size).toBe(SEEDS.length);
});

/** As if nobody might ever pay. */
const unpaid = always('nobody has paid', (stage) =>
  stage.memory.bills().flatMap(({ payments }) => (payments.length > 0 ? ['somebody has'] : [])),
);

test('a broken invariant is told with its seed, the fewest steps that break it, in words, and the command that repeats it', async () => {
  const invariants = new Map([...ground.registry.invariants, ['unpaid', unpaid]]);
  const watchful = { ...ground, registry: { ...ground.registry, invariants } };
  let seed = 1;
  let verdict = await runSeed(watchful, seed);
  while (verdict.ok && seed < 20) {
    seed += 1;
    verdict = await runSeed(watchful, seed);
  }
  if (verdict.ok) throw new Error('nobody paid in twenty histories');
  const { report } = verdict;
  expect(report).toContain('BROKEN  unpaid: nobody has paid');
  expect(report).toContain('weather: fair');
  const steps = report.split('\n').filter((line) => /^ +\d+\. /.test(line));
  // Somebody buys, somebody pays, and something happens after that.
  expect(steps.length).toBeLessThanOrEqual(4);
  expect(report).toMatch(/taps Buy on goods|puts goods/);
  const [, path] = new RegExp(`npm run simulate -- --seed ${seed} --path ([\\d:]+) --verbose`).exec(report) ?? [];
  expect(path).toBeDefined();
  const again = await runSeed(watchful, seed, { path });
  expect(again.ok ? '' : again.report.split('\n').slice(0, 4)).toEqual(report.split('\n').slice(0, 4));
});
