import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { bench, MINUTE, receiver, START } from './support.ts';

const HOUR = 60 * MINUTE;

function verifies(secret: string, raw: string, header: string): boolean {
  const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  return v1 === createHmac('sha256', secret).update(`${t}.${raw}`).digest('hex');
}

test('an event is posted with a signature over its raw body that only the secret makes', async () => {
  const hook = await receiver();
  const { sandbox, api } = await bench({ webhookUrl: hook.url });
  const { id } = await api.checkout();
  sandbox.pay(id, { mode: 'now' });
  await sandbox.idle();
  expect(hook.received.map(({ event }) => event.type).toSorted()).toEqual(['checkout.completed', 'payment.succeeded']);
  for (const { raw, signature } of hook.received) {
    expect(signature.startsWith(`t=${START / 1_000},`)).toBe(true);
    expect(verifies(sandbox.webhookSecret, raw, signature)).toBe(true);
    expect(verifies(sandbox.webhookSecret, `${raw} `, signature)).toBe(false);
    expect(verifies('whsec_other', raw, signature)).toBe(false);
    expect(sandbox.sign(raw)).toBe(signature);
  }
  expect(hook.received.map(({ event }) => event).toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
    sandbox.events().toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  );
});

test('a delivery that is not taken is tried again, later each time and signed afresh, until it is taken', async () => {
  const hook = await receiver();
  const { sandbox, clock, api } = await bench({ webhookUrl: hook.url });
  const { id } = await api.checkout();
  await api.request('POST', `/checkouts/${id}/expire`, {});
  hook.answers.push(500, 503, 302, 404);
  await sandbox.tick();
  expect(hook.received).toHaveLength(1);
  let tries = 1;
  for (const waitMs of [1_000, 5_000, 30_000, 120_000]) {
    clock.at += waitMs - 1;
    await sandbox.tick();
    expect(hook.received).toHaveLength(tries);
    clock.at += 1;
    await sandbox.tick();
    tries += 1;
    expect(hook.received).toHaveLength(tries);
    expect(hook.received.at(-1)?.signature).toContain(`t=${Math.floor(clock.at / 1_000)},`);
  }
  clock.at += 24 * HOUR;
  await sandbox.idle();
  expect(hook.received).toHaveLength(tries);
  expect(new Set(hook.received.map(({ raw }) => raw)).size).toBe(1);
});

test('after three days of failures an event is given up, and can still be read', async () => {
  const hook = await receiver();
  const { sandbox, clock, api } = await bench({ webhookUrl: hook.url });
  const { id } = await api.checkout();
  await api.request('POST', `/checkouts/${id}/expire`, {});
  hook.answers.push(...Array.from({ length: 200 }, () => 500));
  for (let hour = 0; hour < 80; hour++) {
    await sandbox.tick();
    clock.at += HOUR;
  }
  const tries = hook.received.length;
  expect(clock.at - START).toBeGreaterThan(72 * HOUR);
  expect(tries).toBeGreaterThan(60);
  clock.at += 24 * HOUR;
  await sandbox.tick();
  expect(hook.received).toHaveLength(tries);
  expect((await api.get('/events')).body).toMatchObject({ data: [{ type: 'checkout.expired' }] });
});

test('without an address events wait, and come once there is one', async () => {
  const { sandbox, api } = await bench();
  const { id } = await api.checkout();
  sandbox.pay(id, { mode: 'decline' });
  await sandbox.idle();
  const hook = await receiver();
  sandbox.setWebhookUrl(hook.url);
  await sandbox.idle();
  expect(hook.received.map(({ event }) => event.type)).toEqual(['payment.failed']);
});

test('a receiver that is not there is tried again, and deliverAll does not wait for the time', async () => {
  const { sandbox, api } = await bench({ webhookUrl: 'http://127.0.0.1:1/hook' });
  const { id } = await api.checkout();
  sandbox.pay(id, { mode: 'now' });
  await sandbox.tick();
  expect(await sandbox.deliverAll()).toEqual({ delivered: 0, failed: 2 });
  const hook = await receiver();
  sandbox.setWebhookUrl(hook.url);
  expect(await sandbox.deliverAll()).toEqual({ delivered: 2, failed: 0 });
  expect(await sandbox.deliverAll()).toEqual({ delivered: 0, failed: 0 });
});

test('an untidy sandbox delivers everything twice and out of order', async () => {
  const hook = await receiver();
  const { sandbox, clock, api } = await bench({ webhookUrl: hook.url, untidy: true });
  for (let made = 1; made <= 10; made++) {
    const { id } = await api.checkout();
    sandbox.pay(id, { mode: 'now' });
  }
  for (let step = 1; step <= 30; step++) {
    await sandbox.tick();
    clock.at += 250;
  }
  const sent = sandbox.events().map(({ id }) => id);
  const got = hook.received.map(({ event }) => event.id);
  expect(got.toSorted()).toEqual([...sent, ...sent].toSorted());
  expect(got.filter((id, index) => got.indexOf(id) === index)).not.toEqual(sent);
});

test('a sandbox with its own timer delivers without being asked', async () => {
  const hook = await receiver();
  const { sandbox, api } = await bench({ webhookUrl: hook.url, autoTick: true });
  const { id } = await api.checkout();
  sandbox.pay(id, { mode: 'now' });
  while (hook.received.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(hook.received).toHaveLength(2);
});
