import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import { createCheckout, expireCheckout, findCheckout, listCheckouts, viewCheckout } from './checkouts.ts';
import type { Bank } from './bank.ts';
import { retrieveDispute } from './disputes.ts';
import { listEvents } from './events.ts';
import type { FaultKind, Faults, Operation } from './faults.ts';
import { once, type Reply } from './idempotency.ts';
import { Problem, problemReply } from './problem.ts';
import { createRefund, listRefunds, retrieveRefund } from './refunds.ts';
import * as requests from './requests.ts';
import { auditBooks, balanceOf, linesOf, statementCsv } from './statement.ts';

export type ApiDeps = {
  bank: Bank;
  apiKey: string;
  faults: Faults;
  /** Resolves at the next tick: for calls that a fault holds back. */
  nextTick: () => Promise<void>;
  log: (line: string) => void;
};

type Call = { account: string; req: Request; fault: FaultKind | undefined };
type Handler = (call: Call) => Reply | { csv: string };

/** The JSON API under /v1. Every answer that tells of a change is sent after the change is durable. */
export function createApi(deps: ApiDeps): Router {
  const api = express.Router();
  api.use(express.json({ limit: '64kb', strict: true }));
  addCheckouts(api, deps);
  addRefunds(api, deps);
  addDisputes(api, deps);
  addBook(api, deps);
  api.use((req) => {
    throw new Problem('not_found', `There is no ${req.method} ${req.baseUrl}${req.path}.`);
  });
  return api;
}

function addCheckouts(api: Router, deps: ApiDeps): void {
  const { bank } = deps;
  api.post(
    '/checkouts',
    keyed(deps, 'createCheckout', (account, body) => {
      const input = requests.parseCheckout(body);
      return () => createCheckout(bank, account, input);
    }),
  );
  api.get(
    '/checkouts',
    step(deps, 'listCheckouts', (account, req) =>
      list(listCheckouts(bank, account, requests.parseListQuery(req.query).reference)),
    ),
  );
  api.get(
    '/checkouts/:id',
    step(deps, 'retrieveCheckout', (account, req) =>
      viewCheckout(bank, findCheckout(bank, { id: idOf(req), account })),
    ),
  );
  api.post(
    '/checkouts/:id/expire',
    step(deps, 'expireCheckout', (account, req) => expireCheckout(bank, account, idOf(req))),
  );
}

function addRefunds(api: Router, deps: ApiDeps): void {
  const { bank } = deps;
  api.post(
    '/refunds',
    keyed(deps, 'createRefund', (account, body) => {
      const input = requests.parseRefund(body);
      return () => createRefund(bank, account, input);
    }),
  );
  api.get(
    '/refunds',
    step(deps, 'listRefunds', (account, req) =>
      list(listRefunds(bank, account, requests.parseListQuery(req.query).reference)),
    ),
  );
  api.get(
    '/refunds/:id',
    step(deps, 'retrieveRefund', (account, req) => retrieveRefund(bank, account, idOf(req))),
  );
}

function addDisputes(api: Router, deps: ApiDeps): void {
  api.get(
    '/disputes/:id',
    step(deps, 'retrieveDispute', (account, req) => retrieveDispute(deps.bank, account, idOf(req))),
  );
}

/** What the account's own books are compared with: never answered from a book that does not add up. */
function addBook(api: Router, deps: ApiDeps): void {
  const { bank } = deps;
  api.get(
    '/balance',
    step(deps, 'balance', (account) => {
      auditBooks(bank, account);
      return balanceOf(bank, account);
    }),
  );
  api.get(
    '/events',
    step(deps, 'listEvents', (account, req) => ({
      object: 'list',
      ...listEvents(bank, { account, ...requests.parseEventsQuery(req.query) }),
    })),
  );
  api.get(
    '/statement',
    run(deps, 'statement', ({ account, req }) => {
      const { from, to, format } = requests.parseStatementQuery(req.query);
      const lines = bank.book.transact(() => {
        auditBooks(bank, account);
        return linesOf(bank, { account, from, to });
      });
      if (format === 'csv') return { csv: statementCsv(lines) };
      return { status: 200, body: { object: 'statement', account, from, to, lines } };
    }),
  );
}

