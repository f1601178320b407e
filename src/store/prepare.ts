/**
 * Queries, built once and run prepared on either engine. How one is written:
 *
 *   const byId = prepare('orders.byId', pick(tables.orders, 'id'), (db, p) =>
 *     db.selectFrom('orders').selectAll().where('id', '=', p.id));
 *   const insert = prepare('orders.insert', tables.orders, (db, p) =>
 *     db.insertInto('orders').values(p).onConflict((on) => on.doNothing()));
 *   const move = prepare('orders.move',
 *     { ...pick(tables.orders, 'id', 'version', 'state'), to: tables.orders.state, set: changes(pick(tables.orders, 'total', 'paidAt')) },
 *     (db, p) => db.updateTable('orders').set((eb) => ({ ...p.set, state: p.to, version: eb('version', '+', 1) }))
 *       .where('id', '=', p.id).where('version', '=', p.version).where('state', '=', p.state));
 *   const ofShop = prepare('orders.ofShop', { shopId: text, states: list(tables.orders.state), limit: int }, (db, p) =>
 *     db.selectFrom('orders').selectAll().where('shopId', '=', p.shopId).where('state', 'in', p.states).orderBy('id', 'desc').limit(p.limit));
 *
 *   const row = await run.first(byId, { id });                  // a row in camelCase, json parsed, flags boolean; or undefined
 *   const rows = await run.all(ofShop, { shopId, states, limit: 50 });
 *   const made = (await run.change(insert, order)) === 1;       // how many rows an insert, update or delete changed
 *   const moved = (await run.change(move, { id, version, state, to, set: { paidAt: now } })) === 1;
 *
 * Parameters are declared by columns (`tables.orders.id`, `text`, `int`, `orNull(text)`, ...), which check and encode them: records go
 * in and come out as they are. `list(column)`: any number of values for `in` (an empty list matches nothing). `changes(columns)`: the
 * columns that an update sets, some or all; the text is built once for each set of names (an update that might set nothing needs
 * another column in its `set`). Words and integers written in the builder stand in the text. `sql` works too, tables and columns in
 * it by their snake_case names, holes as `${p.id}`. A result column is read by its name's kind in schema.ts; every other name gives
 * text and integers as they are. A write with `returning` is run by `first` or `all`.
 * The third argument of the builder is the dialect, for the rare difference between the engines.
 */
import { type Compilable, type Expression, isCompilable, type Kysely, type RawBuilder, sql } from 'kysely';
import {
  type Column,
  type ColumnKind,
  type Columns,
  decode,
  type Dialect,
  encode,
  safeInteger,
  type Parameter,
  type TypeOf,
} from './columns.ts';
import { builders, Hole } from './prepare-compiler.ts';
import { type Database, tables } from './schema.ts';

/** Longer lists are refused: page through them. */
const LIST_MAX = 1024;

export interface List<T> {
  readonly list: Column<T>;
}
export interface Changes<C extends Columns> {
  readonly changes: C;
}
export const list = <T>(of: Column<T>): List<T> => ({ list: of });
export const changes = <C extends Columns>(columns: C): Changes<C> => ({ changes: columns });

type Parameters = Readonly<Record<string, Column<unknown> | List<unknown> | Changes<Columns>>>;

/** What the caller gives. Generated columns may be left out of a whole row. */
export type Arguments<P> = {
  readonly [K in keyof P as P[K] extends { readonly generated: true } ? never : K]: P[K] extends List<infer T>
    ? readonly T[]
    : P[K] extends Changes<infer C>
      ? { readonly [N in keyof C]?: TypeOf<C[N]> | undefined }
      : TypeOf<P[K]>;
};

/** What the builder gets: an expression for each parameter. */
export type Holes<P> = {
  readonly [K in keyof P as P[K] extends { readonly generated: true } ? never : K]: P[K] extends List<infer T>
    ? readonly Expression<T>[]
    : P[K] extends Changes<infer C>
      ? { readonly [N in keyof C]?: Expression<TypeOf<C[N]>> }
      : Expression<TypeOf<P[K]>>;
};

