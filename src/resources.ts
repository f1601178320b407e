/** What a market stands on: its port, database, keys, exchange rates, play money, and what it shares with other processes. */
import { dirname, join } from 'node:path';
import type { Sandbox, SandboxOptions } from '../sandbox/server.ts';
import { channelSettings } from './channel-settings.ts';
import type { Config } from './config.ts';
import { type CoreThread, openCoreThread, type SlowCommit } from './core-thread.ts';
import { type Door, openDoor } from './http/server.ts';
import type { AfterTurn, Clock, Ids, Log } from './ports/runtime.ts';
import type { Store } from './ports/store.ts';
import { afterTurn } from './runtime/after-turn.ts';
import { systemClock } from './runtime/clock.ts';
import { randomIds } from './runtime/ids.ts';
import { ecbRates, type LiveRates, tableRates } from './runtime/rates.ts';
import { loadRootKeys } from './runtime/secret-key.ts';
import { type Shared, sharedInMemory } from './runtime/shared.ts';
import { createVault, type KeyedVault, type RootKeys } from './runtime/vault.ts';
import { databaseFault, portFault, prepareFolder, StartFault } from './start-fault.ts';
import { openStore, type StoreOptions } from './store/open.ts';

/** What a test, or the bench, puts in the place of the real thing. */
export type ResourceOverrides = {
  /** Whether core and store have a thread of their own. When absent, with a bot on SQLite: unless time or chance are given. */
  readonly thread?: boolean;
  /** A disk of that thread as slow as one likes. */
  readonly slowCommit?: SlowCommit;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly afterTurn?: AfterTurn;
  readonly sandbox?: Partial<SandboxOptions>;
  /** PostgreSQL: the schema of the tables. */
  readonly schema?: string;
};

/** What is open and has to be closed again, newest first, also when the start fails half-way. */
export type Closing = (() => Promise<unknown> | void)[];

export type Resources = {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: KeyedVault;
  readonly door: Door;
  readonly publicUrl: string;
  readonly store: Store;
  /** Undefined: the core stands in this thread. */
  readonly thread: CoreThread | undefined;
  readonly sandbox: Sandbox | undefined;
  readonly shared: Shared;
  readonly rates: LiveRates;
};

/** Throws a `StartFault` for what the operator can put right. */
export async function openResources(
  config: Config,
  log: Log,
  overrides: ResourceOverrides,
  closing: Closing,
): Promise<Resources> {
  const { clock = systemClock, ids = randomIds } = overrides;
  const keys = openKeys(config);
  const vault = createVault(keys);
  const door = await openPort(config, closing);
  const publicUrl = config.publicUrl ?? door.url;
  const opening = config.sandbox
    ? openSandbox(config, door, { log, changes: overrides.sandbox }, closing)
    : Promise.resolve(undefined);
  const around = { clock, vault, log, afterTurn: overrides.afterTurn ?? afterTurn };
  const openStorage = async () => {
    if (!isApart(config, overrides))
      return { store: await openDatabase(config, overrides, around, closing), thread: undefined };
    const thread = await openThread(config, { keys, publicUrl, sandbox: await opening, overrides, around }, closing);
    return { store: thread.store, thread };
  };
  const [{ store, thread }, sandbox, shared] = await all(openStorage(), opening, openShared(config, log, closing));
  const rates = config.rates === 'ecb' ? ecbRates({ clock, log }) : tableRates();
  closing.push(() => rates.stop());
  return { clock, ids, vault, door, publicUrl, store, thread, sandbox, shared, rates };
}

/** Where people wait for a platform's answer, a COMMIT must not hold us up. PostgreSQL's driver never does. */
function isApart(
  { database, telegram, discord }: Config,
  { thread, clock, ids, afterTurn: turn }: ResourceOverrides,
): boolean {
  if (database.kind !== 'sqlite') return false;
  return thread ?? ((telegram ?? discord) !== null && !clock && !ids && !turn);
}

