import './tools/require-node.js';
import { defineConfig } from 'vitest/config';

/** @param {string} name @param {number} testTimeout milliseconds */
function project(name, testTimeout) {
  return {
    extends: /** @type {const} */ (true),
    test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout },
  };
}

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      project('unit', 30_000),
      project('flows', 30_000),
      project('contract', 30_000),
      project('simulation', 300_000),
      project('e2e', 120_000),
    ],
  },
});
