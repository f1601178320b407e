// The real process, as `npm start` starts it, on a folder of its own: started, killed with SIGKILL, started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startSandbox } from '../../sandbox/server.ts';
import { readConfig } from '../../src/config.ts';
import { type Market, openMarket } from '../../src/market.ts';
import { afterTurn } from '../../src/runtime/after-turn.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { randomIds } from '../../src/runtime/ids.ts';
import { createLog } from '../../src/runtime/log.ts';
import { createVault } from '../../src/runtime/vault.ts';
import { openStore } from '../../src/store/open.ts';
import { linesOf, verifyDatabase } from '../../src/store/verify/verify.ts';
import { freePort } from './market.ts';
import { silentLog } from './store-options.ts';
import { form } from './world.ts';

const START = join(import.meta.dirname, '../../start.js');
const SECRET_KEY = 'a root key for tests, long enough to be one';
const STARTED_WITHIN_MS = 30_000;

export type Stage = {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly url: string;
  readonly shopId: string;
  readonly goods: readonly { readonly title: string; readonly amount: number }[];
};

/** Minor units: no sum of a few prices is another price. */
const GOODS = [
  { title: 'Kept jar', price: '10.01', amount: 1001, holdMinutes: '15' },
  { title: 'Unkept jar', price: '20.07', amount: 2007, holdMinutes: '' },
] as const;

/** A demo market with goods enough for any number of rounds, closed again: everything after this is the real process's. */
export async function stageMarket(folder: string): Promise<Stage> {
  const env = {
    PORT: String(await freePort()),
    SANDBOX_PORT: String(await freePort()),
    DATABASE_URL: `sqlite:${join(folder, 'pasar.db')}`,
    SECRET_KEY,
    LOG_LEVEL: 'warn',
  };
  const config = readConfig(env);
  if (!config.ok) throw new Error(config.faults.join('\n'));
  const market = await openMarket(config.config, createLog({ level: 'silent' }), {
    timers: false,
    sandbox: { autoTick: false },
  });
  try {
    const shopId = await openStall(market);
    return { env, folder, url: market.url, shopId, goods: GOODS };
  } finally {
    await market.stop();
  }
}

async function openStall({ core, communityId, store, outbox }: Market): Promise<string> {
  const who = { platform: 'web', platformUserId: 'the-seller', communityId, name: 'Seller', locale: 'en' };
  const { personId } = await core.arrive(who);
  const act = async (intent: Parameters<typeof core.handle>[0]['intent']) => {
    const reply = await core.handle({ key: randomIds.next(), communityId, personId, chatId: null, intent });
    if (!reply.ok) throw new Error(`${intent.kind} was refused: ${reply.fault.code}`);
  };
  await act({ kind: 'choose_role', role: 'seller' });
  const { chats, roles } = await store.read(async (reads) => ({
    chats: await reads.people.chats(communityId),
    roles: await reads.people.shopRoles(communityId, personId),
  }));
  const [shopId] = Object.keys(roles);
  const [chat] = chats;
  if (shopId === undefined || !chat) throw new Error('the seller has no shop, or the demo no chat');
  for (const { title, price, holdMinutes } of GOODS) {
    const goods = { ...form, title, price, holdMinutes, stock: '100000' };
    await act({ kind: 'post_product', shopId, chatIds: [chat.id], productKind: 'physical', form: goods });
  }
  await outbox.drain();
  return shopId;
}

export type Running = {
  /** Resolves when visitors may come; rejects when the process ended before, by itself. */
  readonly ready: Promise<void>;
  /** True from the moment of the blow. */
  readonly struck: () => boolean;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and everything begun is finished. */
  stop(): Promise<void>;
};

/** The same command as `npm start`, from another folder, so that no `.env` of this one is read. */
export function startProcess({ env, folder }: Stage): Running {
  const child = spawn(process.execPath, [START], {
    cwd: folder,
    env: { ...env, PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: join(folder, '..', 'pasar-compile-cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let struck = false;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const gone = once(child, 'exit');
  return {
    ready: isReady(
      child,
      () => struck,
      gone,
      () => said,
    ),
    struck: () => struck,
    async kill() {
      struck = true;
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      struck = true;
      child.kill('SIGTERM');
      const [code] = (await gone) as [number | null];
      if (code !== 0) throw new Error(`the market stopped with ${code}: ${said}`);
    },
  };
}

async function isReady(
  child: ChildProcess,
  struck: () => boolean,
  gone: Promise<unknown>,
  said: () => string,
): Promise<void> {
  const { promise: open, resolve } = Promise.withResolvers<'open'>();
  child.stdout?.on('data', () => {
    if (said().includes('Pasar is open')) resolve('open');
  });
  const tooLong = delay(STARTED_WITHIN_MS, 'too long' as const, { ref: false });
  const end = await Promise.race([open, gone.then(() => 'gone' as const), tooLong]);
  if (end === 'open' || struck()) return;
  throw new Error(`the market did not start (${end}): ${said()}`);
}

const vault = createVault({ current: SECRET_KEY, previous: [] });

/** Throws with what is broken. Reads beside the running market, as `npm run verify` does. */
export async function verifyStage({ env }: Stage): Promise<void> {
  const url = env['DATABASE_URL'] ?? '';
  const report = await verifyDatabase({ url, vault, clock: systemClock, afterTurn, log: silentLog });
  const broken = report.results.filter((one) => one.weight === 'must' && one.broken.length > 0);
  if (broken.length > 0) throw new Error(`verify: ${broken.flatMap(linesOf).join('\n')}`);
}

/** The market's database for reading. */
export const readStage = ({ env }: Stage) =>
  openStore({
    ...{ url: env['DATABASE_URL'] ?? '', vault, clock: systemClock, afterTurn, log: silentLog, readOnly: true },
  });

/** What the provider has in its own books about the stall, after the market is gone. */
export async function providersBook({ folder, shopId }: Stage) {
  const databasePath = join(folder, 'sandbox.db');
  const sandbox = await startSandbox({ databasePath, host: '127.0.0.1', port: 0, autoTick: false });
  try {
    sandbox.audit();
    return { lines: sandbox.book(shopId), balance: sandbox.balance(shopId)['MYR'] ?? 0 };
  } finally {
    await sandbox.stop();
  }
}
