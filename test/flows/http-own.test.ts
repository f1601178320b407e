import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { type Market, openMarket } from '../../src/market.ts';
import { createLog } from '../../src/runtime/log.ts';
import { createBrowser } from '../support/browser.ts';
import { testClock, type TestClock } from '../support/market.ts';
import { temporaryFolder } from '../support/stores.ts';

/** A real market: no demo, no play money. */
async function realMarket(folder: string, clock: TestClock): Promise<Market> {
  const settings = readConfig({
    DEMO: 'off',
    PORT: '0',
    DATABASE_URL: `sqlite:${join(folder, 'pasar.db')}`,
    DEFAULT_LOCALE: 'en',
  });
  if (!settings.ok) throw new Error(settings.faults.join('\n'));
  const market = await openMarket(settings.config, createLog({ level: 'silent' }), { clock, timers: false });
  onTestFinished(() => market.stop());
  return market;
}

const pathOf = (link: string | undefined): string => new URL(link ?? 'http://none/').pathname;
const claim = (market: Market, link: string | undefined, name: string) => {
  const browser = createBrowser(market.url);
  return browser.post(pathOf(link), new URLSearchParams({ name })).then((answer) => ({ answer, browser }));
};
const ownersOf = (market: Market) =>
  market.store.read(async (reads) =>
    (await reads.people.stewards(market.communityId)).filter(({ role }) => role === 'owner'),
  );

test('a market that is no demo has no goods, no play money, and a link for its owner', async () => {
  const market = await realMarket(temporaryFolder(), testClock());
  expect(market.sandbox).toBeUndefined();
  expect([...market.deps.channels.keys()]).toEqual(['cash']);
  expect(market.ownerLink).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/own\/[\w-]{60,}$/);
  expect(await ownersOf(market)).toEqual([]);
});

test('the link makes one person the owner, once', async () => {
  const folder = temporaryFolder();
  const clock = testClock();
  const market = await realMarket(folder, clock);
  const look = await createBrowser(market.url).get(pathOf(market.ownerLink));
  expect(look.status).toBe(200);
  expect(await ownersOf(market)).toEqual([]);
  const [one, other] = await Promise.all([
    claim(market, market.ownerLink, 'Siti'),
    claim(market, market.ownerLink, 'Omar'),
  ]);
  expect(new Set([one.answer.status, other.answer.status])).toEqual(new Set([303, 410]));
  expect(await ownersOf(market)).toHaveLength(1);
  const winner = one.answer.status === 303 ? one : other;
  const seat = await winner.browser.get(winner.answer.headers.get('location') ?? '');
  expect(await seat.text()).toContain('Owner');
  expect((await claim(market, market.ownerLink, 'Late')).answer.status).toBe(410);
  await market.stop();
  expect((await realMarket(folder, clock)).ownerLink).toBeUndefined();
});

test('after a quarter of an hour it is over, and the next start prints another', async () => {
  const folder = temporaryFolder();
  const clock = testClock();
  const market = await realMarket(folder, clock);
  clock.moveBy(15 * 60_000);
  expect((await claim(market, market.ownerLink, 'Siti')).answer.status).toBe(410);
  await market.stop();
  const again = await realMarket(folder, clock);
  expect((await claim(again, again.ownerLink, 'Siti')).answer.status).toBe(303);
});

test('an invented or changed link, or another site’s form, makes nobody the owner', async () => {
  const market = await realMarket(temporaryFolder(), testClock());
  const path = pathOf(market.ownerLink);
  for (const bad of [
    '/own/x',
    `${path}A`,
    path.slice(0, -2),
    path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
  ]) {
    expect((await createBrowser(market.url).post(bad, new URLSearchParams({ name: 'Eve' }))).status).toBe(410);
  }
  const foreign = await createBrowser(market.url).post(path, new URLSearchParams({ name: 'Eve' }), {
    'sec-fetch-site': 'cross-site',
  });
  expect(foreign.status).toBe(403);
  expect(await ownersOf(market)).toEqual([]);
});

test('visitors of a real market are members, whatever role they ask for', async () => {
  const market = await realMarket(temporaryFolder(), testClock());
  await createBrowser(market.url).post('/seats', new URLSearchParams({ name: 'Eve', role: 'owner', locale: 'en' }));
  expect(await ownersOf(market)).toEqual([]);
});
