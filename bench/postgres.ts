/** The same comparison on PostgreSQL, in two schemas of our own: one for the market, one for the recorded statements. */
import { join } from 'node:path';
import { Client } from 'pg';
import { findServices } from '../tools/services.ts';
import type { Recorded } from './child.ts';
import type { Cast } from './market.ts';
import type { Pace } from './pace.ts';
import { measureSideBySide, type Size, type Workshop } from './workshop.ts';

const SIZES = [
  { callers: 1, warmUp: 20, slices: 2, orders: 20 },
  { callers: 16, warmUp: 64, slices: 2, orders: 80 },
  { callers: 64, warmUp: 64, slices: 2, orders: 128 },
] as const;

export type PostgresRow = { readonly callers: number; readonly market: Pace; readonly raw: Pace };

/** Undefined when no server answers. */
export async function measurePostgres({ run, folder }: Workshop): Promise<PostgresRow[] | undefined> {
  const { postgres: url } = await findServices(process.env);
  if (url === undefined) return undefined;
  const names = ['live', 'recorded', 'said'].map((name) => `pasar_bench_${process.pid}_${name}`);
  const databases = names.map((schema) => ({ url, schema }));
  const [live, recorded, said] = databases;
  if (!live || !recorded || !said) throw new Error('Three schemas were named.');
  try {
    const [cast] = databases.map((database) => run<Cast>({ do: 'seed', database }));
    if (!cast) throw new Error('Nothing was seeded.');
    const from = join(folder, 'postgres.recording');
    const wanted = SIZES.reduce((sum, size) => sum + ordersOf(size), 0);
    run<Recorded>({ do: 'record', database: recorded, cast, orders: wanted, into: from });
    const rows: PostgresRow[] = [];
    let settled = 0;
    for (const size of SIZES) {
      const { callers } = size;
      const task = { cast, callers, settled } as const;
      const [market, raw] = await measureSideBySide(
        [
          { do: 'settle', database: live, ...task },
          { do: 'replay', database: said, from, skip: settled, ...task },
        ],
        size,
      );
      if (market && raw) rows.push({ callers, market, raw });
      settled += ordersOf(size);
    }
    return rows;
  } finally {
    await dropSchemas(url, names);
  }
}

const ordersOf = ({ warmUp, slices, orders }: Size): number => warmUp + slices * orders;

async function dropSchemas(connectionString: string, names: readonly string[]): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  for (const name of names) await client.query(`drop schema if exists "${name}" cascade`);
  await client.end();
}
