import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CheckoutObject, RefundObject, SandboxEvent } from '../../../sandbox/objects.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/server.ts';

export const START = 1_800_000_000_000;
export const MINUTE = 60_000;

export type Answer<Body> = { status: number; headers: Headers; body: Body };

export type Call = { key?: string; account?: string };

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A sandbox on a free port with a clock of its own that only the test moves. */
export async function bench(options: Partial<SandboxOptions> = {}) {
  const clock = { at: START, now: () => clock.at };
  const sandbox = await startSandbox({
    databasePath: join(temporaryFolder(), 'sandbox.db'),
    host: '127.0.0.1',
    port: 0,
    clock,
    autoTick: false,
    ...options,
  });
  onTestFinished(() => sandbox.stop());
  return { sandbox, clock, api: clientOf(sandbox) };
}

export function clientOf(sandbox: Pick<Sandbox, 'url' | 'apiKey'>) {
  let made = 0;
  async function request<Body>(method: string, path: string, { key, account = 'shop-1' }: Call, body?: unknown) {
    const response = await fetch(`${sandbox.url}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${sandbox.apiKey}`,
        'sandbox-account': account,
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
  }
  return {
    request,
    get: <Body>(path: string, call: Call = {}) => request<Body>('GET', path, call),
    /** Refuses to be wrong about the answer: use `request` to look at refusals. */
    async checkout(input: Record<string, unknown> = {}, call: Call = {}): Promise<CheckoutObject> {
      const body = checkoutBody({ reference: `attempt-${++made}`, ...input });
      const key = `key-${String(body['reference'])}`;
      return expectOk(await request<CheckoutObject>('POST', '/checkouts', { key, ...call }, body));
    },
    async read(id: string, call: Call = {}): Promise<CheckoutObject> {
      return expectOk(await request<CheckoutObject>('GET', `/checkouts/${id}`, call));
    },
    refund: (input: Record<string, unknown>, call: Call = {}) =>
      request<RefundObject & Refused>('POST', '/refunds', { key: `key-${String(input['reference'])}`, ...call }, input),
  };
}

export type Refused = { error?: { code: string; message: string; retryable: boolean } };

function expectOk<Body>({ status, body }: Answer<Body>): Body {
  if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

export function checkoutBody(input: Record<string, unknown> = {}): Record<string, unknown> {
  const amount = input['amount'] ?? 1_250;
  return {
    reference: 'attempt-1',
    amount,
    currency: 'EUR',
    lines: [{ title: 'Sambal', quantity: 1, amount }],
    description: 'Order 1',
    returnUrl: 'http://127.0.0.1:9/return',
    cancelUrl: 'http://127.0.0.1:9/cancel',
    expiresAt: START + 15 * MINUTE,
    metadata: { orderId: 'o1', attemptId: 'a1', shop: 'Kitchen' },
    ...input,
  };
}

/** What a market's webhook endpoint sees; `answers` are the next statuses it gives, then 200. */
export async function receiver() {
  const received: { event: SandboxEvent; raw: string; signature: string }[] = [];
  const answers: number[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      const signature = String(req.headers['sandbox-signature']);
      received.push({ event: JSON.parse(raw) as SandboxEvent, raw, signature });
      res.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/hook`, received, answers };
}

/** Presses a button of the hosted page, as a browser without scripts does. */
export function press(url: string, choice: string, form: 'pay' | 'later' = 'pay'): Promise<Response> {
  const { origin, pathname, search } = new URL(url);
  return fetch(`${origin}${pathname}/${form}${search}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ choice }),
  });
}
