// Markets that nobody thought of: whatever people, provider and clock do, every unit of money and of goods ends in its one place.
import * as fc from 'fast-check';
import { test } from 'vitest';
import { stories, tell } from '../support/market-story.ts';

const RUNS = Number(process.env['PASAR_STORIES'] ?? 150);
/** On a slow machine fewer are told. */
const PATIENCE_MS = Math.max(240_000, RUNS * 1_000);
const seed = process.env['PASAR_SEED'];
const path = process.env['PASAR_PATH'];

test(
  `${RUNS} made-up stories end with clean invariants and three equal books`,
  async () => {
    await fc.assert(fc.asyncProperty(stories, tell), {
      numRuns: RUNS,
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      ...(path === undefined ? {} : { path }),
      plugins: [fc.interruptAfterTimeLimit(PATIENCE_MS)],
    });
  },
  PATIENCE_MS + 60_000,
);
