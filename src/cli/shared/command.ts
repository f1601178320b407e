/** What every command of the operator has in common. */
import { existsSync } from 'node:fs';
import { type Config, settingsOfProcess } from '../../config.ts';
import { afterTurn } from '../../runtime/after-turn.ts';
import { systemClock } from '../../runtime/clock.ts';
import { createLog } from '../../runtime/log.ts';
import { loadRootKeys } from '../../runtime/secret-key.ts';
import { createVault, type RootKeys } from '../../runtime/vault.ts';
import { databaseFault, StartFault } from '../../start-fault.ts';
import type { StoreOptions } from '../../store/open.ts';

export const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** What the operator can put right is told without a stack, on standard error. `work` answers the exit code. */
export async function command(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    if (!(error instanceof StartFault)) throw error;
    complain(error.message);
    process.exitCode = 1;
  }
}

/** Every fault of the settings at once. */
export function readSettings(): Config {
  const settings = settingsOfProcess();
  if (settings.ok) return settings.config;
  throw new StartFault(['These settings are wrong:', ...settings.faults.map((fault) => `- ${fault}`)].join('\n'));
}

export const sqliteFileOf = ({ database }: Pick<Config, 'database'>): string | null =>
  database.kind === 'sqlite' ? database.path : null;

/** A command never makes a key: a database without its key is told of. */
export function readKeys(config: Pick<Config, 'database' | 'secretKey' | 'previousKeys'>): RootKeys {
  const { secretKey, previousKeys: previous } = config;
  const databasePath = sqliteFileOf(config);
  if (databasePath !== null && !existsSync(databasePath)) {
    throw new StartFault(`There is no database at ${databasePath}: start the market once, or correct DATABASE_URL.`);
  }
  try {
    return loadRootKeys({ secretKey, previous, databasePath, mayMake: false });
  } catch (error) {
    throw new StartFault(error instanceof Error ? error.message : String(error), error);
  }
}

/** How a command reads the database: beside a running market, changing nothing. */
export function readingOptions({ database }: Pick<Config, 'database'>, keys: RootKeys): StoreOptions {
  return {
    url: database.kind === 'sqlite' ? `sqlite:${database.path}` : database.url,
    vault: createVault(keys),
    clock: systemClock,
    afterTurn,
    log: createLog({ level: 'silent' }).log,
    readOnly: true,
  };
}

/** What the store throws, for the operator's eyes; other errors of the store that name a remedy are told as they are. */
export function explained(error: unknown, config: Config): unknown {
  const fault = databaseFault(error, config);
  if (fault instanceof StartFault || !(error instanceof Error)) return fault;
  return error.message.startsWith('The database lacks') ? new StartFault(error.message, error) : fault;
}