/** Like Promise.all, but waits for every one: what has opened beside a failure is then known and can be closed. */
async function all<A, B, C>(...promises: [Promise<A>, Promise<B>, Promise<C>]): Promise<[A, B, C]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

function openKeys(config: Config): RootKeys {
  prepareFolder(config);
  const databasePath = config.database.kind === 'sqlite' ? config.database.path : null;
  const { secretKey, previousKeys: previous } = config;
  try {
    return loadRootKeys({ secretKey, previous, databasePath, mayMake: true });
  } catch (error) {
    throw new StartFault(error instanceof Error ? error.message : String(error), error);
  }
}

async function openPort({ host, port }: Config, closing: Closing): Promise<Door> {
  try {
    const door = await openDoor({ host, port });
    closing.push(() => door.close(0));
    return door;
  } catch (error) {
    throw portFault(error, { host, port, setting: 'PORT' });
  }
}

const databaseUrl = ({ database }: Config): string =>
  database.kind === 'sqlite' ? `sqlite:${database.path}` : database.url;

async function openDatabase(
  config: Config,
  { schema }: ResourceOverrides,
  options: Omit<StoreOptions, 'url'>,
  closing: Closing,
): Promise<Store> {
  try {
    const store = await openStore({
      ...options,
      url: databaseUrl(config),
      ...(schema === undefined ? {} : { schema }),
    });
    closing.push(() => store.close());
    return store;
  } catch (error) {
    throw databaseFault(error, config);
  }
}

type Apart = {
  readonly keys: RootKeys;
  readonly publicUrl: string;
  readonly sandbox: Sandbox | undefined;
  readonly overrides: ResourceOverrides;
  readonly around: Parameters<typeof openCoreThread>[1];
};

async function openThread(
  config: Config,
  { keys, publicUrl, sandbox, overrides, around }: Apart,
  closing: Closing,
): Promise<CoreThread> {
  const { defaultLocale, defaultCurrency, defaultTimeZone, demo, rates } = config;
  try {
    const thread = await openCoreThread(
      {
        ...{ url: databaseUrl(config), keys, rates, channels: channelSettings(config, sandbox) },
        founding: { demo, defaultLocale, defaultCurrency, defaultTimeZone },
        settings: { demo: demo !== 'off', publicUrl },
        slowCommit: overrides.slowCommit,
      },
      around,
    );
    closing.push(() => thread.store.close());
    return thread;
  } catch (error) {
    throw databaseFault(error, config);
  }
}

async function openSandbox(
  config: Config,
  door: Door,
  { log, changes }: { log: Log; changes: Partial<SandboxOptions> | undefined },
  closing: Closing,
): Promise<Sandbox> {
  const { startSandbox } = await import('../sandbox/server.ts');
  const { host, sandboxPort: port, publicUrl } = config;
  const folder = config.database.kind === 'sqlite' ? dirname(config.database.path) : 'data';
  try {
    const sandbox = await startSandbox({
      databasePath: join(folder, 'sandbox.db'),
      host,
      port,
      webhookUrl: `${door.url}/webhooks/sandbox`,
      // Reached under the same name as we are.
      publicUrl: publicUrl === null ? undefined : `http://${new URL(publicUrl).hostname}:${port}`,
      log: (line) => log.warn({ source: 'sandbox' }, line),
      ...changes,
    });
    closing.push(() => sandbox.stop());
    return sandbox;
  } catch (error) {
    throw portFault(error, { host, port, setting: 'SANDBOX_PORT' });
  }
}

async function openShared({ redisUrl }: Config, log: Log, closing: Closing): Promise<Shared> {
  if (redisUrl === null) return sharedInMemory();
  const { sharedOverRedis } = await import('./runtime/redis.ts');
  const shared = sharedOverRedis({ url: redisUrl, log });
  closing.push(() => shared.close());
  return shared;
}
