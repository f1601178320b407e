import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../sandbox/server.ts';
import { bench, clientOf, press, receiver, START, temporaryFolder } from '../unit/sandbox/support.ts';

test('a restart keeps keys, books, pending payments and deliveries that were not taken', async () => {
  const databasePath = join(temporaryFolder(), 'deep', 'sandbox.db');
  const before = await bench({ databasePath, webhookUrl: 'http://127.0.0.1:1/hook' });
  const paid = await before.api.checkout();
  before.sandbox.pay(paid.id, { mode: 'now' });
  const slow = await before.api.checkout();
  before.sandbox.pay(slow.id, { mode: 'slow_success' });
  await before.sandbox.tick();
  const book = before.sandbox.book('shop-1');
  await before.sandbox.stop();

  const hook = await receiver();
  const after = await bench({ databasePath, webhookUrl: hook.url });
  expect(after.sandbox.apiKey).toBe(before.sandbox.apiKey);
  expect(after.sandbox.webhookSecret).toBe(before.sandbox.webhookSecret);
  expect(after.sandbox.book('shop-1')).toEqual(book);
  after.clock.at = START + 60_000;
  await after.sandbox.idle();
  expect(await after.api.read(slow.id)).toMatchObject({ paymentStatus: 'paid' });
  expect(new Set(hook.received.map(({ event }) => event.id))).toEqual(
    new Set(after.sandbox.events().map(({ id }) => id)),
  );
});

type Keys = { url: string; apiKey: string; webhookSecret: string };

/** `npm run sandbox` on a free port. */
async function spawnSandbox(databasePath: string): Promise<{ child: ChildProcess; said: string; keys: Keys }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../sandbox/main.ts')], {
    env: { ...process.env, SANDBOX_PORT: '0', SANDBOX_DATABASE: databasePath, HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  while (!said.includes('.json\n')) await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  return { child, said, keys: JSON.parse(readFileSync(`${databasePath}.json`, 'utf8')) as Keys };
}

test('what was answered before a kill -9 stands after it, and the keys are said nowhere but in their file', async () => {
  const databasePath = join(temporaryFolder(), 'sandbox.db');
  const first = await spawnSandbox(databasePath);
  expect(first.said).toContain(`${databasePath}.json`);
  expect(first.said).not.toContain(first.keys.apiKey);
  expect(first.said).not.toContain(first.keys.webhookSecret);
  expect(statSync(`${databasePath}.json`).mode & 0o777).toBe(0o600);
  expect(statSync(databasePath).mode & 0o777).toBe(0o600);

  const api = clientOf(first.keys);
  const expiresAt = Date.now() + 900_000;
  const checkouts = await Promise.all(Array.from({ length: 10 }, () => api.checkout({ expiresAt })));
  for (const { url } of checkouts) expect((await press(url, 'now')).status).toBe(303);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const second = await spawnSandbox(databasePath);
  expect(second.keys.apiKey).toBe(first.keys.apiKey);
  const again = clientOf(second.keys);
  for (const { id } of checkouts) expect(await again.read(id)).toMatchObject({ paymentStatus: 'paid' });
  expect((await again.get('/balance')).body).toEqual({ EUR: 10 * 1_238 });

  second.child.kill('SIGTERM');
  const [code] = (await once(second.child, 'exit')) as [number | null];
  expect(code).toBe(0);
  expect(existsSync(`${databasePath}-wal`)).toBe(false);
});

test('a taken port is an error, and the file is free again', async () => {
  const { sandbox } = await bench();
  const databasePath = join(temporaryFolder(), 'sandbox.db');
  const options = { databasePath, host: '127.0.0.1', autoTick: false };
  await expect(startSandbox({ ...options, port: sandbox.port })).rejects.toThrow('EADDRINUSE');
  const other = await startSandbox({ ...options, port: 0 });
  await other.stop();
});
