// A whole market for one test: the real application on free ports, its own database, a clock that the test moves. Visitors come by
// HTTP, as browsers do, so that a flow reads like a story.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { type Market, openMarket, type Overrides } from '../../src/market.ts';
import { createLog } from '../../src/runtime/log.ts';
import { verifyStore } from '../../src/store/verify/verify.ts';
import { type EngineKind, freshDatabase, temporaryFolder } from './stores.ts';
import { takeSeat, type SeatWishes, type Visitor } from './visitor.ts';

/** Integer milliseconds since 1970; stands still until it is moved. */
export type TestClock = { now(): number; moveBy(ms: number): void };

export type MarketOptions = {
  readonly database?: EngineKind;
  /** Further settings, by their names in the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly overrides?: Partial<Overrides>;
  /** True: the market's own timers and the real clock run, as at `npm start`. */
  readonly live?: boolean;
  /** The market's clock, shared with a fake of a platform; standing still at 2026-11-20 12:00 UTC unless given. */
  readonly clock?: TestClock;
  /** Starts on what an earlier market of this test left: its folder, database and ports. */
  readonly like?: TestMarket;
};

export type TestMarket = Market & {
  readonly clock: TestClock;
  readonly sandboxClock: TestClock;
  readonly sandbox: NonNullable<Market['sandbox']>;
  /** What it was started with, for another start. */
  readonly given: {
    readonly env: Readonly<Record<string, string>>;
    readonly schema: string | undefined;
    readonly sandboxPath: string;
  };
  /** Lets everything happen that is due now: webhooks, answers, messages. */
  settle(): Promise<void>;
  /** Both clocks move, then time's own work is done. */
  advance(ms: number): Promise<void>;
  /** Somebody comes in by the front door. Role: member unless told. */
  visitor(name: string, wishes?: SeatWishes): Promise<Visitor>;
  /** Throws with what is broken, when an invariant is. */
  verify(): Promise<void>;
};

const TEST_SECRET = 'a root key for tests and long enough to be one';
const ROUNDS_MAX = 50;
const START = Date.UTC(2026, 10, 20, 12, 0, 0);

export function testClock(start = START): TestClock {
  let now = start;
  return {
    now: () => now,
    moveBy: (ms) => {
      now += ms;
    },
  };
}

const liveClock: TestClock = {
  now: () => Date.now(),
  moveBy: () => {
    throw new Error('A live market runs on the real clock: start it without `live` to move time.');
  },
};

/** Stopped when the test ends, unless it was stopped before. */
export async function startMarket(options: MarketOptions = {}): Promise<TestMarket> {
  const { live = false, like } = options;
  const clock = like?.clock ?? options.clock ?? (live ? liveClock : testClock());
  const sandboxClock = like?.sandboxClock ?? (live ? liveClock : testClock());
  const given = like?.given ?? (await place(options));
  const settings = readConfig({ ...given.env, ...options.env });
  if (!settings.ok) throw new Error(settings.faults.join('\n'));
  const logging = createLog({ level: settings.config.logLevel });
  const market = await openMarket(settings.config, logging, {
    clock,
    timers: live,
    ...(given.schema === undefined ? {} : { schema: given.schema }),
    ...options.overrides,
    sandbox: { databasePath: given.sandboxPath, clock: sandboxClock, autoTick: live, ...options.overrides?.sandbox },
    webLimits: { press: unlimited, say: unlimited, seats: unlimited, streams: unlimited, photo: unlimited },
  });
  onTestFinished(() => market.stop());
  return dress(market, { clock, sandboxClock, given, live });
}

const unlimited = { points: 1_000_000, windowS: 1 };

async function place({ database = 'sqlite' }: MarketOptions): Promise<TestMarket['given']> {
  const folder = temporaryFolder();
  const fresh = freshDatabase(database);
  const env = {
    PORT: String(await freePort()),
    SANDBOX_PORT: String(await freePort()),
    DATABASE_URL: database === 'sqlite' ? `sqlite:${join(folder, 'pasar.db')}` : fresh.url,
    SECRET_KEY: TEST_SECRET,
    LOG_LEVEL: process.env['PASAR_TEST_LOG'] ?? 'silent',
  };
  return { env, schema: fresh.schema, sandboxPath: join(folder, 'sandbox.db') };
}

function dress(
  market: Market,
  {
    clock,
    sandboxClock,
    given,
    live,
  }: { clock: TestClock; sandboxClock: TestClock; given: TestMarket['given']; live: boolean },
): TestMarket {
  const { sandbox, core, outbox, store, deps } = market;
  if (!sandbox) throw new Error('Flow tests need the sandbox: leave DEMO and SANDBOX as they are.');
  const settle = async () => {
    for (let round = 1; round <= ROUNDS_MAX; round++) {
      await sandbox.idle();
      if ((await outbox.drain()) === 0) return;
    }
    throw new Error(`The market did not come to rest within ${ROUNDS_MAX} rounds.`);
  };
  const dressed: TestMarket = {
    ...market,
    sandbox,
    clock,
    sandboxClock,
    given,
    settle,
    advance: async (ms) => {
      clock.moveBy(ms);
      sandboxClock.moveBy(ms);
      await settle();
      await core.sweep();
      await settle();
    },
    visitor: async (name, wishes = {}) => {
      const visitor = await takeSeat({ url: market.url, name, wishes, afterwards: live ? undefined : settle });
      return visitor;
    },
    verify: async () => {
      const report = await verifyStore(store, deps.vault);
      if (!report.ok) {
        const broken = report.results.filter((result) => result.weight === 'must' && result.broken.length > 0);
        throw new Error(`verify: ${JSON.stringify(broken, null, 2)}`);
      }
      sandbox.audit();
    },
  };
  return dressed;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}
