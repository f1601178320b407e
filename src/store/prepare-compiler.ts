/** Kysely without a database: it turns a query built once into text with numbered holes, for either engine. */
import {
  CamelCasePlugin,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { castOf, type Column, type Dialect } from './columns.ts';
import type { Database } from './schema.ts';

/** Where a parameter goes. `index` is its place in a list. */
export class Hole {
  readonly name: string;
  readonly column: Column<unknown>;
  readonly index: number | undefined;
  /** The name of the argument that holds it, when it is one of the changes of an update. */
  readonly within: string | undefined;

  /** For the message of a refusal. */
  readonly where: string;

  constructor(name: string, column: Column<unknown>, place: { query: string; index?: number; within?: string }) {
    this.where = `${place.query}: ${name}`;
    this.name = name;
    this.column = column;
    this.index = place.index;
    this.within = place.within;
  }
}

/** Words of our own code go into the text as they are, so that the planner can match them with partial indexes. */
function literal(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'string' && /^[\w.: -]*$/.test(value)) return `'${value}'`;
  throw new TypeError('A query was built with a value in it: make it a parameter.');
}

class SqliteHoles extends SqliteQueryCompiler {
  protected override appendValue(value: unknown): void {
    if (value instanceof Hole) super.appendValue(value);
    else this.append(literal(value));
  }
}

class PostgresHoles extends PostgresQueryCompiler {
  protected override appendValue(value: unknown): void {
    if (!(value instanceof Hole)) {
      this.append(literal(value));
      return;
    }
    super.appendValue(value);
    this.append(`::${castOf(value.column.kind)}`);
  }
}

export const builders: Readonly<Record<Dialect, Kysely<Database>>> = {
  sqlite: new Kysely<Database>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteHoles(),
    },
    plugins: [new CamelCasePlugin()],
  }),
  postgres: new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresHoles(),
    },
    plugins: [new CamelCasePlugin()],
  }),
};
