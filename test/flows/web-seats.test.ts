import { describe, expect, test } from 'vitest';
import { sharedInMemory } from '../../src/runtime/shared.ts';
import { createLimiter } from '../../adapters/web/limiter.ts';
import { createBrowser } from '../support/browser.ts';
import { startMarket, type TestMarket } from '../support/market.ts';
import { actionsOf, type Visitor } from '../support/visitor.ts';

const raw = (market: TestMarket, path: string, init: RequestInit = {}) =>
  fetch(new URL(path, market.url), { redirect: 'manual', ...init });

/** A press as a page sends it, with whatever cookie and headers an attacker likes. */
const press = (market: TestMarket, seat: number, body: object, headers: Record<string, string>) =>
  raw(market, `/seat/${seat}/press`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

async function handleOf(visitor: Visitor, label: string | RegExp): Promise<string> {
  for (const message of (await visitor.messages()).toReversed()) {
    if (message.chatId !== null) continue;
    for (const action of actionsOf(message.view)) {
      if (action.kind !== 'link' && action.label.match(label)) return action.handle;
    }
  }
  throw new Error(`no private button ${String(label)}`);
}

const own = { 'sec-fetch-site': 'same-origin' };

describe('a seat', () => {
  test('is nobody’s without its cookie, with a changed one, or with that of another place', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    const [cookie = ''] = mei.browser.cookies();
    const at = cookie.indexOf('=');
    const [name, value] = [cookie.slice(0, at), cookie.slice(at + 1)];
    expect(name).toBe(`pasar_seat_${mei.seat}`);
    const changed = value.replace(/.(?=.{40}$)/, (char) => (char === 'A' ? 'B' : 'A'));
    const forgeries: [number, string][] = [
      [mei.seat, ''],
      [mei.seat, `${name}=${changed}`],
      [mei.seat, `${name}=`],
      [mei.seat, `${name}=%00`],
      [mei.seat + 1, `pasar_seat_${mei.seat + 1}=${value}`],
      [0, cookie],
      [999, cookie],
    ];
    for (const [seat, forged] of forgeries) {
      const page = await raw(market, `/seat/${seat}`, { headers: { cookie: forged } });
      expect([seat, forged, page.status]).toEqual([seat, forged, 401]);
      expect(await page.text()).toContain('href="/"');
      const events = await raw(market, `/seat/${seat}/events`, { headers: { cookie: forged } });
      expect(events.status).toBe(401);
      const said = await press(market, seat, { handle: 'x' }, { cookie: forged, ...own });
      expect(said.status).toBe(401);
      expect(await said.json()).toMatchObject({ ok: false, fault: { code: 'session_missing' } });
    }
    expect((await raw(market, `/seat/${mei.seat}`, { headers: { cookie } })).status).toBe(200);
  });

  test('that was left cannot be taken up again with its old cookie', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    const [cookie = ''] = mei.browser.cookies();
    const left = await mei.browser.post(`/seat/${mei.seat}/leave`, '');
    expect(left.status).toBe(303);
    expect(left.headers.get('location')).toBe('/');
    expect(mei.browser.cookies()).toEqual([]);
    expect((await raw(market, `/seat/${mei.seat}`, { headers: { cookie } })).status).toBe(401);
  });

  test('lasts as long as it is used, and is over when nobody came for a month', async () => {
    const day = 24 * 60 * 60_000;
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    for (let week = 1; week <= 6; week++) {
      market.clock.moveBy(7 * day);
      const page = await mei.browser.get(`/seat/${mei.seat}`);
      expect([week, page.status]).toEqual([week, 200]);
      // The browser is told to keep it for another month.
      expect(page.headers.getSetCookie().join()).toMatch(/^pasar_seat_1=[^;]{100,};.*Max-Age=25\d{5}/i);
    }
    market.clock.moveBy(31 * day);
    expect((await mei.browser.get(`/seat/${mei.seat}`)).status).toBe(401);
  });

  test('stands beside others of the same browser, each its own person', async () => {
    const market = await startMarket();
    const browser = createBrowser(market.url);
    const mei = await market.visitor('Mei', { browser });
    const arif = await market.visitor('Arif', { browser, role: 'seller' });
    expect(mei.seat).not.toBe(arif.seat);
    expect(mei.personId).not.toBe(arif.personId);
    const door = await (await browser.get('/')).text();
    expect(door).toContain('Go on as Mei');
    expect(door).toContain('Go on as Arif');
    await mei.seesNot(/Arif's stall/, { side: 'private' });
    await arif.sees(/Hello Arif/, { side: 'private' });
  });

  test('has a cookie that scripts cannot read and other sites cannot send', async () => {
    const market = await startMarket();
    const form = new URLSearchParams({ name: 'Mei', role: 'member' });
    const entered = await raw(market, '/seats', { method: 'POST', body: form, headers: own });
    const [cookie = ''] = entered.headers.getSetCookie();
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=lax/i);
    expect(cookie).toMatch(/; Path=\//i);
  });
});

