import './tools/require-node.js';
import { defineConfig } from 'vitest/config';

// Imported only here: on an old Node the guard above must come first.
const { findServices } = await import('./tools/services.ts');
const { ServicesReporter } = await import('./tools/services-reporter.ts');

const found = await findServices(process.env);
const resultsFile = process.env['PASAR_TEST_RESULTS'];

/** @param {string} name @param {number} testTimeout milliseconds */
function project(name, testTimeout) {
  return {
    extends: /** @type {const} */ (true),
    test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout },
  };
}

export default defineConfig({
  test: {
    // Processes, not threads: some tests kill what they start, and a native crash must not take the run along.
    pool: 'forks',
    maxWorkers: 2,
    env: {
      PASAR_FOUND_POSTGRES: found.postgres ?? '',
      PASAR_FOUND_REDIS: found.redis ?? '',
      PASAR_FOUND_CHROMIUM: found.chromium ?? '',
    },
    reporters: ['default', new ServicesReporter(found), ...(resultsFile ? ['json'] : [])],
    ...(resultsFile ? { outputFile: { json: resultsFile } } : {}),
    projects: [
      project('unit', 30_000),
      project('flows', 30_000),
      project('contract', 30_000),
      project('simulation', 300_000),
      project('e2e', 120_000),
    ],
  },
});
