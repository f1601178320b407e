import { once } from 'node:events';
import { statSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Request, RequestHandler, Response } from 'express';
import { describe, expect, onTestFinished, test } from 'vitest';
import { originGate } from '../../adapters/web/origin-gate.ts';
import { readConfig } from '../../src/config.ts';
import { sameOriginOnly } from '../../src/http/same-origin.ts';
import { type Market, openMarket } from '../../src/market.ts';
import { createLog } from '../../src/runtime/log.ts';
import { createBrowser } from '../support/browser.ts';
import { startMarket, type TestMarket } from '../support/market.ts';
import { temporaryFolder } from '../support/stores.ts';

const portOf = (market: TestMarket): number => Number(market.given.env['PORT']);

async function askedAs(market: TestMarket, path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const asked = get({ host: '127.0.0.1', port: portOf(market), path, headers });
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer;
}

/** A request whose body begins and never ends. */
async function dawdler(market: TestMarket, head: string): Promise<Socket> {
  const socket = connect(portOf(market), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.on('error', () => {});
  socket.write(`${head}\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\nx`);
  return socket;
}

describe('whoever sends slowly', () => {
  test('takes no provider’s place at the webhooks', async () => {
    const market = await startMarket();
    await Promise.all(Array.from({ length: 80 }, () => dawdler(market, 'POST /webhooks/sandbox HTTP/1.1')));
    const answer = await fetch(`${market.url}/webhooks/sandbox`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
  });

  test('is cut when too many of them come, the oldest first', async () => {
    const market = await startMarket();
    const first = await dawdler(market, 'POST /webhooks/sandbox HTTP/1.1');
    const cut = once(first, 'close');
    await Promise.all(Array.from({ length: 520 }, () => dawdler(market, 'POST /webhooks/sandbox HTTP/1.1')));
    await cut;
    expect((await fetch(`${market.url}/webhooks/sandbox`, { method: 'POST', body: '{}' })).status).toBe(401);
  });

  test('holds two photos of a seat in memory, not more', async () => {
    const market = await startMarket();
    const arif = await market.visitor('Arif', { role: 'seller' });
    const cookie = arif.browser.cookies().join('; ');
    const head = `POST /seat/${arif.seat}/photos HTTP/1.1\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin`;
    const send = () => arif.browser.post(`/seat/${arif.seat}/photos`, 'no picture');
    const slow = [await dawdler(market, head), await dawdler(market, head)];
    await expect.poll(async () => (await send()).status).toBe(429);
    for (const socket of slow) socket.destroy();
    await expect.poll(async () => (await send()).status).toBe(422);
  });
});

describe('a name that is not ours', () => {
  test('is not answered on this machine, where only a page that was led here can use it', async () => {
    const market = await startMarket();
    for (const host of ['evil.example', `evil.example:${portOf(market)}`, '127.0.0.1.evil.example', 'localhost.evil'])
      for (const path of ['/', '/metrics', '/seat/1']) {
        expect([host, path, (await askedAs(market, path, { host })).statusCode]).toEqual([host, path, 421]);
      }
    for (const host of [`127.0.0.1:${portOf(market)}`, '127.0.0.1', `[::1]:${portOf(market)}`, 'localhost:8080'])
      expect((await askedAs(market, '/metrics', { host })).statusCode).toBe(200);
  });

  test('leads nobody elsewhere, whatever a header or a path says', async () => {
    const market = await startMarket({ env: { PUBLIC_URL: 'https://market.example.org', DEMO: 'public' } });
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    for (const path of [
      '/',
      '//evil.example',
      '/seat/1',
      '/?next=https://evil.example',
      '/pay/aaaaaaaaaaaaaaaaaaaaaa',
    ]) {
      const answer = await askedAs(market, path, headers);
      expect([path, answer.headers.location]).toEqual([path, undefined]);
    }
    const here = `http://127.0.0.1:${portOf(market)}`;
    const entered = await createBrowser(here).post('/seats?next=//evil.example', new URLSearchParams({ name: 'Mei' }));
    expect(entered.headers.get('location')).toBe('/seat/1');
    const [cookie = ''] = entered.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-pasar_seat_1=.*; Path=\/;.*; Secure/i);
    expect(cookie).not.toMatch(/domain=/i);
  });
});

describe('where a post comes from', () => {
  const passes = (gate: RequestHandler, headers: Record<string, string>): boolean => {
    let passed = false;
    void gate({ method: 'POST', headers } as unknown as Request, {} as Response, () => {
      passed = true;
    });
    return passed;
  };

  test('is believed of a browser that is too old to say more only under our own name and kind of line', () => {
    const cases: [string, Record<string, string>, boolean][] = [
      ['https://market.example', { host: 'market.example', origin: 'https://market.example' }, true],
      ['https://market.example', { host: 'market.example', origin: 'http://market.example' }, false],
      ['https://market.example', { host: '127.0.0.1:3000', origin: 'https://market.example' }, true],
      ['https://market.example', { host: 'market.example', origin: 'https://evil.example' }, false],
      ['http://127.0.0.1:3000', { host: '192.168.1.5:3000', origin: 'http://192.168.1.5:3000' }, true],
      ['http://127.0.0.1:3000', { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3001' }, false],
      ['http://127.0.0.1:3000', { host: '127.0.0.1:3000', origin: 'null' }, false],
      ['http://127.0.0.1:3000', { host: '127.0.0.1:3000' }, false],
    ];
    for (const [publicUrl, headers, ours] of cases) {
      for (const gate of [sameOriginOnly, originGate]) {
        expect([
          headers,
          passes(
            gate(publicUrl, () => {}),
            headers,
          ),
        ]).toEqual([headers, ours]);
      }
    }
  });

  test('matters for the bill as well: another site’s form goes on to no payment', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    await mei.press('Buy', { on: 'Mango box', side: 'Night Market' });
    const bill = await mei.openBill();
    const foreign: Record<string, string>[] = [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }];
    for (const headers of foreign) {
      const answer = await mei.browser.post(bill.path, '', headers);
      expect([headers, answer.status]).toEqual([headers, 403]);
    }
    expect(market.sandbox.events()).toEqual([]);
  });
});

describe('an answer of any kind', () => {
  test('may not be framed, guessed at or scripted', async () => {
    const market = await startMarket();
    const paths = ['/', '/livez', '/readyz', '/metrics', '/nothing', '/webhooks/%E0', '/webhooks/none', '/seat/1'];
    for (const path of [...paths, '/seat/1/events', '/pay/none', '/pay/%E0', '/images/none', '/assets/..%2fmain.ts']) {
      const { headers } = await fetch(`${market.url}${path}`);
      expect([path, headers.get('content-security-policy')]).toEqual([
        path,
        expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'/),
      ]);
      expect([path, headers.get('x-frame-options'), headers.get('x-content-type-options')]).toEqual([
        path,
        'DENY',
        'nosniff',
      ]);
    }
  });

  test('that is somebody’s own is kept by no cache', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    await mei.press('Buy', { on: 'Mango box', side: 'Night Market' });
    const bill = await mei.openBill();
    for (const path of ['/', `/seat/${mei.seat}`, bill.path, `${bill.path}/return`]) {
      expect([path, (await mei.browser.get(path)).headers.get('cache-control')]).toEqual([path, 'no-store']);
    }
    const stream = await mei.browser.get(`/seat/${mei.seat}/events`);
    expect(stream.headers.get('cache-control')).toContain('no-store');
    await stream.body?.cancel();
  });
});

