/**
 * What waits together is committed together: one BEGIN IMMEDIATE, the works one after another, one COMMIT with its one fsync. A batch
 * first runs without savepoints; when a work must be undone the whole batch is, and runs again with a savepoint around each, so that
 * a failing work fails only itself.
 */
import type { Json } from '../ports/runtime.ts';
import type { CommandKey } from '../ports/store.ts';
import type { SqliteConnection } from './sqlite.ts';
import { stallWatch, unitOn, type Watch } from './sqlite-unit.ts';
import {
  type EngineDeps,
  findCommand,
  insertCommand,
  isRefusal,
  nameOf,
  rowOf,
  storedAnswer,
  type Work,
  WorkWaited,
} from './transact.ts';

export type Job = { readonly command: CommandKey | null; readonly work: Work<Json> };

type Outcome = { readonly ok: true; readonly result: Json } | { readonly ok: false; readonly error: unknown };

/** `undo`: it wrote something that must not stay. `spent`: the outcome stands, it may not run a second time. */
type Ran = { readonly outcome: Outcome; readonly undo: boolean; readonly spent: boolean };

type Deps = Pick<EngineDeps, 'aggregates' | 'clock' | 'log'> & {
  readonly writer: SqliteConnection;
  readonly beforeCommit?: () => void;
};

const BEGIN = 'begin immediate';

/** The outcome of each job, after the commit. Never rejects. */
export async function commitBatch(deps: Deps, jobs: readonly Job[]): Promise<readonly Outcome[]> {
  const { writer, log } = deps;
  const watch = stallWatch();
  try {
    writer.say(BEGIN);
    let ran = await runPlain(deps, jobs, watch);
    if (ran.some((one) => one.undo)) {
      if (writer.inTransaction()) writer.say('rollback');
      // A lone work is undone with the whole batch: its outcome stands.
      if (jobs.length === 1) return ran.map((one) => one.outcome);
      writer.say(BEGIN);
      ran = await runCareful(deps, jobs, { watch, before: ran });
    }
    deps.beforeCommit?.();
    writer.say('commit');
    return ran.map((one) => one.outcome);
  } catch (error) {
    if (writer.inTransaction()) writer.say('rollback');
    log.error({ works: jobs.length, error }, 'A commit failed: nothing of it is there');
    return jobs.map(() => ({ ok: false, error }));
  } finally {
    watch.stop();
  }
}

/** Stops behind the first that must be undone. */
async function runPlain(deps: Deps, jobs: readonly Job[], watch: Watch): Promise<Ran[]> {
  const ran: Ran[] = [];
  for (const job of jobs) {
    const one = await perform(deps, job, watch);
    ran.push(one);
    if (one.undo) break;
  }
  return ran;
}

async function runCareful(
  deps: Deps,
  jobs: readonly Job[],
  { watch, before }: { watch: Watch; before: readonly Ran[] },
): Promise<Ran[]> {
  const { writer } = deps;
  const ran: Ran[] = [];
  for (const [at, job] of jobs.entries()) {
    const spent = before[at];
    if (spent?.spent) {
      ran.push(spent);
      continue;
    }
    writer.say('savepoint work');
    const one = await perform(deps, job, watch);
    // A full disk, for one, ends the whole transaction: nothing of the batch is there any more.
    if (!writer.inTransaction()) throw one.outcome.ok ? new Error('SQLite ended the transaction.') : one.outcome.error;
    if (one.undo) writer.say('rollback to work');
    writer.say('release work');
    ran.push(one);
  }
  return ran;
}

async function perform({ writer, aggregates, clock }: Deps, { command, work }: Job, watch: Watch): Promise<Ran> {
  const name = nameOf(command);
  const unit = unitOn(writer, name);
  const failed = (error: unknown): Ran => ({
    outcome: { ok: false, error },
    undo: unit.wrote,
    spent: error instanceof WorkWaited,
  });
  try {
    if (command) {
      const stored = await unit.run.first(findCommand, { key: command.key });
      if (stored) return { outcome: { ok: true, result: storedAnswer(command, stored) }, undo: false, spent: false };
    }
    const result = await watch.race(work(aggregates(unit.run)), name);
    if (unit.failure) return failed(unit.failure.error);
    const refused = isRefusal(result);
    const undo = refused && unit.wrote;
    if (command && !refused) await unit.run.change(insertCommand, rowOf(command, result, clock.now()));
    return { outcome: { ok: true, result }, undo, spent: false };
  } catch (error) {
    return failed(error);
  } finally {
    unit.end();
  }
}
