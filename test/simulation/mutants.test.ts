// Who tests the simulator: bugs that somebody could have written, each planted into a copy of the market, each to be found.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = fileURLToPath(new URL('mutants', import.meta.url));
const mutants = readdirSync(folder).toSorted();

/** Within so many histories each is found; most of them within a few. */
const HISTORIES_MAX = 400;
const AT_A_TIME = 2;
const PATIENCE_MS = 1_800_000;

/** The market's own files, with the bug in them, and the simulator beside them. */
function plant(patch: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'pasar-mutant-'));
  for (const part of ['src', 'locales', 'tools', 'test/simulation', 'package.json'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const applied = spawnSync('git', ['apply', join(folder, patch)], { cwd: copy, encoding: 'utf8' });
  if (applied.status !== 0) {
    rmSync(copy, { recursive: true, force: true });
    throw new Error(`${patch} does not apply any more: plant the bug anew where the code has gone.\n${applied.stderr}`);
  }
  return copy;
}

/** What the simulator says of the copy. */
async function simulate(copy: string): Promise<{ status: number | null; said: string }> {
  const args = ['tools/run.js', 'test/simulation/simulate.ts', '--workers', '1', '--no-shrink', '--histories'];
  const child = spawn(process.execPath, [...args, String(HISTORIES_MAX)], { cwd: copy });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += String(part)));
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.on('close', resolve);
  return { status: await promise, said };
}

test(
  `each of ${mutants.length} planted bugs is found within ${HISTORIES_MAX} histories`,
  async () => {
    expect(mutants.length).toBeGreaterThanOrEqual(10);
    const left = [...mutants];
    const overlooked: string[] = [];
    const found: string[] = [];
    const work = async () => {
      for (let patch = left.shift(); patch !== undefined; patch = left.shift()) {
        const copy = plant(patch);
        try {
          const { status, said } = await simulate(copy);
          const [, invariant] = /^BROKEN {2}([\w-]+):/m.exec(said) ?? [];
          if (status === 1 && invariant !== undefined)
            found.push(`${patch}: ${invariant}, ${said.match(/^\d+ histories/m)?.[0]}`);
          else overlooked.push(`${patch}: ${said.slice(-500)}`);
        } finally {
          rmSync(copy, { recursive: true, force: true });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    console.log(found.toSorted().join('\n'));
    expect(overlooked).toEqual([]);
  },
  PATIENCE_MS,
);

test('every planted bug says in its name what it breaks', () => {
  for (const patch of mutants) {
    expect(patch).toMatch(/^\d\d-[a-z-]+\.patch$/);
    expect(readFileSync(join(folder, patch), 'utf8')).toMatch(/^\+\+\+ b\/src\//m);
  }
});
