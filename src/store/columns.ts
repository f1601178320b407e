/**
 * The four kinds of columns (text, int, json, bytes), and what a value becomes on its way into a row and out of it. A flag is an
 * int that is 0 or 1. There is no boolean, timestamp, json or uuid type: what differs between the engines stays out of the tables.
 */

export type Dialect = 'sqlite' | 'postgres';
export type ColumnKind = 'text' | 'int' | 'flag' | 'json' | 'bytes';

/** What a driver is given. Anything else was refused before. */
export type Parameter = string | number | Uint8Array | null;

export interface Column<T> {
  readonly kind: ColumnKind;
  readonly nullable: boolean;
  /** The database fills it in when an insert leaves it out. */
  readonly generated: boolean;
  /** Only for the type checker. */
  readonly type?: T;
}

export type Columns = Readonly<Record<string, Column<unknown>>>;
export type TypeOf<C> = C extends Column<infer T> ? T : never;

const column = <T>(kind: ColumnKind): Column<T> => ({ kind, nullable: false, generated: false });

export const text = column<string>('text');
/** Text that is one word of a closed list. */
export const word = <T extends string>(): Column<T> => column<T>('text');
/** Money in minor units, counts, instants in milliseconds: safe integers. */
export const int = column<number>('int');
export const flag = column<boolean>('flag');
export const json = <T>(): Column<T> => column<T>('json');
export const bytes = column<Uint8Array>('bytes');
export const orNull = <T>(of: Column<T>): Column<T | null> => ({
  kind: of.kind,
  nullable: true,
  generated: of.generated,
});
/** An integer that the database counts up: the order of insertion. */
export const sequence: Column<number> & { readonly generated: true } = {
  kind: 'int',
  nullable: false,
  generated: true,
};

/** Some columns of a table, for the parameters of a query. */
export function pick<C extends Columns, K extends keyof C & string>(columns: C, ...names: readonly K[]): Pick<C, K> {
  return Object.fromEntries(names.map((name) => [name, columns[name]])) as Pick<C, K>;
}

/** The one check that every parameter passes. TypeError names the query and the parameter, never the value. */
export function encode(of: Column<unknown>, value: unknown, where: string): Parameter {
  if (value === null && of.nullable) return null;
  switch (of.kind) {
    case 'text':
      if (typeof value === 'string') return value;
      break;
    case 'int':
      // Adding 0 turns -0, which is no integer to a database, into 0.
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value + 0;
      break;
    case 'flag':
      if (typeof value === 'boolean') return value ? 1 : 0;
      break;
    case 'json':
      if (value !== undefined) return JSON.stringify(value);
      break;
    case 'bytes':
      if (value instanceof Uint8Array) return value;
      break;
    default:
      return never(of.kind);
  }
  const got = value === null ? 'null' : typeof value;
  throw new TypeError(`${where} was given ${got}: give it ${of.kind}${of.nullable ? ' or null' : ''}.`);
}

/** An integer of the database as a number; RangeError beyond 2^53, where numbers lose their last digit. */
export function safeInteger(digits: string | bigint): number {
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) throw new RangeError(`The database gave ${digits}, which is no safe integer.`);
  return value;
}

/** A value as a driver gave it, as what the record has. */
export function decode(kind: ColumnKind, value: unknown): unknown {
  if (value === null) return null;
  if (kind === 'json') return JSON.parse(value as string) as unknown;
  if (kind === 'flag') return value === 1;
  return value;
}

const TYPES: Readonly<Record<Dialect, Readonly<Record<ColumnKind, string>>>> = {
  sqlite: { text: 'text', int: 'integer', flag: 'integer', json: 'text', bytes: 'blob' },
  // Text compares by bytes on both engines, whatever the server's locale.
  postgres: { text: 'text collate "C"', int: 'bigint', flag: 'bigint', json: 'text', bytes: 'bytea' },
};

export const columnType = (dialect: Dialect, kind: ColumnKind): string => TYPES[dialect][kind];

/** PostgreSQL infers a parameter's type from its surroundings, or fails; said aloud it never has to. */
export const castOf = (kind: ColumnKind): string => TYPES.postgres[kind].replace(' collate "C"', '');

function never(value: never): never {
  throw new TypeError(`${String(value)} is no kind of column.`);
}