describe('a bill’s link', () => {
  test('goes on only so often in a minute', async () => {
    const market = await startMarket();
    const mei = await market.visitor('Mei');
    await mei.press('Buy', { on: 'Mango box', side: 'Night Market' });
    const bill = await mei.openBill();
    for (let time = 1; time <= 20; time++) expect((await bill.goOn()).ok).toBe(true);
    const answer = await mei.browser.post(bill.path, '');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('location')).toBeNull();
    market.clock.moveBy(61_000);
    expect((await bill.goOn()).ok).toBe(true);
  });

  test('that somebody invents opens nothing', async () => {
    const market = await startMarket();
    for (const token of ['a'.repeat(22), '../../seat/1', '%2e%2e', "' or 1=1--", 'a'.repeat(5000)]) {
      const answer = await fetch(`${market.url}/pay/${encodeURIComponent(token)}`);
      expect([token, answer.status]).toEqual([token, 404]);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });
});

describe('a database', () => {
  const open = async (folder: string, DEMO: string): Promise<Market> => {
    const settings = readConfig({ DEMO, PORT: '0', SANDBOX_PORT: '0', DATABASE_URL: `sqlite:${join(folder, 'p.db')}` });
    if (!settings.ok) throw new Error(settings.faults.join('\n'));
    const market = await openMarket(settings.config, createLog({ level: 'silent' }), { timers: false });
    onTestFinished(() => market.stop());
    return market;
  };

  test('of a demo becomes no real market, and a real market no demo', async () => {
    const [demo, real] = [temporaryFolder(), temporaryFolder()];
    await (await open(demo, 'on')).stop();
    await expect(open(demo, 'off')).rejects.toThrow(/holds a demo.*DEMO is off/);
    await (await open(demo, 'on')).stop();
    await (await open(real, 'off')).stop();
    await expect(open(real, 'on')).rejects.toThrow(/holds a real market and DEMO is on/);
    await expect(open(real, 'public')).rejects.toThrow(/holds a real market and DEMO is public/);
    await (await open(real, 'off')).stop();
  });

  test.skipIf(process.platform === 'win32')('and its key are for the user who runs the market alone', async () => {
    const folder = temporaryFolder();
    await open(folder, 'on');
    for (const file of ['p.db', 'p.db-wal', 'p.db.key', 'sandbox.db']) {
      expect([file, statSync(join(folder, file)).mode & 0o077]).toEqual([file, 0]);
    }
  });
});