describe('a post', () => {
  test('from another site, or from no page at all, changes nothing', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    const [cookie = ''] = mei.browser.cookies();
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `${market.url}.evil.example` },
      { 'sec-fetch-site': 'cross-site', origin: market.url },
      {},
    ];
    for (const headers of foreign) {
      const answer = await press(market, mei.seat, { handle: await handleOf(mei, 'Browse') }, { cookie, ...headers });
      expect([headers, answer.status]).toEqual([headers, 403]);
      const door = await raw(market, '/seats', { method: 'POST', body: new URLSearchParams({ name: 'x' }), headers });
      expect([headers, door.status]).toEqual([headers, 403]);
      const leave = await raw(market, `/seat/${mei.seat}/leave`, { method: 'POST', headers: { cookie, ...headers } });
      expect([headers, leave.status]).toEqual([headers, 403]);
    }
    const page = await press(
      market,
      mei.seat,
      { handle: await handleOf(mei, 'Browse') },
      { cookie, origin: market.url },
    );
    expect(page.status).toBe(200);
  });

  test('that is no press, or much too large, is refused and breaks nothing', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    const [cookie = ''] = mei.browser.cookies();
    const post = (path: string, body: string) =>
      raw(market, `/seat/${mei.seat}/${path}`, {
        method: 'POST',
        body,
        headers: { cookie, ...own, 'content-type': 'application/json' },
      });
    const bodies = ['', '{', 'null', '[]', '{"handle":1}', '{"handle":"x","more":1}', '['.repeat(50_000)];
    for (const body of bodies) {
      for (const path of ['press', 'say']) {
        const answer = await post(path, body);
        expect([path, body.slice(0, 20), answer.status]).toEqual([path, body.slice(0, 20), expect.any(Number)]);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      }
    }
    expect((await post('say', `{"text":"${'x'.repeat(300_000)}"}`)).status).toBe(400);
    expect(await post('press', '{"handle":"pAAAAAAAAAAAAAAAAAAAAAA"}').then((answer) => answer.json())).toMatchObject({
      fault: { code: 'button_expired' },
    });
  });
});

describe('a button', () => {
  test('of somebody’s private side is refused to everybody else', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    await mei.press('Buy', { on: 'Mango box', side: 'Night Market' });
    const cancel = await handleOf(mei, 'Cancel the order');
    for (const role of ['member', 'seller', 'admin', 'owner'] as const) {
      const other = await market.visitor('Kofi', { role });
      const answer = await other.browser.json(`/seat/${other.seat}/press`, { handle: cancel, chatId: null });
      expect(answer).toMatchObject({ ok: false, fault: { code: 'button_of_another' } });
    }
    await mei.sees('Waiting for payment', { side: 'private' });
  });

  test('pressed ten times at once is one command', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    const card = await mei.sees('Mango box', { side: 'Night Market' });
    const add = actionsOf(card.view).find((action) => action.label === 'Add to basket');
    if (add?.kind !== 'press') throw new Error('the card has no button to press');
    const body = { handle: add.handle, chatId: card.chatId, key: 'one-wish' };
    const path = `/seat/${mei.seat}/press`;
    const answers = await Promise.all(Array.from({ length: 10 }, () => mei.browser.json(path, body)));
    expect(answers.every((answer) => (answer as { ok: boolean }).ok)).toBe(true);
    expect(await mei.reads({ side: 'private' })).toMatch(/1 × RM\s25\.00/);
  });

  test('may be pressed only so often in a while, by each seat for itself', async () => {
    const shared = sharedInMemory();
    const allow = createLimiter((rule) => shared.limit(rule), { press: { points: 3, windowS: 60 } });
    const answers = [];
    for (let at = 0; at < 4; at++) answers.push(await allow('press', 'mei'));
    expect(answers).toEqual([true, true, true, false]);
    expect(await allow('press', 'arif')).toBe(true);
    expect(await allow('say', 'mei')).toBe(true);
  });
});

describe('a page', () => {
  test('runs and styles nothing that stands in it, whatever people call themselves', async () => {
    const market = await startMarket();
    const hostile = `"><script>alert(1)</script>`;
    const mallory = await market.visitor(hostile, { role: 'seller' });
    await mallory.say('Night Market', `${hostile}'<img src=x onerror=alert(1)>{{7*7}}<!-- \u2028 javascript:alert(1)`);
    const victim = await market.visitor('Mei');
    for (const path of ['/', `/seat/${victim.seat}`, '/seat/999']) {
      for (const browser of [victim.browser, mallory.browser]) {
        const answer = await browser.get(path);
        const html = await answer.text();
        expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
        expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
        expect(html).not.toContain('alert(1)</script>');
        expect(html).not.toMatch(/<[^>]+\son\w+\s*=/i);
        expect(html).not.toMatch(/<[^>]+\sstyle\s*=/i);
        expect(html).not.toMatch(/<style/i);
        for (const [, attributes = ''] of html.matchAll(/<script([^>]*)>/g)) {
          expect(attributes).toMatch(/^ type="(module" src="\/assets\/|application\/json" id=")/);
        }
        for (const [, url = ''] of html.matchAll(/(?:src|href|action)="([^"]*)"/g)) expect(url).toMatch(/^(\/|#)/);
      }
    }
    const said = (await victim.messages()).find((message) => message.text?.includes('javascript:'));
    expect(said?.author?.name).toContain('<script>');
  });

  test('sends its own scripts and styles for ever, and nothing else from those folders', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    const html = await (await mei.browser.get(`/seat/${mei.seat}`)).text();
    const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, url = '']) => url);
    expect(files.length).toBeGreaterThan(10);
    for (const file of new Set(files)) {
      const answer = await raw(market, file);
      expect([file, answer.status]).toEqual([file, 200]);
      expect(answer.headers.get('cache-control')).toContain('immutable');
      expect(answer.headers.get('content-type')).toMatch(/^(text\/javascript|text\/css|image\/svg\+xml)/);
      if (file.endsWith('.ts')) expect(await answer.text()).not.toMatch(/^(import|export) type /m);
    }
    const [folder = ''] = /\/assets\/[0-9a-f]+\//.exec(files[0] ?? '') ?? [];
    for (const path of ['tsconfig.json', '..%2findex.ts', 'index.ts', 'wire.tsx']) {
      expect((await raw(market, folder + path)).status).toBe(404);
    }
  });
});
