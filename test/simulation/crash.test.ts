// kill -9 under load: whatever was answered is still there afterwards, the database proves itself after every start, and at the end our
// journal, the provider's book and the shoppers' own notes tell the same.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { wasPaid } from '../../src/domain/order.ts';
import {
  providersBook,
  readStage,
  type Running,
  type Stage,
  stageMarket,
  startProcess,
  verifyStage,
} from '../support/killed-market.ts';
import { type Acknowledged, createShopper, type Shopper } from '../support/shopper.ts';

const ROUNDS = Number(process.env['PASAR_KILLS'] ?? 100);
/** Two markets, each killed half as often: starting one uses one processor. */
const MARKETS = 2;
const SHOPPERS = 4;
const ANSWERS_MAX = 24;
const ROUND_MAX_MS = 3_000;
/** Slow payments need ten seconds; the last rounds leave none under way. */
const LAST_ROUNDS = 8;
const SETTLED_WITHIN_MS = 60_000;
const STEPS_MAX = 300;
/** About a minute on two processors that do nothing else. */
const PATIENCE_MS = 600_000;

/** mulberry32: from 0 to 1, the same for the same seed. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(
  `${ROUNDS} kills lose nothing that was acknowledged`,
  async () => {
    const seed = Number(process.env['PASAR_SEED'] ?? Date.now() % 1_000_000_000);
    const folder = await mkdtemp(join(tmpdir(), 'pasar-crash-'));
    try {
      const halves = Array.from({ length: MARKETS }, (_, index) => liveThrough(folder, seed + index));
      await Promise.all(halves);
    } catch (error) {
      throw new Error(`With PASAR_SEED=${seed}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  PATIENCE_MS,
);

async function liveThrough(parent: string, seed: number): Promise<void> {
  const chance = chanceOf(seed);
  const stage = await stageMarket(await mkdtemp(join(parent, 'market-')));
  const said: Acknowledged = { bills: new Set(), paid: new Set(), cancelled: new Set(), taken: new Map() };
  let rounds = Math.ceil(ROUNDS / MARKETS);
  const maySlow = () => rounds > LAST_ROUNDS;
  let market = startProcess(stage);
  try {
    await market.ready;
    const shoppers = await Promise.all(
      Array.from({ length: SHOPPERS }, (_, index) =>
        createShopper({ stage, name: `Shopper ${index}`, goods: index % 2, chance, said, maySlow }),
      ),
    );
    for (; rounds > 0; rounds -= 1) {
      // After so many answers, and then somewhere between two of them.
      const answers = Math.ceil(chance() * ANSWERS_MAX);
      const { enough, load } = crowd(shoppers, market, answers);
      await Promise.race([load, enough, delay(ROUND_MAX_MS)]);
      await delay(chance() * 25);
      await market.kill();
      await load;
      market = startProcess(stage);
      // One start in four is struck down as well, which is a round of its own.
      if (chance() < 0.25 && rounds > 1) {
        rounds -= 1;
        await delay(chance() * 600);
        await market.kill();
        market = startProcess(stage);
      }
      await market.ready;
      await verifyStage(stage);
    }
    await finish(shoppers);
    await settle(stage, said);
    await market.stop();
  } finally {
    await market.kill();
  }
  await judge(stage, said);
}

/** All shop at once until the blow; an error is one only while the market lives. `enough`: so many answers have come. */
function crowd(shoppers: readonly Shopper[], market: Running, answers: number) {
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const shop = async (shopper: Shopper) => {
    try {
      while (!market.struck()) {
        await shopper.step();
        if (++count >= answers) resolve();
      }
    } catch (error) {
      if (!market.struck()) throw error;
    }
  };
  return { enough, load: Promise.all(shoppers.map(shop)) };
}

/** Everybody brings to its end what they have begun. */
async function finish(shoppers: readonly Shopper[]): Promise<void> {
  for (const shopper of shoppers) {
    for (let step = 1; step <= STEPS_MAX && !shopper.idle(); step += 1) await shopper.step();
    expect(shopper.idle()).toBe(true);
  }
}

const ordersOf = async (stage: Stage, tokens: Iterable<string>) => {
  const store = await readStage(stage);
  try {
    return await store.read(async (reads) => {
      const found = [];
      for (const token of tokens) {
        const order = await reads.orders.orderByPayToken(token);
        if (!order) throw new Error(`the bill ${token} was shown, and is lost`);
        const { id } = order;
        found.push({
          ...{ token, order, captures: await reads.payments.captures(id), refunds: await reads.payments.refunds(id) },
        });
      }
      return found;
    });
  } finally {
    await store.close();
  }
};

/** The market does by itself what is left: notices, refunds, slow payments. */
async function settle(stage: Stage, said: Acknowledged): Promise<void> {
  const wanted = [...said.taken.values()].reduce((sum, { times }) => sum + times, 0);
  const until = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const orders = await ordersOf(stage, said.bills);
    const captures = orders.reduce((sum, one) => sum + one.captures.length, 0);
    const open = orders.flatMap((one) => one.refunds).filter((one) => one.state !== 'succeeded').length;
    if (captures === wanted && open === 0) return;
    if (Date.now() > until) throw new Error(`${captures} of ${wanted} payments recorded, ${open} refunds under way`);
    await delay(250);
  }
}

async function judge(stage: Stage, said: Acknowledged): Promise<void> {
  await verifyStage(stage);
  const orders = await ordersOf(stage, said.bills);
  for (const { token, order, captures, refunds } of orders) {
    const is = `order ${order.code} is ${order.state}`;
    if (said.paid.has(token)) expect(wasPaid(order.state), is).toBe(true);
    if (said.cancelled.has(token)) expect(['cancelled', 'closed'], is).toContain(order.state);
    else if (captures.length > 0) expect(order.state, is).toBe('paid');
    expect(captures.length - refunds.length, is).toBe(order.state === 'paid' ? 1 : 0);
  }
  // Three books: the shoppers', the provider's, ours.
  const { lines, balance } = await providersBook(stage);
  const sum = (kind: string) => lines.reduce((total, line) => (line.kind === kind ? total + line.amount : total), 0);
  const noted = [...said.taken.values()].reduce((total, { amount, times }) => total + amount * times, 0);
  const captured = orders.flatMap((one) => one.captures).reduce((total, one) => total + one.amount, 0);
  const refunded = orders.flatMap((one) => one.refunds).reduce((total, one) => total + one.amount, 0);
  expect({ paid: sum('payment'), captured }).toEqual({ paid: noted, captured: noted });
  expect(sum('refund')).toBe(-refunded);
  expect(await channelBalance(stage)).toBe(balance);
  expect(orders.length).toBeGreaterThan(ROUNDS / MARKETS);
}

async function channelBalance(stage: Stage): Promise<number> {
  const store = await readStage(stage);
  try {
    return await store.read(async (reads) => {
      const accounts = await reads.people.merchantAccounts(stage.shopId);
      const account = accounts.find((one) => one.channel === 'sandbox');
      const balances = account ? await reads.payments.balances(account.id) : [];
      return balances.reduce((sum, one) => (one.account === 'channel' ? sum + one.amount : sum), 0);
    });
  } finally {
    await store.close();
  }
}