/** A query as a driver runs it. `name` is unique by text, for PostgreSQL's named statements. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** It may change something. */
  readonly writes: boolean;
  readonly holes: readonly Hole[];
}

export interface Query<P, O> {
  readonly name: string;
  statement(dialect: Dialect, given: Arguments<P>): Statement;
  readonly row?: O;
}

/** Runs queries in one unit of work or one read. After that has ended, every call throws. */
export interface Run {
  all<P, O>(query: Query<P, O>, given: Arguments<P>): Promise<O[]>;
  first<P, O>(query: Query<P, O>, given: Arguments<P>): Promise<O | undefined>;
  change<P, O>(query: Query<P, O>, given: Arguments<P>): Promise<number>;
}

/** One of them all: what it is given was checked where its own type is known. */
type AnyQuery = Query<Readonly<Record<string, Column<unknown>>>, unknown>;

type Build<P, O> = (db: Kysely<Database>, p: Holes<P>, dialect: Dialect) => Compilable<O> | RawBuilder<O>;

const known = new Map<string, AnyQuery>();

export function prepare<const P extends Parameters, O>(name: string, parameters: P, build: Build<P, O>): Query<P, O> {
  if (known.has(name)) throw new Error(`Two queries are called ${name}: give one of them another name.`);
  const statements: Record<Dialect, Map<string, Statement>> = { sqlite: new Map(), postgres: new Map() };
  const variable = Object.entries(parameters)
    .filter(([, of]) => 'list' in of || 'changes' in of)
    .map(([key, of]): Variable => ({ key, names: 'changes' in of ? Object.keys(of.changes) : undefined }));
  const query: Query<P, O> = {
    name,
    statement(dialect, given) {
      const shape = variable.length === 0 ? '' : shapeOf(name, variable, given);
      const made = statements[dialect].get(shape);
      if (made) return made;
      const statement = compile({ name, shape, parameters, build, dialect, given });
      statements[dialect].set(shape, statement);
      return statement;
    },
  };
  known.set(name, query);
  return query;
}

/** For a run whose caller is another thread: a query's name and what it is given cross, its text does not. */
export function queryNamed(name: string): AnyQuery {
  const query = known.get(name);
  if (!query) throw new Error(`There is no query ${name} in this thread.`);
  return query;
}

/** Lists are filled up to a power of two, so that a query has few texts. */
function sizeOf(name: string, values: unknown, key: string): number {
  if (!Array.isArray(values)) throw new TypeError(`${name}: ${key} was given ${typeof values}: give it a list.`);
  if (values.length > LIST_MAX)
    throw new RangeError(`${name}: ${key} was given ${values.length} values: ${LIST_MAX} is the most.`);
  return values.length <= 1 ? 1 : 2 ** Math.ceil(Math.log2(values.length));
}

const present = (columns: Columns, given: unknown): string[] =>
  Object.keys(columns).filter((name) => (given as Readonly<Record<string, unknown>>)[name] !== undefined);

type Variable = { readonly key: string; readonly names: readonly string[] | undefined };

/** Asked before every run of such a query, so without lists of its own. */
function shapeOf(name: string, variable: readonly Variable[], given: object): string {
  const values = given as Readonly<Record<string, unknown>>;
  let shape = '';
  for (const { key, names } of variable) {
    if (shape !== '') shape += '/';
    if (!names) shape += String(sizeOf(name, values[key], key));
    else
      for (const one of names)
        if ((values[key] as Readonly<Record<string, unknown>>)[one] !== undefined) shape += `+${one}`;
  }
  return shape;
}

