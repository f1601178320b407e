import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { startMarket, type TestMarket } from '../support/market.ts';

const hook = (market: TestMarket, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${market.url}/webhooks/sandbox`, { method: 'POST', body, headers });

async function paidEvent(market: TestMarket): Promise<string> {
  const buyer = await market.visitor('Mei');
  await buyer.press('Buy', { on: 'Mango box', side: 'Night Market' });
  const page = await buyer.openBill();
  market.sandbox.setWebhookUrl(undefined);
  market.sandbox.pay(await page.checkout(), { mode: 'now' });
  const event = market.sandbox.events().find(({ type }) => type === 'payment.succeeded');
  if (!event) throw new Error('The sandbox has no such event.');
  return JSON.stringify(event);
}

const events = (market: TestMarket) => market.store.read((reads) => reads.inbox.dueWork(Number.MAX_SAFE_INTEGER, 1000));

describe('notices of a payment channel', () => {
  test('the same event a thousand times, fifty at once, has one effect, and every answer is 2xx', async () => {
    const market = await startMarket();
    const raw = await paidEvent(market);
    const signature = market.sandbox.sign(raw);
    const statuses = new Map<number, number>();
    let left = 1000;
    const sender = async () => {
      while (left-- > 0) {
        const { status } = await hook(market, raw, { 'sandbox-signature': signature });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 50 }, sender));
    expect([...statuses]).toEqual([[200, 1000]]);
    await market.settle();
    const [order] = await market.store.read(async (reads) => {
      const [community] = await reads.people.communities();
      const shops = await reads.people.shops(community?.id ?? '');
      return (await Promise.all(shops.map((shop) => reads.orders.ordersOfShop(shop.id, ['paid'], 10)))).flat();
    });
    expect(order?.state).toBe('paid');
    expect(await market.store.read((reads) => reads.payments.captures(order?.id ?? ''))).toHaveLength(1);
    await market.verify();
  });

  test('without the right signature nothing is written', async () => {
    const market = await startMarket();
    const raw = await paidEvent(market);
    const signature = market.sandbox.sign(raw);
    const [, good = ''] = /v1=(\w+)/.exec(signature) ?? [];
    const before = JSON.stringify(await events(market));
    const bad: [string, Record<string, string>][] = [
      [raw, {}],
      [raw, { 'sandbox-signature': '' }],
      [
        raw,
        {
          'sandbox-signature': signature.replace(
            good,
            good.replace(/^./, (first) => (first === '0' ? '1' : '0')),
          ),
        },
      ],
      [raw, { 'sandbox-signature': signature.toUpperCase() }],
      [raw, { 'sandbox-signature': market.sandbox.sign(raw, Math.floor(market.clock.now() / 1000) - 301) }],
      [`${raw} `, { 'sandbox-signature': signature }],
      [raw.slice(0, -1), { 'sandbox-signature': signature }],
      ['', { 'sandbox-signature': market.sandbox.sign('') }],
    ];
    for (const [body, headers] of bad) expect((await hook(market, body, headers)).status).toBe(401);
    expect(JSON.stringify(await events(market))).toBe(before);
  });

  test('an unknown channel is not found', async () => {
    const market = await startMarket();
    for (const channel of ['nobody', 'cash', '..%2fx', 'A'.repeat(200)]) {
      const answer = await fetch(`${market.url}/webhooks/${channel}`, { method: 'POST', body: '{}' });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
  });
});

describe('hostile bodies', () => {
  test('one that is too large or compressed is refused', async () => {
    const market = await startMarket();
    expect((await hook(market, randomBytes(257 * 1024))).status).toBe(413);
    expect((await hook(market, 'x', { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await hook(market, randomBytes(255 * 1024))).status).toBe(401);
  });

  test('one without an end is refused at the limit', async () => {
    const market = await startMarket();
    const { port } = new URL(market.url);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => {});
    socket.write('POST /webhooks/sandbox HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    for (let n = 1; n <= 8; n++) socket.write(chunk);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 413/);
    socket.destroy();
  });

  test('many large ones at once neither break it nor stop it', async () => {
    const market = await startMarket();
    const large = Buffer.alloc(10 * 1024 * 1024);
    const answers = await Promise.allSettled(Array.from({ length: 100 }, () => hook(market, large)));
    for (const answer of answers) if (answer.status === 'fulfilled') expect([413, 503]).toContain(answer.value.status);
    expect((await fetch(`${market.url}/readyz`)).status).toBe(200);
  });

  test('junk of every kind gets a 4xx', async () => {
    const market = await startMarket();
    const junk = ['{"__proto__":{"x":1}}', '['.repeat(100_000), '\uFEFF{}', '{"a":1e999}', '\0', '{"id":1,"id":2}'];
    for (const body of junk) {
      const answer = await hook(market, body, { 'sandbox-signature': market.sandbox.sign(body) });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  test('a request that never ends is not waited for by the others', async () => {
    const market = await startMarket();
    const { port } = new URL(market.url);
    const slow = Array.from({ length: 200 }, () => connect(Number(port), '127.0.0.1'));
    await Promise.all(slow.map((socket) => once(socket, 'connect')));
    for (const socket of slow) {
      socket.on('error', () => {});
      socket.write('POST /webhooks/sandbox HTTP/1.1\r\nHost: x\r\nX-');
    }
    expect((await fetch(`${market.url}/readyz`)).status).toBe(200);
    for (const socket of slow) socket.destroy();
  });
});
