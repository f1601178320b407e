// Fresh databases for tests, on both engines: a file in a temporary folder, or a schema of its own on the test server.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import { describe, onTestFinished } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { openStore, type StoreOptions } from '../../src/store/open.ts';
import { addressOf, describeWith } from './env.ts';
import { storeOptions } from './store-options.ts';

export type EngineKind = 'sqlite' | 'postgres';

export type TestDatabase = {
  readonly kind: EngineKind;
  readonly url: string;
  /** The schema of this database on the server; undefined on SQLite. */
  readonly schema: string | undefined;
  /** Opens a store on it; closed when the test ends, unless it was closed before. */
  open(changes?: Partial<StoreOptions>): Promise<Store>;
  /** One statement on a connection that the store knows nothing of. Rows as the driver gives them. */
  query(text: string): Promise<Record<string, unknown>[]>;
};

/** Gone when the test ends. */
export function freshDatabase(kind: EngineKind): TestDatabase {
  return kind === 'sqlite' ? sqliteDatabase(temporaryFolder()) : postgresDatabase();
}

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

async function opened(options: StoreOptions): Promise<Store> {
  const store = await openStore(options);
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= store.close());
  onTestFinished(close);
  return { ...store, close };
}

function sqliteDatabase(folder: string): TestDatabase {
  const file = join(folder, 'pasar.db');
  const url = `sqlite:${file}`;
  return {
    kind: 'sqlite',
    url,
    schema: undefined,
    open: (changes) => opened(storeOptions(url, changes)),
    async query(text) {
      const database = new DatabaseSync(file, { timeout: 5_000 });
      try {
        database.exec('pragma recursive_triggers = on');
        return database.prepare(text).all();
      } finally {
        database.close();
      }
    },
  };
}

function postgresDatabase(): TestDatabase {
  const url = addressOf('postgres');
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const query = async (text: string) => {
    const client = new Client({ connectionString: url, options: `-c search_path=${schema}` });
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(text);
      return rows;
    } finally {
      await client.end();
    }
  };
  onTestFinished(async () => {
    await query(`drop schema if exists ${schema} cascade`);
  });
  return { kind: 'postgres', url, schema, query, open: (changes) => opened(storeOptions(url, { schema, ...changes })) };
}

/** The same suite on SQLite, and on PostgreSQL where the run has one. */
export function onEachEngine(name: string, body: (kind: EngineKind) => void): void {
  describe(`${name} [SQLite]`, () => {
    body('sqlite');
  });
  describeWith('postgres', name, () => {
    body('postgres');
  });
}
