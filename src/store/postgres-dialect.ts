/** Kysely over our pool: for migrations. Unlike Kysely's own, it looks at one schema only. */
import { type DatabaseIntrospector, type Kysely, PostgresDialect, sql, type TableMetadata } from 'kysely';
import type { Pool } from 'pg';

/** Kysely's own introspection reads every schema of the server's database, and fails when one of them is being dropped. */
class OneSchemaDialect extends PostgresDialect {
  readonly #schema: string | undefined;

  constructor(pool: Pool, schema: string | undefined) {
    super({ pool });
    this.#schema = schema;
  }

  override createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return {
      async getSchemas() {
        const { rows } = await sql<{ name: string }>`select nspname as name from pg_catalog.pg_namespace`.execute(db);
        return rows;
      },
      getTables: () => tablesOf(db, this.#schema),
    };
  }
}

export const postgresDialect = (pool: Pool, schema?: string): PostgresDialect => new OneSchemaDialect(pool, schema);

async function tablesOf(db: Kysely<unknown>, schema: string | undefined): Promise<TableMetadata[]> {
  const { rows } = await sql<{ name: string; schema: string }>`
    select tablename as name, schemaname as schema from pg_catalog.pg_tables
    where schemaname = coalesce(${schema ?? null}::text, current_schema())`.execute(db);
  return rows.map((row) => ({ ...row, columns: [], isView: false, isForeign: false }));
}
