/** Brings a database to the newest schema: all missing migrations or none. */
import { readdirSync } from 'node:fs';
import type { Kysely } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import type { AnyDatabase } from './migrate-ddl.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

export type Migrations = Readonly<Record<string, Migration>>;

/** The migrations of this version, by name. Throws when a file of the folder is none, or a number is missing. */
export async function loadMigrations(): Promise<Migrations> {
  const names = migrationNames(readdirSync(FOLDER));
  const loaded = names.map(async (name) => {
    const migration = (await import(new URL(`${name}.ts`, FOLDER).href)) as Migration;
    return [name, migration] as const;
  });
  return Object.fromEntries(await Promise.all(loaded));
}

/** Names in order, from the files of the folder. */
export function migrationNames(files: readonly string[]): string[] {
  return files.toSorted().map((file, index) => {
    const [, name, number] = /^((\d{4})-[a-z0-9-]+)\.ts$/.exec(file) ?? [];
    if (name === undefined || Number(number) !== index + 1) {
      throw new Error(
        `${file} is not migration ${index + 1}: name migrations 0001-words.ts, 0002-words.ts, without a gap.`,
      );
    }
    return name;
  });
}

/** The database knows migrations that this version does not. */
export class SchemaTooNew extends Error {
  constructor(unknown: string) {
    super(
      `The database was made by a newer Pasar (it has migration ${unknown}): start that version, or restore a backup from before.`,
    );
    this.name = 'SchemaTooNew';
  }
}

export type SchemaState = { readonly applied: readonly string[]; readonly pending: readonly string[] };

/** What has been applied and what is missing. Throws `SchemaTooNew`. */
export async function schemaState(db: AnyDatabase, migrations: Migrations, schema?: string): Promise<SchemaState> {
  const applied = await appliedIn(db, schema);
  const newer = applied.find((name) => !(name in migrations));
  if (newer !== undefined) throw new SchemaTooNew(newer);
  return { applied, pending: Object.keys(migrations).filter((name) => !applied.includes(name)) };
}

async function appliedIn(db: AnyDatabase, schema: string | undefined): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const here = tables.some(
    (table) => table.name === 'kysely_migration' && (schema === undefined || table.schema === schema),
  );
  if (!here) return [];
  const known = db as Kysely<{ kysely_migration: { name: string } }>;
  const from = schema === undefined ? known : known.withSchema(schema);
  const rows = await from.selectFrom('kysely_migration').select('name').orderBy('name').execute();
  return rows.map((row) => row.name);
}

/** Applies what is missing, in one transaction. Throws the error of the migration that failed; nothing of it is there then. */
export async function migrate(db: AnyDatabase, migrations: Migrations, schema?: string): Promise<void> {
  const provider: MigrationProvider = { getMigrations: () => Promise.resolve({ ...migrations }) };
  const migrator = new Migrator({ db, provider, ...(schema === undefined ? {} : { migrationTableSchema: schema }) });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  throw new Error(
    `The database could not be brought up to date${failed === undefined ? '' : ` (${failed})`}; it is as it was before.`,
    {
      cause: error,
    },
  );
}
