/** Kysely over one of our connections: for migrations. Unlike Kysely's own, it knows that SQLite rolls DDL back as well. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { type DatabaseSync, type SQLInputValue } from 'node:sqlite';

class TransactionalSqliteAdapter extends SqliteAdapter {
  /** Without it a migration that fails halfway leaves a file that neither the old nor the new version opens. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

export function sqliteDialect(raw: DatabaseSync): Dialect {
  return {
    createAdapter: () => new TransactionalSqliteAdapter(),
    createDriver: () => driverOn(raw),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function driverOn(raw: DatabaseSync): Driver {
  const say = (words: string) => async () => {
    raw.exec(words);
    await Promise.resolve();
  };
  const nothing = () => Promise.resolve();
  const connection = connectionOn(raw);
  return {
    init: nothing,
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: say('begin immediate'),
    commitTransaction: say('commit'),
    rollbackTransaction: say('rollback'),
    releaseConnection: nothing,
    // Whoever opened the connection closes it.
    destroy: nothing,
  };
}

function connectionOn(raw: DatabaseSync): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery) {
      const statement = raw.prepare(query.sql);
      const names = statement.columns().map((column) => column.name);
      const parameters = query.parameters as SQLInputValue[];
      if (names.length === 0) {
        const { changes } = statement.run(...parameters);
        return Promise.resolve({ rows: [], numAffectedRows: BigInt(changes) });
      }
      const rows = statement.all(...parameters) as unknown as unknown[][];
      return Promise.resolve({
        rows: rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])) as R),
      });
    },
    streamQuery() {
      throw new Error('This connection does not stream.');
    },
  };
}