const list = (data: unknown[]): unknown => ({ object: 'list', data });

/** One transaction, answered with what it returns. Reading may write too: a checkout expires by being looked at. */
function step(deps: ApiDeps, op: Operation, answer: (account: string, req: Request) => unknown) {
  return run(deps, op, ({ account, req }) => ({
    status: 200,
    body: deps.bank.book.transact(() => answer(account, req)),
  }));
}

/** A change: same key and body, same answer. `prepare` refuses what is malformed before the key is taken. */
function keyed(deps: ApiDeps, op: Operation, prepare: (account: string, body: unknown) => () => unknown) {
  const inProgress = new Set<string>();
  const handle = run(deps, op, ({ account, req, fault }) => {
    const key = requests.parseIdempotencyKey(req.get('idempotency-key'));
    const work = prepare(account, req.body);
    return once(
      deps.bank,
      {
        account,
        key,
        asked: { op, body: req.body as unknown },
        answer500: fault === '500_stored',
        log: (error) => deps.log(`sandbox ${op}: ${String(error)}`),
      },
      work,
    );
  });
  return async (req: Request, res: Response): Promise<void> => {
    const call = `${req.get('sandbox-account')} ${req.get('idempotency-key')}`;
    if (inProgress.has(call)) {
      return send(res, problemReply(new Problem('idempotency_in_progress', 'A call with this key is under way.')));
    }
    inProgress.add(call);
    try {
      await handle(req, res);
    } finally {
      inProgress.delete(call);
    }
  };
}

function run(deps: ApiDeps, op: Operation, handler: Handler) {
  return async (req: Request, res: Response): Promise<void> => {
    authorize(req, deps.apiKey);
    const account = requests.parseAccount(req.get('sandbox-account'));
    const fault = deps.faults.take(op, account);
    const refusal = refusedBy(fault);
    if (refusal) return send(res, refusal);
    if (fault === 'drop_before' || fault === 'execute_late') req.socket.destroy();
    if (fault === 'drop_before') return;
    if (fault === 'execute_late' || fault === 'stall') await deps.nextTick();

    const reply = handler({ account, req, fault });
    deps.bank.nudge();
    if (fault === 'drop_reply_after') req.socket.destroy();
    if (req.socket.destroyed) return;
    if (fault === 'garbage_200') return void res.type('html').send('<html><body>Please wait...</body></html>');
    if ('csv' in reply) return void res.type('text/csv').attachment('statement.csv').send(reply.csv);
    send(res, reply);
  };
}

function refusedBy(fault: FaultKind | undefined): Reply | undefined {
  switch (fault) {
    case '429':
      return problemReply(new Problem('rate_limited', 'Too many calls: slow down.'));
    case '409':
      return problemReply(new Problem('idempotency_in_progress', 'A call with this key is under way.'));
    case '500_before':
      return problemReply(new Problem('internal_error', 'Something broke on our side.'));
    case '503':
      return problemReply(new Problem('unavailable', 'Down for a moment.'));
    default:
      return undefined;
  }
}

function authorize(req: Request, apiKey: string): void {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const given = req.get('authorization') ?? '';
  if (timingSafeEqual(digest(given), digest(`Bearer ${apiKey}`))) return;
  throw new Problem('unauthorized', 'Send the API key as Authorization: Bearer sk_sandbox_...');
}

function idOf(req: Request): string {
  const { id } = req.params;
  return typeof id === 'string' ? id : '';
}

export function send(res: Response, reply: Reply): void {
  if (reply.status === 429) res.set('retry-after', '1');
  if (reply.replayed) res.set('sandbox-replayed', 'true');
  res.status(reply.status).json(reply.body);
}
