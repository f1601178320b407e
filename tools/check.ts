// npm run check [-- step...]: everything but the tests. Runs all the steps, shows what the failed ones say.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Name of the step and the JavaScript file that does it, run by the Node that runs us: the same on every system. */
const STEPS: Record<string, string[]> = {
  format: ['node_modules/oxfmt/bin/oxfmt', '--check', '.'],
  lint: ['node_modules/oxlint/bin/oxlint'],
  types: ['node_modules/typescript/bin/tsc', '--noEmit', '--project', '.'],
  'browser-types': ['node_modules/typescript/bin/tsc', '--noEmit', '--project', 'adapters/web/client'],
  'dead-code': ['node_modules/knip/bin/knip.js'],
  boot: ['tools/run.js', 'tools/boot.ts'],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in STEPS));
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. The steps are ${Object.keys(STEPS).join(', ')}.`);
  process.exit(2);
}

const failed: string[] = [];
for (const [name, args] of Object.entries(STEPS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (status === 0) continue;
  failed.push(name);
  console.log(`${stdout}${stderr}`);
}

if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}.`);
process.exitCode = failed.length > 0 ? 1 : 0;
