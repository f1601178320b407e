// What stands in `commands/` and `invariants/`, by the names of the files: whoever adds one adds a file and nothing else.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from './command.ts';
import type { Invariant } from './invariant.ts';

export type Registry = {
  readonly commands: ReadonlyMap<string, Command>;
  readonly invariants: ReadonlyMap<string, Invariant>;
};

export async function loadRegistry(): Promise<Registry> {
  return {
    commands: await load('commands', (found) => found['command'] as Command | undefined),
    invariants: await load('invariants', (found) => found['invariant'] as Invariant | undefined),
  };
}

async function load<T>(name: string, read: (found: Record<string, unknown>) => T | undefined): Promise<Map<string, T>> {
  const folder = new URL(`../${name}/`, import.meta.url);
  const all = new Map<string, T>();
  for (const file of readdirSync(fileURLToPath(folder)).toSorted()) {
    if (!file.endsWith('.ts')) continue;
    const one = read((await import(new URL(file, folder).href)) as Record<string, unknown>);
    if (one === undefined) throw new Error(`test/simulation/${name}/${file} exports no "${name.slice(0, -1)}".`);
    all.set(file.slice(0, -3), one);
  }
  return all;
}