function holesOf(
  name: string,
  parameters: Parameters,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const hole = (made: Hole) => sql`${made}`;
  const holes: Record<string, unknown> = {};
  for (const [key, of] of Object.entries(parameters)) {
    if ('list' in of) {
      const size = sizeOf(name, given[key], key);
      holes[key] = Array.from({ length: size }, (_, index) => hole(new Hole(key, of.list, { query: name, index })));
    } else if ('changes' in of) {
      const set = present(of.changes, given[key]).map((column) => {
        const kind = of.changes[column];
        if (!kind) throw new TypeError(`${name} has no column ${column} to change.`);
        return [column, hole(new Hole(column, kind, { query: name, within: key }))] as const;
      });
      holes[key] = Object.fromEntries(set);
    } else if (!of.generated) holes[key] = hole(new Hole(key, of, { query: name }));
  }
  return holes;
}

type Recipe<P, O> = {
  name: string;
  shape: string;
  parameters: Parameters;
  build: Build<P, O>;
  dialect: Dialect;
  given: Arguments<P>;
};

function compile<P, O>({ name, shape, parameters, build, dialect, given }: Recipe<P, O>): Statement {
  const db = builders[dialect];
  const built = build(db, holesOf(name, parameters, given) as Holes<P>, dialect);
  const compiled = isRaw(built) ? built.compile(db) : built.compile();
  const holes = compiled.parameters.map((hole) => {
    if (!(hole instanceof Hole)) throw new TypeError(`${name} was built with a value in it: make it a parameter.`);
    return hole;
  });
  const reads = compiled.query.kind === 'SelectQueryNode' || /^\s*select\b/i.test(compiled.sql);
  return {
    name: shape === '' ? name : `${name}/${shape}`,
    text: compiled.sql,
    writes: !reads,
    holes,
  };
}

const isRaw = <O>(built: Compilable<O> | RawBuilder<O>): built is RawBuilder<O> =>
  !isCompilable(built) || 'isRawBuilder' in built;

/** The values of a statement's holes, checked and encoded, in order. */
export function bind(statement: Statement, given: object): Parameter[] {
  const values = given as Readonly<Record<string, unknown>>;
  const bound: Parameter[] = [];
  for (const hole of statement.holes) bound.push(valueFor(hole, values));
  return bound;
}

function valueFor(hole: Hole, values: Readonly<Record<string, unknown>>): Parameter {
  const from = hole.within === undefined ? values : (values[hole.within] as Readonly<Record<string, unknown>>);
  const value = from[hole.name];
  if (hole.index === undefined) return encode(hole.column, value, hole.where);
  const items = value as readonly unknown[];
  // An empty list is one null, which equals nothing; the room after the last value repeats it.
  if (items.length === 0) return null;
  return encode(hole.column, items[Math.min(hole.index, items.length - 1)], hole.where);
}

export type RowReader = (values: readonly unknown[]) => Record<string, unknown>;

/** How a column is read, by its name. A name that means two things would be read wrongly somewhere: refused at start. */
const readings = new Map<string, 'json' | 'flag' | undefined>();
const readingOf = (kind: ColumnKind) => (kind === 'json' || kind === 'flag' ? kind : undefined);
for (const [table, columns] of Object.entries<Columns>(tables)) {
  for (const [name, { kind }] of Object.entries(columns)) {
    const reading = readingOf(kind);
    if (readings.has(name) && readings.get(name) !== reading) {
      throw new Error(`${table}.${name} is ${kind}, and something else in another table: rename it.`);
    }
    readings.set(name, reading);
  }
}

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** How rows with these columns are read; they arrive as arrays, which is quicker than taking the drivers' objects apart. */
export function readerOf(columns: readonly string[]): RowReader {
  const names = columns.map(camel);
  const readers = names.map((name) => readings.get(name));
  return (values) => {
    const row: Record<string, unknown> = {};
    for (let at = 0; at < names.length; at++) {
      const kind = readers[at];
      const value = values[at];
      // SQLite makes a rounded float of a sum that is too large for an integer.
      if (typeof value === 'number' && !Number.isSafeInteger(value)) safeInteger(String(value));
      row[names[at] ?? ''] = kind === undefined ? value : decode(kind, value);
    }
    return row;
  };
}
