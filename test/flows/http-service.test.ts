import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startMarket } from '../support/market.ts';
import { temporaryFolder } from '../support/stores.ts';

describe('every answer', () => {
  test('carries strict headers and an id, and names no software', async () => {
    const market = await startMarket();
    const answer = await fetch(`${market.url}/`);
    expect(answer.status).toBe(200);
    const { headers } = answer;
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*script-src 'self';/);
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,}$/);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  test('an unknown path is not found, and nothing can be asked by arrays in a query', async () => {
    const market = await startMarket();
    expect((await fetch(`${market.url}/nothing/here`)).status).toBe(404);
    const query = Array.from({ length: 300 }, (_, at) => `a[]=${at}`).join('&');
    expect((await fetch(`${market.url}/?${query}`)).status).toBe(200);
  });

  test('whoever types localhost is led to the one name that their cookies belong to', async () => {
    const market = await startMarket();
    const { port } = new URL(market.url);
    const asked = get(`${market.url}/seat/1?x=1`, { headers: { host: `localhost:${port}` } });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(307);
    expect(answer.headers.location).toBe(`${market.url}/seat/1?x=1`);
  });

  test('a told public address by https asks browsers to keep to https', async () => {
    const market = await startMarket({ env: { PUBLIC_URL: 'https://market.example.org', DEMO: 'public' } });
    const { port } = new URL(`http://127.0.0.1:${market.given.env['PORT'] ?? ''}`);
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=\d{7,}/);
    expect(market.url).toBe('https://market.example.org');
  });
});

describe('health', () => {
  test('it is alive and ready, then unready as soon as it means to stop', async () => {
    const market = await startMarket({ overrides: { noticeMs: 300 } });
    expect((await fetch(`${market.url}/livez`)).status).toBe(200);
    expect((await fetch(`${market.url}/readyz`)).status).toBe(200);
    const stopped = market.stop();
    expect((await fetch(`${market.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${market.url}/livez`)).status).toBe(200);
    await stopped;
    await expect(fetch(`${market.url}/livez`)).rejects.toThrow();
  });

  test('what has begun is finished before it closes', async () => {
    const market = await startMarket();
    const buyer = await market.visitor('Mei');
    const presses = Array.from({ length: 20 }, () =>
      buyer.press('Buy', { on: 'Mango box', side: 'Night Market' }).catch(() => null),
    );
    const said = buyer.say('Night Market', 'the last words').catch(() => ({ ok: false }));
    await market.stop();
    await Promise.all(presses);
    expect(await said).toBeDefined();
    const again = await startMarket({ like: market });
    await again.settle();
    await again.verify();
  });
});

describe('figures', () => {
  test('are for this machine, unless a token is set', async () => {
    const market = await startMarket();
    await market.visitor('Mei');
    const answer = await fetch(`${market.url}/metrics`);
    const text = await answer.text();
    expect(answer.headers.get('content-type')).toContain('text/plain');
    for (const name of [
      'pasar_http_request_seconds_count',
      'pasar_outbox_messages',
      'pasar_outbox_overdue_seconds',
      'pasar_inbox_waiting',
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
    ]) {
      expect(text).toContain(name);
    }
    expect(text).not.toMatch(/\/seat\/\d/);
    const proxied = await fetch(`${market.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(proxied.status).toBe(403);
  });

  test('are given to whoever has the token', async () => {
    const token = 'a-token-for-prometheus';
    const market = await startMarket({ env: { METRICS_TOKEN: token } });
    const ask = (authorization?: string) =>
      fetch(`${market.url}/metrics`, { headers: authorization === undefined ? {} : { authorization } });
    expect((await ask()).status).toBe(401);
    expect((await ask('Bearer wrong')).status).toBe(401);
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
  });
});

describe('a start that cannot be', () => {
  test('names a busy port and what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? String(address.port) : '';
    await expect(startMarket({ env: { PORT: port } })).rejects.toThrow(
      `Port ${port} is taken: stop the program that uses it`,
    );
    await expect(startMarket({ env: { SANDBOX_PORT: port } })).rejects.toThrow(/set SANDBOX_PORT to another one/);
    server.close();
  });

  test('names a data folder that cannot be written', async () => {
    const file = join(temporaryFolder(), 'a-file');
    writeFileSync(file, '');
    await expect(startMarket({ env: { DATABASE_URL: `sqlite:${file}/data/pasar.db` } })).rejects.toThrow(
      /The data folder .*a-file\/data cannot be written .* DATABASE_URL/,
    );
  });

  test('names an address that is not of this machine', async () => {
    await expect(startMarket({ env: { HOST: '203.0.113.1', DEMO: 'public' } })).rejects.toThrow(
      /HOST is 203\.0\.113\.1/,
    );
  });

  test('names a PostgreSQL that does not answer', async () => {
    await expect(startMarket({ env: { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' } })).rejects.toThrow(
      /PostgreSQL does not answer at 127\.0\.0\.1:1: start it/,
    );
  });

  test('a second process on the same file is refused with the reason', async () => {
    const market = await startMarket();
    const other = { PORT: '0', SANDBOX_PORT: '0' };
    await expect(startMarket({ like: market, env: other })).rejects.toThrow(/Another process has the database/);
  });

  test('a database that was sealed with another key is refused', async () => {
    const market = await startMarket();
    await market.stop();
    const env = { SECRET_KEY: 'quite another key than the one it was made with' };
    await expect(startMarket({ like: market, env })).rejects.toThrow(/sealed with another key: set SECRET_KEY/);
    const rotated = await startMarket({
      like: market,
      env: { ...env, SECRET_KEY_PREVIOUS: market.given.env['SECRET_KEY'] ?? '' },
    });
    await rotated.verify();
  });
});
