/**
 * Units of work on PostgreSQL: a transaction each, READ COMMITTED. A lost race or a lost connection runs the whole work again; the
 * command's row, inserted first, makes callers of one key wait for each other and tells a repetition that it is one.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { Json } from '../ports/runtime.ts';
import type { CommandKey, Reads } from '../ports/store.ts';
import { isLostConnection, isLostRace, type Pools, type Statements, statementsOf, type Target } from './postgres.ts';
import type { Parameter } from './columns.ts';
import { type Arguments, bind, type Query, type Statement } from './prepare.ts';
import { stallTimer } from './stall-timer.ts';
import {
  answerCommand,
  type Engine,
  type EngineDeps,
  findCommand,
  insertCommand,
  isRefusal,
  nameOf,
  OutcomeUnknown,
  rowOf,
  storedAnswer,
  type Unit,
  type Work,
  WORK_RUNS_MAX,
  WorkEnded,
  WorkWaited,
} from './transact.ts';

const FIRST_PAUSE_MS = 5;

type Deps = EngineDeps & { readonly pools: Pools };

export function postgresEngine(deps: Deps): Engine {
  const { pools, aggregates } = deps;
  const statements = statementsOf();
  const underWay = new Set<Promise<unknown>>();
  let closed = false;
  const tracked = <R>(name: string, once: () => Promise<R>): Promise<R> => {
    if (closed) return Promise.reject(new Error('The store is closed.'));
    const one = again(deps, name, once).finally(() => underWay.delete(one));
    underWay.add(one);
    return one;
  };
  return {
    transact: <R extends Json>(command: CommandKey | null, work: Work<R>) =>
      tracked(nameOf(command), () => runOnce(deps, statements, command, work)),
    read: <R>(query: (reads: Reads) => Promise<R>) =>
      tracked('read', async () => {
        const unit = unitOn(pools.reading, statements, { name: 'read', readOnly: true });
        try {
          return await query(aggregates(unit.run));
        } finally {
          unit.end();
        }
      }),
    async close() {
      closed = true;
      await Promise.allSettled(underWay);
      await pools.end();
    },
  };
}

/** Runs it until it is neither a lost race nor a lost connection, a bounded number of times. */
async function again<R>({ log }: Deps, name: string, once: () => Promise<R>): Promise<R> {
  for (let run = 1; ; run++) {
    try {
      return await once();
    } catch (error) {
      const passing = isLostRace(error) || isLostConnection(error);
      if (!passing || run === WORK_RUNS_MAX) throw error;
      log.info({ work: name, run, error }, 'A work is run again');
      await delay(FIRST_PAUSE_MS * 2 ** (run - 1));
    }
  }
}

async function runOnce<R extends Json>(
  deps: Deps,
  statements: Statements,
  command: CommandKey | null,
  work: Work<R>,
): Promise<R> {
  const client = await deps.pools.writing.connect();
  // The query that meets the loss rejects; without a listener the event itself would end the process.
  const ignore = () => undefined;
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    return await inTransaction(deps, { client, statements }, command, work);
  } catch (error) {
    if (isLostConnection(error) || error instanceof OutcomeUnknown) broken = error as Error;
    else await client.query('rollback').catch((lost: Error) => (broken = lost));
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

type On = { readonly client: PoolClient; readonly statements: Statements };

async function inTransaction<R extends Json>(
  { aggregates, clock }: Deps,
  { client, statements }: On,
  command: CommandKey | null,
  work: Work<R>,
): Promise<R> {
  const own = unitOn(client, statements, { name: nameOf(command) });
  const unit = unitOn(client, statements, { name: nameOf(command) });
  await client.query('begin isolation level read committed');
  if (command) {
    const made = await own.run.change(insertCommand, rowOf(command, null, clock.now()));
    if (made === 0) {
      const stored = await own.run.first(findCommand, { key: command.key });
      await client.query('rollback');
      if (!stored) throw new Error(`The command ${command.key} vanished: send it again.`);
      return storedAnswer(command, stored);
    }
  }
  const result = await unit.watched(work(aggregates(unit.run))).finally(() => {
    unit.end();
  });
  if (unit.failure) throw unit.failure.error;
  if (isRefusal(result)) {
    await client.query('rollback');
    return result;
  }
  if (command) await own.run.change(answerCommand, { key: command.key, result: JSON.stringify(result) });
  await commit(client, command);
  return result;
}

async function commit(client: PoolClient, command: CommandKey | null): Promise<void> {
  try {
    const { command: tag } = await client.query('commit');
    // After a swallowed error PostgreSQL answers COMMIT with ROLLBACK, and no error.
    if (tag !== 'COMMIT') throw new Error(`The work ${nameOf(command)} was rolled back: an error in it was swallowed.`);
  } catch (error) {
    // With a key, the next run asks by it whether this one was committed.
    if (isLostConnection(error) && command === null) throw new OutcomeUnknown(error);
    throw error;
  }
}

type PgUnit = Unit & {
  /** The work's promise; rejects when it waits while no statement of it is under way. */
  watched<R>(work: Promise<R>): Promise<R>;
};

function unitOn(
  on: Target,
  statements: Statements,
  { name, readOnly = false }: { name: string; readOnly?: boolean },
): PgUnit {
  let ended = false;
  let failure: Unit['failure'];
  let wrote = false;
  let underWay = 0;
  const stall = stallTimer(() => underWay === 0 && !ended);
  const guarded = async <P, O, T>(
    query: Query<P, O>,
    given: Arguments<P>,
    go: (statement: Statement, parameters: readonly Parameter[]) => Promise<T>,
  ): Promise<T> => {
    if (ended) throw new WorkEnded(name);
    underWay++;
    try {
      const statement = query.statement('postgres', given);
      if (readOnly && statement.writes) throw new Error(`${statement.name} writes: use it inside transact.`);
      wrote ||= statement.writes;
      return await go(statement, bind(statement, given));
    } catch (error) {
      failure ??= { error };
      throw error;
    } finally {
      if (--underWay === 0) stall.arm();
    }
  };
  return {
    run: {
      all: <P, O>(query: Query<P, O>, given: Arguments<P>) =>
        guarded(query, given, (statement, values) => statements.rows(on, statement, values) as Promise<O[]>),
      first: <P, O>(query: Query<P, O>, given: Arguments<P>) =>
        guarded(
          query,
          given,
          async (statement, values) => (await statements.rows(on, statement, values))[0] as O | undefined,
        ),
      change: (query, given) => guarded(query, given, (statement, values) => statements.change(on, statement, values)),
    },
    watched: (work) =>
      new Promise((resolve, reject) => {
        stall.watch(() => {
          reject(new WorkWaited(name));
        });
        work.then(resolve, reject);
      }),
    get failure() {
      return failure;
    },
    get wrote() {
      return wrote;
    },
    end() {
      ended = true;
      stall.stop();
    },
  };
}
