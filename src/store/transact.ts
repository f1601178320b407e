/** What a unit of work means, on either engine: the key of a command, the life of `tx`, and what may go wrong with both. */
import { hash } from 'node:crypto';
import type { Clock, Json, Log } from '../ports/runtime.ts';
import { type CommandKey, KeyReused, type Reads, type Tx } from '../ports/store.ts';
import { pick } from './columns.ts';
import { prepare, type Run } from './prepare.ts';
import { type RowOf, tables } from './schema.ts';

/** Every attempt of one work, the first included: lost races on PostgreSQL. */
export const WORK_RUNS_MAX = 8;

/** A work or a read waited for something else than the database. What it had written is not there. */
export class WorkWaited extends Error {
  constructor(name: string) {
    super(
      `The work ${name} waited for something that is not the store (a timer, a file, the network, another transact): it was undone. Inside transact and read await nothing but what they were given; do the rest before or after.`,
    );
    this.name = 'WorkWaited';
  }
}

/** `tx` or `reads` was used after its work had ended or was refused. */
export class WorkEnded extends Error {
  constructor(name: string) {
    super(`The work ${name} has ended: what it was given is dead. Await every call inside the work.`);
    this.name = 'WorkEnded';
  }
}

/** The connection was lost while the commit was under way, and there is no key to ask by. Whether it happened is not known. */
export class OutcomeUnknown extends Error {
  constructor(cause: unknown) {
    super('The database connection was lost during a commit: what was written may or may not be there.', { cause });
    this.name = 'OutcomeUnknown';
  }
}

export type Work<R extends Json> = (tx: Tx) => Promise<R>;

/** The aggregates over a `Run`, made for each work. */
export type Aggregates = (run: Run) => Tx;

export type EngineDeps = { readonly aggregates: Aggregates; readonly clock: Clock; readonly log: Log };

/** An engine: what `openStore` dresses as the port `Store`. */
export interface Engine {
  transact<R extends Json>(command: CommandKey | null, work: Work<R>): Promise<R>;
  read<R>(query: (reads: Reads) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

export const nameOf = (command: CommandKey | null): string => (command ? command.key : '(without a key)');

/** Nothing of a refusal is kept, not even its answer: the same button may be pressed again when the cause is gone. */
export const isRefusal = (result: Json): boolean =>
  typeof result === 'object' && result !== null && 'ok' in result && result.ok === false;

/** The same for equal input, whatever the order of its fields. */
function inputHash(input: Json): string {
  return hash('sha256', canonical(input), 'base64url');
}

function canonical(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = Object.keys(value)
    .toSorted()
    .flatMap((name) => {
      const field = value[name];
      return field === undefined ? [] : [`${JSON.stringify(name)}:${canonical(field)}`];
    });
  return `{${fields.join(',')}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** The stored answer of a key. Throws `KeyReused` when it was given for other input. */
export function storedAnswer<R extends Json>(command: CommandKey, row: { inputHash: string; result: string }): R {
  if (row.inputHash !== inputHash(command.input)) throw new KeyReused(command.key);
  return JSON.parse(row.result) as R;
}

/** The row of a command and its answer. */
export const rowOf = ({ key, input }: CommandKey, result: Json, createdAt: number): RowOf<'commands'> => ({
  key,
  inputHash: inputHash(input),
  result: JSON.stringify(result),
  createdAt,
});

export const findCommand = prepare('commands.find', pick(tables.commands, 'key'), (db, p) =>
  db.selectFrom('commands').select(['inputHash', 'result']).where('key', '=', p.key),
);

export const insertCommand = prepare('commands.insert', tables.commands, (db, p) =>
  db
    .insertInto('commands')
    .values(p)
    .onConflict((on) => on.doNothing()),
);

export const answerCommand = prepare('commands.answer', pick(tables.commands, 'key', 'result'), (db, p) =>
  db.updateTable('commands').set({ result: p.result }).where('key', '=', p.key),
);

/** What a work was given, and what became of it. */
export interface Unit {
  readonly run: Run;
  /** The first error of a statement: the work fails by it even if it caught it. */
  readonly failure: { readonly error: unknown } | undefined;
  readonly wrote: boolean;
  end(): void;
}
