// npm run simulate -- [--seed N] [--histories M]: markets that nobody thought of, each from a seed of its own (N, N + 1, ...), lived
// through by the real core on a real database. How to read, repeat and extend it: docs/simulation.md.
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeCast } from './engine/cast.ts';
import { openFolder } from './engine/database.ts';
import { loadRegistry } from './engine/registry.ts';
import { runSeed } from './engine/run.ts';
import { addTally, noTally, type Tally, tallyOf } from './engine/tally.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    histories: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    path: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    'no-shrink': { type: 'boolean', default: false },
  },
});
const wholeNumber = (name: 'seed' | 'histories' | 'workers'): number => {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`--${name} ${values[name]}: use a whole number from 1.`);
  return number;
};
const [seed, histories] = [wholeNumber('seed'), wholeNumber('histories')];
const workers = Math.min(wholeNumber('workers'), histories);

/** The seeds one after another, up to the first that is broken. */
async function alone(): Promise<Tally> {
  const folder = openFolder();
  try {
    const ground = { folder: folder.path, cast: await makeCast(folder.path), registry: await loadRegistry() };
    const heard = values.verbose ? { heard: (line: string) => console.log(line) } : {};
    let tally = noTally;
    for (let one = seed; one < seed + histories && tally.broken === null; one += 1) {
      const verdict = await runSeed(ground, one, { path: values.path, shrink: !values['no-shrink'], ...heard });
      tally = addTally(tally, tallyOf(verdict));
    }
    return tally;
  } finally {
    folder.remove();
  }
}

/** A process each, with its share of the seeds; when one has found something the others are ended. */
async function sideBySide(): Promise<Tally> {
  const share = Math.ceil(histories / workers);
  const children = Array.from({ length: workers }, (_, at) => {
    const count = Math.min(share, histories - at * share);
    const args = ['--workers', '1', '--seed', String(seed + at * share), '--histories', String(count)];
    return fork(fileURLToPath(import.meta.url), [...args, ...(values['no-shrink'] ? ['--no-shrink'] : [])]);
  });
  const tallies = children.map(
    (child) =>
      new Promise<Tally>((resolve, reject) => {
        let tally: Tally | undefined;
        child.on('message', (message) => {
          tally = message as Tally;
          if (tally.broken === null) return;
          for (const other of children) if (other !== child) other.kill();
        });
        child.on('exit', (code, signal) => {
          if (tally) resolve(tally);
          else if (signal === 'SIGTERM') resolve(noTally);
          else reject(new Error(`a worker ended with ${code ?? signal}`));
        });
      }),
  );
  return (await Promise.all(tallies)).reduce(addTally);
}

const startedAt = performance.now();
const tally = await (workers === 1 ? alone() : sideBySide());
if (process.send) process.send(tally);
else {
  const seconds = (performance.now() - startedAt) / 1000;
  const { histories: lived, happenings, hash, broken } = tally;
  if (broken !== null) console.log(broken);
  console.log(
    `${lived} histories from seed ${seed}, ${happenings} happenings, ${seconds.toFixed(1)} s (${(lived / seconds).toFixed(0)} a second), ${broken === null ? `hash ${hash}` : 'BROKEN'}`,
  );
  process.exitCode = broken === null ? 0 : 1;
}
