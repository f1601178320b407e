// A Stripe on 127.0.0.1: strict about what it is sent, honest about its books, and as unreliable as a test orders it to be. It keeps
// keys for a day with the answers they got, stored 500s included, and signs what it tells.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { API_VERSION, Books } from './books.ts';
import { Buyers } from './buyers.ts';
import { ROUTES } from './calls.ts';
import { ApiFault, type Call, type RefundMode } from './fault.ts';
import { type Form, FormFault, parseForm } from './form.ts';
import type { FakeEvent } from './objects.ts';

export type FaultKind =
  /** The line is cut before anything was done, after it, or before it is done all the same a moment later. */
  | 'drop_before'
  | 'drop_after'
  | 'execute_late'
  /** Done, and the answer is a 500, which the key remembers; or nothing done, and the same answer. */
  | '500_done'
  | '500_not_done'
  | '503'
  | '409'
  | '429'
  | 'garbage'
  | 'wrong_shape';
type Fault = { readonly call: string; readonly kind: FaultKind; left: number };
type Kept = { at: number; print: string; status: number; body: string };
type Answer = { status: number; body: string; replayed?: boolean };

const DAY_MS = 24 * 60 * 60_000;
const BODY_MAX = 256 * 1024;

type Options = { readonly clock: { now(): number }; readonly livemode?: boolean };

