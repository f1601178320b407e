import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { createApi, send } from './api.ts';
import { secretsOf, setRefundMode, type Bank, type RefundMode, type Terms } from './bank.ts';
import { openBook } from './book.ts';
import { type DisputeChoice, type DisputeStep, openDispute, stepDispute, warn } from './disputes.ts';
import { allEvents } from './events.ts';
import { createFaults, type Fault } from './faults.ts';
import type { CheckoutObject, DisputeObject, PayoutObject, SandboxEvent, StatementLine } from './objects.ts';
import { createPages } from './page-routes.ts';
import { pay, type PayChoice } from './payments.ts';
import { failPayout, payOut } from './payouts.ts';
import { Problem, problemReply } from './problem.ts';
import { auditBooks, balanceOf, linesOf } from './statement.ts';
import { createCourier, signature } from './webhooks.ts';
import { createWorker, type Worker } from './worker.ts';

const TICK_EVERY_MS = 250;
const STOP_GRACE_MS = 2_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

export type SandboxOptions = {
  /** Its own SQLite file (its folder is made), or `:memory:`. */
  databasePath: string;
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** Integer milliseconds since 1970; the real clock unless told. */
  clock?: { now(): number };
  /** Where events are posted; asked at each try. Without one, events wait (up to three days). */
  webhookUrl?: string | (() => string | undefined) | undefined;
  log?: (line: string) => void;
  /** False: nothing happens by itself, tests move their clock and call `tick`. */
  autoTick?: boolean;
  /** As browsers reach it, when that is not `http://host:port`. */
  publicUrl?: string | undefined;
  untidy?: boolean;
  /** Basis points of a succeeded payment, rounded down: 100 (1%) unless told. */
  feeBps?: number;
  slowMs?: number;
  lateMs?: number;
  /** Minor units kept for each dispute: 500 unless told. */
  disputeFee?: number;
  payoutMs?: number;
};

export type Sandbox = {
  url: string;
  port: number;
  apiKey: string;
  webhookSecret: string;
  setWebhookUrl(url: string | undefined): void;
  /** Does all that is due at the clock's now: expiries, slow and late payments, refunds, webhook deliveries. */
  tick(): Promise<void>;
  /** Ticks until nothing is due. Never call it or `tick` from inside a webhook handler: they would wait for each other. */
  idle(): Promise<void>;
  stop(): Promise<void>;
  /** For tests and the demo, in-process only. `pay` is what the page's buttons call. Throws a `Problem`. */
  pay(checkoutId: string, choice: PayChoice): CheckoutObject;
  fault(next: Fault): void;
  clearFaults(): void;
  refundMode(account: string, mode: RefundMode): void;
  /** The payer's bank takes a payment up; the merchant or the bank moves it on. They throw a `Problem`. */
  dispute(paymentId: string, choice?: DisputeChoice): DisputeObject;
  stepDispute(disputeId: string, step: DisputeStep): DisputeObject;
  /** The bank warns of fraud and moves nothing. */
  warn(paymentId: string): void;
  /** Sends every positive balance to the account's bank. */
  payOut(account: string): PayoutObject[];
  failPayout(payoutId: string): PayoutObject;
  book(account: string): StatementLine[];
  balance(account: string): Record<string, number>;
  /** Throws, and says what, when the books do not add up. */
  audit(): void;
  events(): SandboxEvent[];
  /** One try of every delivery that waits, due or not. */
  deliverAll(): Promise<{ delivered: number; failed: number }>;
  /** The `Sandbox-Signature` of this raw body at `t` (unix seconds; the clock's now unless told). */
  sign(raw: string, t?: number): string;
};

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { log = () => {}, clock = { now: () => Date.now() } } = options;
  const book = openBook(options.databasePath);
  const { apiKey, webhookSecret } = secretsOf(book);
  let url = '';
  let { webhookUrl } = options;
  let wakeSoon = (): void => {};

  const bank: Bank = {
    book,
    now: () => clock.now(),
    terms: termsOf(options),
    pageUrl: (id, token) => `${url}/checkout/${id}?k=${token}`,
    nudge: () => wakeSoon(),
  };
  auditBooks(bank);

  const courier = createCourier({
    bank,
    secret: webhookSecret,
    url: () => (typeof webhookUrl === 'function' ? webhookUrl() : webhookUrl),
    log,
  });
  const worker = createWorker({ bank, courier, log });
  const faults = createFaults();
  const app = createApp(bank);
  app.use('/v1', createApi({ bank, apiKey, faults, nextTick: () => worker.nextTick(), log }));
  app.use(createPages(bank));
  app.use(errorReply(log));

  const server = await listen(app, options).catch((error: unknown) => {
    book.close();
    throw error;
  });
  const port = portOf(server);
  url = options.publicUrl ?? `http://${browsable(options.host)}:${port}`;
  let timer: NodeJS.Timeout | undefined;
  if (options.autoTick !== false) {
    timer = setInterval(() => worker.wake(), TICK_EVERY_MS).unref();
    wakeSoon = () => void setImmediate(() => worker.wake()).unref();
  }

  return {
    url,
    port,
    apiKey,
    webhookSecret,
    setWebhookUrl(next) {
      webhookUrl = next;
    },
    tick: () => worker.tick(),
    idle: () => worker.idle(),
    stop: () => stop(server, worker, timer, () => book.close()),
    pay(checkoutId, choice) {
      const paid = book.transact(() => pay(bank, checkoutId, choice));
      bank.nudge();
      return paid;
    },
    fault: (next) => faults.plan(next),
    clearFaults: () => faults.clear(),
    refundMode: (account, mode) => setRefundMode(bank, account, mode),
    ...bankSide(bank),
    book: (account) => linesOf(bank, { account }),
    balance: (account) => balanceOf(bank, account),
    audit: () => auditBooks(bank),
    events: () => allEvents(bank),
    deliverAll: () => worker.deliverAll(),
    sign: (raw, t = Math.floor(bank.now() / 1_000)) => signature({ secret: webhookSecret, raw, t }),
  };
}

