/** The recorded statements again: raw, prepared, in groups of as many units as there would be callers. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Pool } from 'pg';
import { openSqlite } from '../src/store/sqlite.ts';
import type { Database } from './market.ts';
import { type Pace, startPace } from './pace.ts';
import type { Call, Recording, Unit } from './recording.ts';

const POOL_MAX = 16;
const LOST_RACE = '40P01';
const RUNS_MAX = 8;

export type Replay = {
  /** Says these orders, by so many callers. */
  readonly say: (orders: Recording['orders'], callers: number) => Pace | Promise<Pace>;
  readonly close: () => void | Promise<void>;
};

/**
 * On SQLite: the same unit of each order of a group shares one transaction, as the units of so many callers do. With the pragmas of
 * the market and none of its code around the statements.
 */
export function replayOnSqlite(file: string, texts: readonly string[]): Replay {
  const [writer, reader] = [openSqlite(file, { readOnly: false }).raw, openSqlite(file, { readOnly: true }).raw];
  const [write, read] = [saying(writer, texts), saying(reader, texts)];
  const [begin, commit] = [writer.prepare('begin immediate'), writer.prepare('commit')];
  const [beginRead, endRead] = [reader.prepare('begin'), reader.prepare('commit')];
  const sayStep = (units: readonly Unit[]) => {
    const together = units.filter((unit) => unit.writes);
    if (together.length > 0) {
      begin.run();
      for (const unit of together) for (const call of unit.calls) write(call);
      commit.run();
    }
    for (const unit of units) {
      if (unit.writes) continue;
      beginRead.run();
      for (const call of unit.calls) read(call);
      endRead.run();
    }
  };
  return {
    say(orders, callers) {
      const pace = startPace();
      for (let from = 0; from < orders.length; from += callers) {
        const group = orders.slice(from, from + callers);
        const steps = Math.max(...group.map((units) => units.length));
        for (let step = 0; step < steps; step++) sayStep(group.flatMap((units) => units[step] ?? []));
      }
      return pace(orders.length);
    },
    close() {
      writer.close();
      reader.close();
    },
  };
}

function saying(database: DatabaseSync, texts: readonly string[]): (call: Call) => void {
  const prepared: (StatementSync | undefined)[] = [];
  return ({ text, method, values }) => {
    const statement = (prepared[text] ??= database.prepare(texts[text] ?? ''));
    if (method === 'run') statement.run(...values);
    else if (method === 'get') statement.get(...values);
    else statement.all(...values);
  };
}

/** On PostgreSQL: each caller says one order after another, over as many connections as the market has. */
export function replayOnPostgres({ url, schema }: Database & { schema: string }, texts: readonly string[]): Replay {
  const pool = new Pool({ connectionString: url, max: POOL_MAX, options: `-c search_path=${schema}` });
  const said = ({ text, values }: Call) => ({
    ...{ name: `raw${text}`, text: texts[text] ?? '', values: [...values], rowMode: 'array' },
  });
  const once = async ({ writes, calls }: Unit) => {
    if (!writes) {
      for (const call of calls) await pool.query(said(call));
      return;
    }
    const client = await pool.connect();
    try {
      await client.query('begin isolation level read committed');
      for (const call of calls) await client.query(said(call));
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  };
  return {
    async say(orders, callers) {
      let next = 0;
      const caller = async () => {
        for (let units = orders[next++]; units; units = orders[next++])
          for (const unit of units) await again(() => once(unit));
      };
      const pace = startPace();
      await Promise.all(Array.from({ length: callers }, caller));
      return pace(orders.length);
    },
    close: () => pool.end(),
  };
}

/** Two units that wait for each other in a circle: one is thrown out and runs again, as the market does it. */
async function again(once: () => Promise<void>): Promise<void> {
  for (let run = 1; ; run++) {
    try {
      return await once();
    } catch (error) {
      const lost = error instanceof Error && 'code' in error && error.code === LOST_RACE;
      if (!lost || run === RUNS_MAX) throw error;
    }
  }
}
