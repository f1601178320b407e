// The market's own database: the engine, the two connections and the migrations of production, on a file that is thrown away. Only
// `synchronous` is off: no process of a simulation dies for real, so nothing has to survive one.
import { copyFileSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Parameter } from '../../../src/store/columns.ts';
import type { Clock, Log, Vault } from '../../../src/ports/runtime.ts';
import type { Store } from '../../../src/ports/store.ts';
import { StoreTx } from '../../../src/store/aggregates.ts';
import type { Statement } from '../../../src/store/prepare.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { sqliteEngine } from '../../../src/store/transact-sqlite.ts';

const ROOM_BYTES = 256 * 1024 * 1024;

/** In memory where the system has room for it. */
export function openFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(quickFolder(), 'pasar-simulation-'));
  const remove = () => rmSync(path, { recursive: true, force: true });
  return { path, remove };
}

function quickFolder(): string {
  const shared = '/dev/shm';
  if (!existsSync(shared)) return tmpdir();
  const { bavail, bsize } = statfsSync(shared);
  return bavail * bsize > ROOM_BYTES ? shared : tmpdir();
}

/** The file is new: a copy of the template. */
export function layDown(template: string, file: string): void {
  for (const left of [`${file}-wal`, `${file}-shm`]) rmSync(left, { force: true });
  copyFileSync(template, file);
}

type Deps = {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
  readonly afterTurn: (fn: () => void) => void;
};

/** Of text and integers; who asks for a column of JSON gets it parsed, and says so. */
export type Row = Readonly<Record<string, string | number | null>>;

export function openDatabase(file: string, { vault, clock, log, afterTurn }: Deps) {
  const writer = openSqlite(file, { readOnly: false });
  writer.raw.exec('pragma synchronous = off');
  const reader = openSqlite(file, { readOnly: true });
  const close = () => {
    reader.close();
    // Last: it takes what stands in the log into the file.
    writer.close();
  };
  const engine = sqliteEngine({
    ...{ writer, reader, clock, log, afterTurn, close },
    aggregates: (run) => new StoreTx(run, vault),
  });
  const store: Store = { ...engine, probe: () => Promise.resolve(true) };
  return {
    store,
    /** What stands in the tables, past the market's own queries. Columns in camelCase. */
    rows: (text: string, values: readonly Parameter[] = []): Row[] => reader.rows(statementOf(text), values) as Row[],
    /** Changes with every commit. */
    version: (): unknown => reader.rows(VERSION, [])[0]?.['dataVersion'],
    /** As when the process dies: what was not committed is gone. */
    crash: close,
    close: () => store.close(),
  };
}

const statements = new Map<string, Statement>();

function statementOf(text: string): Statement {
  const known = statements.get(text);
  if (known) return known;
  const made: Statement = { name: text, text, writes: false, holes: [] };
  statements.set(text, made);
  return made;
}

const VERSION = statementOf('pragma data_version');