/** What happens at banks, outside of the API. */
function bankSide(bank: Bank): Pick<Sandbox, 'dispute' | 'stepDispute' | 'warn' | 'payOut' | 'failPayout'> {
  const act = <T>(work: () => T): T => {
    const done = bank.book.transact(work);
    bank.nudge();
    return done;
  };
  return {
    dispute: (paymentId, choice = {}) => act(() => openDispute(bank, paymentId, choice)),
    stepDispute: (id, step) => act(() => stepDispute(bank, id, step)),
    warn: (paymentId) => void act(() => warn(bank, paymentId)),
    payOut: (account) => act(() => payOut(bank, account)),
    failPayout: (id) => act(() => failPayout(bank, id)),
  };
}

function termsOf(options: SandboxOptions): Terms {
  const { feeBps = 100, slowMs = 10_000, lateMs = 90_000, untidy = false } = options;
  const { disputeFee = 500, payoutMs = DAY_MS } = options;
  if (!Number.isInteger(feeBps) || feeBps < 0 || feeBps > 10_000) {
    throw new Error('sandbox: feeBps must be a whole number from 0 to 10000');
  }
  return { feeBps, slowMs, lateMs, untidy, disputeFee, payoutMs, respondMs: 7 * DAY_MS };
}

function createApp(bank: Bank): Express {
  const app = express();
  app.disable('x-powered-by').set('query parser', 'simple');
  app.use((_req, res, next) => {
    // Callers compare clocks by this header, so it follows the sandbox's own.
    res.set({ date: new Date(bank.now()).toUTCString(), 'x-content-type-options': 'nosniff' });
    next();
  });
  app.get('/livez', (_req, res) => void res.json({ status: 'ok' }));
  app.get('/', (_req, res) => void res.type('text').send('Sandbox payments: no real money. The API is under /v1.\n'));
  return app;
}

/** Refusals keep their code; a body that is too large or not JSON is the caller's; the rest is ours and is logged. */
function errorReply(log: (line: string) => void): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    send(res, problemReply(problemOf(error, () => log(`sandbox ${req.method} ${req.path}: ${String(error)}`))));
  };
}

function problemOf(error: unknown, tell: () => void): Problem {
  if (error instanceof Problem) return error;
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (status === 413) return new Problem('body_too_large', 'The body is too large.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem('invalid_request', 'The request could not be read.');
  }
  tell();
  return new Problem('internal_error', 'Something broke on our side.');
}

async function listen(app: Express, { host, port }: SandboxOptions): Promise<Server> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, app);
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('sandbox: not listening on a port');
  return address.port;
}

function browsable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

async function stop(server: Server, worker: Worker, timer: NodeJS.Timeout | undefined, close: () => void) {
  clearInterval(timer);
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS).unref();
  await worker.stop();
  await closed;
  clearTimeout(force);
  close();
}