export async function startFakeStripe({ clock, livemode = false }: Options) {
  const webhookSecret = `whsec_${randomBytes(24).toString('hex')}`;
  const books = new Books({ now: () => clock.now(), livemode });
  const secretKey = livemode ? 'sk_live_fake' : 'sk_test_fake';
  const refunds: { mode: RefundMode } = { mode: 'at_once' };
  /** Whether parts of an object are brought along. */
  const parts = { expands: true };
  const faults: Fault[] = [];
  const keys = new Map<string, Kept>();
  const due: { at: number; run: () => void }[] = [];
  const requests: { method: string; path: string; form: Form; key: string | undefined; account: string }[] = [];
  const later = (afterMs: number, run: () => void) => void due.push({ at: clock.now() + afterMs, run });
  let url = '';

  const refusal = (fault: ApiFault): Answer => ({ status: fault.status, body: JSON.stringify(fault.body) });

  function execute(call: Call, method: string, path: string, name: string): Answer & { begun: boolean } {
    const route = ROUTES.find((one) => one.method === method && one.name === name && one.path.test(path));
    try {
      const id = route?.path.exec(path)?.[1] ?? '';
      const body = route?.run(call, id);
      return { status: 200, body: JSON.stringify(body), begun: true };
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
      return { ...refusal(error), begun: error.begun };
    }
  }

  /** As the key remembers it, or done now. */
  function answer(
    call: Call,
    request: { method: string; path: string; name: string; key: string | undefined; print: string },
    fault?: FaultKind,
  ): Answer {
    const { method, path, name, key, print } = request;
    const slot = key === undefined ? undefined : `${call.account} ${key}`;
    const kept = slot === undefined ? undefined : keys.get(slot);
    if (kept && clock.now() - kept.at < DAY_MS) {
      if (kept.print !== print) {
        const message =
          'Keys for idempotent requests can only be used with the same parameters they were first used with.';
        return refusal(new ApiFault(400, { type: 'idempotency_error', message }));
      }
      return { status: kept.status, body: kept.body, replayed: true };
    }
    const done = fault === '500_not_done' ? { status: 200, body: '', begun: true } : execute(call, method, path, name);
    const broken = fault === '500_done' || fault === '500_not_done';
    const told = broken
      ? { status: 500, body: JSON.stringify({ error: { type: 'api_error', message: 'Sorry.' } }) }
      : done;
    if (slot !== undefined && done.begun) keys.set(slot, { at: clock.now(), print, ...told });
    return told;
  }

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = new URL(message.url ?? '/', url);
    const method = message.method ?? 'GET';
    const account = String(message.headers['stripe-context'] ?? message.headers['stripe-account'] ?? '');
    const key = message.headers['idempotency-key'];
    const text = method === 'GET' ? at.search.slice(1) : await bodyOf(message);
    const route = ROUTES.find((one) => one.method === method && one.path.test(at.pathname));
    const send = ({ status, body, replayed = false }: Answer) =>
      void response
        .writeHead(status, {
          'content-type': 'application/json',
          'request-id': books.id('req'),
          ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
        })
        .end(body);
    const objection = objectionTo(message, { method, account, key });
    if (objection) return send(refusal(objection));
    if (!route)
      return send(refusal(new ApiFault(404, { message: `Unrecognized request URL (${method}: ${at.pathname}).` })));
    let form: Form;
    try {
      form = parseForm(text);
    } catch (error) {
      if (!(error instanceof FormFault)) throw error;
      return send(refusal(new ApiFault(400, { message: error.message })));
    }
    requests.push({ method, path: at.pathname, form, key: String(key ?? ''), account });
    const call: Call = { books, account, form, url, refunds, later, parts };
    const print = createHash('sha256').update(`${method} ${at.pathname} ${text}`).digest('hex');
    const request = {
      method,
      path: at.pathname,
      name: route.name,
      key: method === 'POST' ? String(key) : undefined,
      print,
    };
    const fault = faults.find((one) => one.call === route.name && one.left > 0);
    if (!fault) return send(answer(call, request));
    fault.left -= 1;
    switch (fault.kind) {
      case 'drop_before':
        return void message.socket.destroy();
      case 'drop_after':
        answer(call, request);
        return void message.socket.destroy();
      case 'execute_late':
        later(1, () => void answer(call, request));
        return void message.socket.destroy();
      case '500_done':
      case '500_not_done':
        return send(answer(call, request, fault.kind));
      case '503':
        return send(refusal(new ApiFault(503, { type: 'api_error', message: 'Overloaded.' })));
      case '409':
        return send(
          refusal(
            new ApiFault(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message: 'In progress.' }),
          ),
        );
      case '429':
        return send(refusal(new ApiFault(429, { code: 'rate_limit', message: 'Too many requests.' })));
      case 'garbage':
        answer(call, request);
        return send({ status: 200, body: '<html>' });
      case 'wrong_shape':
        answer(call, request);
        return send({ status: 200, body: '{"object":"teapot"}' });
      default:
        return fault.kind satisfies never;
    }
  }

  function objectionTo(
    message: IncomingMessage,
    { method, account, key }: { method: string; account: string; key: unknown },
  ): ApiFault | undefined {
    if (message.headers.authorization !== `Bearer ${secretKey}`)
      return new ApiFault(401, { message: 'Invalid API Key provided.' });
    if (message.headers['stripe-version'] !== API_VERSION)
      return new ApiFault(400, { message: 'Invalid Stripe API version.' });
    const type = message.headers['content-type'];
    if (method === 'POST' && type !== 'application/x-www-form-urlencoded')
      return new ApiFault(400, { message: `Not a form: ${type}` });
    if (method === 'POST' && (typeof key !== 'string' || key.length > 255))
      return new ApiFault(400, { message: 'No usable Idempotency-Key.' });
    return books.has(account)
      ? undefined
      : new ApiFault(403, { code: 'account_invalid', message: `The key has no access to account '${account}'.` });
  }

  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  url = `http://127.0.0.1:${bound.port}`;

  /** What is due by now, in its order. */
  const tick = () => {
    for (;;) {
      due.sort((a, b) => a.at - b.at);
      if ((due[0]?.at ?? Infinity) > clock.now()) return;
      due.shift()?.run();
    }
  };
  const header = (body: string, atMs = clock.now(), secret = webhookSecret) => {
    const t = Math.floor(atMs / 1000);
    return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
  };
  return {
    ...{ url, books, secretKey, webhookSecret, refunds, requests, tick, header },
    buyers: new Buyers(books),
    parts,
    fault: (call: string, kind: FaultKind, times = 1) => void faults.push({ call, kind, left: times }),
    events: (): readonly FakeEvent[] => books.events,
    session: (reference: string) => {
      for (const account of ['', ...books.accounts.keys()]) {
        const found = books.shelf(account).sessions.findLast((one) => one.client_reference_id === reference);
        if (found) return found;
      }
      throw new Error(`no session of ${reference}`);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_MAX) throw new Error('too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
