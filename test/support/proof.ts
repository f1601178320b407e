// What every hard test of the money ends with: the database proves itself, the provider's book adds up, and the two agree.
import { expect } from 'vitest';
import { createCore } from '../../src/app/core.ts';
import type { Deps } from '../../src/app/deps.ts';
import { afterTurn } from '../../src/runtime/after-turn.ts';
import { openStore } from '../../src/store/open.ts';
import { linesOf, verifyStore } from '../../src/store/verify/verify.ts';
import { addressOf } from './env.ts';
import type { World } from './world.ts';

type Provable = Pick<World, 'store' | 'deps' | 'sandbox' | 'shop' | 'balances' | 'sandboxBalance'>;

/** Throws with the broken invariants or the difference of the books. Nothing may write meanwhile. */
export async function prove(world: Provable): Promise<void> {
  const report = await verifyStore(world.store, world.deps.vault);
  const broken = report.results.filter((one) => one.weight === 'must' && one.broken.length > 0);
  if (broken.length > 0) throw new Error(`verify: ${broken.flatMap(linesOf).join('\n')}`);
  world.sandbox.audit();
  await compareBooks(world);
}

/** In the one currency of these worlds: the provider's balance is our `channel` account, its fees are ours, its payments are placed. */
async function compareBooks(world: Provable): Promise<void> {
  const ours = await world.balances();
  const lines = world.sandbox.book(world.shop.id);
  const sum = (...kinds: string[]) =>
    lines.reduce((total, line) => (kinds.includes(line.kind) ? total + line.amount : total), 0);
  const account = (name: string) => ours[`sandbox.${name}`] ?? 0;
  expect({
    channel: account('channel'),
    fees: account('channel_fee'),
    placed: 0 - account('sales') - account('suspense') - account('refunds_in_flight'),
    disputed: account('disputed'),
  }).toEqual({
    // What left for the bank stays here until the statement has told of it.
    channel: (world.sandboxBalance()['MYR'] ?? 0) - account('bank') - sum('payout', 'payout_failed'),
    fees: 0 - sum('fee'),
    placed: sum('payment', 'refund', 'refund_failed'),
    disputed: 0 - sum('dispute', 'dispute_reversed'),
  });
}

/** A second process on the same PostgreSQL: a store of its own, a core of its own, the same provider. */
export async function secondCore(world: World) {
  const { vault, clock, log } = world.deps;
  const store = await openStore({ url: addressOf('postgres'), schema: world.schema, vault, clock, afterTurn, log });
  const deps: Deps = { ...world.deps, store };
  return { core: createCore(deps), deps, close: () => store.close() };
}
