/** Figures for Prometheus. Labels are words of ours, never ids: what many orders do, not what one person does. */
import { timingSafeEqual, createHash } from 'node:crypto';
import type { Registry } from '@prometheus-io/client';
import { type RequestHandler, Router } from 'express';
import type { Store } from '../ports/store.ts';
import { routeOf } from './errors.ts';

const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const INBOX_SHOWN_MAX = 1_000;
const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

export type Counts = {
  readonly webhook: (channel: string, status: number) => void;
  readonly checkout: (result: string) => void;
};

export type Metrics = {
  /** Times every request; first of all handlers. */
  readonly timing: RequestHandler;
  readonly counts: Counts;
  readonly router: Router;
};

export type MetricsOptions = {
  readonly store: Pick<Store, 'read'>;
  readonly token: string | null;
  /** Codes of the channels that there are: the only ones that get a label of their own. */
  readonly channels: readonly string[];
  readonly now: () => number;
};

type Made = {
  registry: Registry;
  seconds: (labels: object, s: number) => void;
  webhook: (labels: object) => void;
  checkout: (labels: object) => void;
};

/** The library is loaded after the market has opened: until then nothing is counted. */
export function createMetrics(options: MetricsOptions): Metrics {
  let made: Made | undefined;
  const making = new Promise((resolve) => setImmediate(resolve)).then(async () => (made = await make(options)));
  const router = Router();
  router.get('/metrics', async (request, response) => {
    // Behind a proxy on this machine every caller would be "this machine": its header gives it away.
    const forwarded = request.headers['x-forwarded-for'] !== undefined || request.headers['forwarded'] !== undefined;
    const here = LOOPBACK.has(request.socket.remoteAddress ?? '') && !forwarded;
    if (options.token === null ? !here : !isToken(request.headers.authorization, options.token)) {
      return void response.sendStatus(options.token === null ? 403 : 401);
    }
    const { registry } = await making;
    response.set({ 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' }).send(await registry.metrics());
  });
  const codeOf = (channel: string) => (options.channels.includes(channel) ? channel : 'other');
  return {
    router,
    counts: {
      webhook: (channel, status) => made?.webhook({ channel: codeOf(channel), status }),
      checkout: (result) => made?.checkout({ result }),
    },
    timing: (request, response, next) => {
      const startedAt = performance.now();
      // A live stream lasts as long as its page: it says nothing about answers.
      response.once('finish', () => {
        if (response.getHeader('Content-Type') === 'text/event-stream') return;
        const labels = { method: request.method, route: routeOf(request), status: response.statusCode };
        made?.seconds(labels, (performance.now() - startedAt) / 1000);
      });
      next();
    },
  };
}

async function make({ store, now }: MetricsOptions): Promise<Made> {
  const {
    Counter,
    Gauge,
    Histogram,
    Registry: Registry_,
    collectDefaultMetrics,
  } = await import('@prometheus-io/client');
  const registry = new Registry_();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'pasar_http_request_seconds',
    help: 'Time to answer a request.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_S,
    registers,
  });
  const webhooks = new Counter({
    name: 'pasar_webhooks_total',
    help: 'Notices of payment channels, by our answer.',
    labelNames: ['channel', 'status'],
    registers,
  });
  const checkouts = new Counter({
    name: 'pasar_checkouts_total',
    help: 'Pay links continued, by result.',
    labelNames: ['result'],
    registers,
  });
  const outbox = new Gauge({
    name: 'pasar_outbox_messages',
    help: 'Messages of the outbox, by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      const counts = await store.read((reads) => reads.outbox.counts());
      for (const [state, count] of Object.entries(counts)) this.set({ state }, count);
    },
  });
  const overdue = new Gauge({
    name: 'pasar_outbox_overdue_seconds',
    help: 'How long the first waiting message of the outbox has been due.',
    registers,
    async collect() {
      const due = await store.read((reads) => reads.outbox.nextDue());
      this.set(due === undefined ? 0 : Math.max(0, now() - due) / 1000);
    },
  });
  const inbox = new Gauge({
    name: 'pasar_inbox_waiting',
    help: `Notices of payment channels that wait for their effect (at most ${INBOX_SHOWN_MAX}).`,
    registers,
    async collect() {
      this.set((await store.read((reads) => reads.inbox.dueWork(Number.MAX_SAFE_INTEGER, INBOX_SHOWN_MAX))).length);
    },
  });
  inbox.set(0);
  outbox.reset();
  overdue.set(0);
  return {
    registry,
    seconds: (labels, s) => seconds.observe(labels, s),
    webhook: (labels) => webhooks.inc(labels),
    checkout: (labels) => checkouts.inc(labels),
  };
}

function isToken(authorization: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`));
}
