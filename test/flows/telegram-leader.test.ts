// Several processes with one bot token: one of them asks Telegram, the others stand by and take over. Each market is a composition of
// its own on one PostgreSQL; the first reaches it by a way that can be cut.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { describeWith, addressOf } from '../support/env.ts';
import { openSlowCommits } from '../support/slow-commits.ts';
import {
  type BotMarket,
  joiner,
  openFake,
  openStall,
  read,
  startBotMarket,
  tap,
  withButton,
} from '../support/telegram-market.ts';

const LINE = 'Mango box | 12.50 | 20 | Ripe today';
const LEASE_MS = 1_000;
const LOOKS_MAX = 100;
const options = { live: true, overrides: { leaseMs: LEASE_MS } } as const;
const PORTS = { PORT: '0', SANDBOX_PORT: '0' };

const holderOf = async ({ market, fake }: BotMarket) =>
  (await market.store.read((reads) => reads.platforms.lease(`telegram:${fake.bot.id}`)))?.holder ?? '';

describeWith('postgres', 'two markets with one bot', () => {
  test('one asks Telegram; when it goes the other takes over at once, and nothing is lost or done twice', async () => {
    const fake = await openFake();
    const one = await startBotMarket({ ...options, database: 'postgres' }, fake);
    await fake.until(() => fake.isPolled, 'the first to listen');
    const two = await startBotMarket({ ...options, like: one.market, env: PORTS }, fake);
    const { group, sells } = await openStall(one);
    await sells(LINE);
    const buyer = await joiner(one, group, { firstName: 'Budi', started: true });
    const first = await holderOf(one);

    await tap(one, buyer, read(buyer, group, /^Mango box/), 'Buy');
    expect(await holderOf(two)).toBe(first);
    const stopping = one.market.stop();
    // Said while nobody leads: it waits at Telegram or in the inbox.
    buyer.says('private', '/orders');
    await stopping;
    await two.settle();
    expect(await holderOf(two)).not.toBe(first);
    expect(read(buyer, 'private', /Mango box/)).toBeDefined();
    await tap(two, buyer, withButton(buyer, 'private', /^Pay cash/), /^Pay cash/);
    expect(read(buyer, group, /^Mango box/).text).toContain('19 left');
    await two.market.verify();
  });

  test('a leader that cannot reach the database steps back, and what it has taken is worked on by the next', async () => {
    const fake = await openFake();
    const way = await openSlowCommits(addressOf('postgres'));
    onTestFinished(() => way.close());
    const two = await startBotMarket({ ...options, database: 'postgres' }, fake);
    await fake.until(() => fake.isPolled, 'the first to listen');
    const { group, sells } = await openStall(two);
    await sells(LINE);
    const buyer = await joiner(two, group, { firstName: 'Budi', started: true });
    const stranded = await startBotMarket(
      { ...options, like: two.market, env: { ...PORTS, DATABASE_URL: way.url } },
      fake,
    );
    await two.market.stop();
    await fake.until(() => fake.isPolled, 'the second to listen');
    const first = await holderOf(stranded);
    const heir = await startBotMarket({ ...options, like: two.market, env: PORTS }, fake);

    // The tap is durable, its work is not: all commits of the leader stand still, then its way is cut.
    way.delay(60_000);
    buyer.taps(read(buyer, group, /^Mango box/), 'Buy');
    buyer.says('private', '/orders');
    await way.close();
    for (let look = 1; look <= LOOKS_MAX && (await holderOf(heir)) === first; look++) await sleep(LEASE_MS / 4);
    expect(await holderOf(heir)).not.toBe(first);
    await heir.settle();
    await tap(heir, buyer, withButton(buyer, 'private', /^Pay cash/), /^Pay cash/);
    expect(read(buyer, group, /^Mango box/).text).toContain('19 left');
    await heir.market.verify();
  });
});
