/** What payment channels tell us. Nothing is parsed here: the channel verifies the bytes as they came, and the core answers after its commit. */
import express, { type Request, type Router } from 'express';
import type { Core } from '../ports/core.ts';
import type { Clock } from '../ports/runtime.ts';
import { rawBody } from './raw-body.ts';

const BODY_BYTES_MAX = 256 * 1024;
/** Not by address: a provider's burst comes from few of them. Beyond it the provider tries again. */
const AT_ONCE_MAX = 64;
/** So many may be on their way to us. Beyond it the one that has taken longest is cut: a provider's comes in no time. */
const READING_MAX = 512;
const CHANNEL = /^[a-z][a-z0-9-]{0,39}$/;

export type WebhookOptions = {
  readonly core: Pick<Core, 'onProviderNotice'>;
  readonly clock: Clock;
  readonly count: (channel: string, status: number) => void;
  readonly atOnce?: number;
};

export function webhookRoutes({ core, clock, count, atOnce = AT_ONCE_MAX }: WebhookOptions): Router {
  const router = express.Router();
  const reading = new Set<Request>();
  let working = 0;
  router.post(
    '/webhooks/:channel',
    (request, response, next) => {
      if (!CHANNEL.test(channelOf(request))) return void response.sendStatus(404);
      const [slowest] = reading;
      if (slowest && reading.size >= READING_MAX) {
        reading.delete(slowest);
        slowest.destroy();
      }
      reading.add(request);
      // Also after an aborted or refused body.
      response.once('close', () => reading.delete(request));
      next();
    },
    rawBody(BODY_BYTES_MAX),
    // A place is taken by a body that is here: whoever sends slowly takes nobody's.
    (request, response, next) => {
      reading.delete(request);
      if (working >= atOnce) return void response.set('Retry-After', '1').sendStatus(503);
      working++;
      response.once('close', () => working--);
      next();
    },
    async (request, response) => {
      const channel = channelOf(request);
      const raw: unknown = request.body;
      const body = raw instanceof Uint8Array ? raw : new Uint8Array();
      const reply = await core.onProviderNotice(channel, {
        body,
        headers: plain(request.headers),
        receivedAt: clock.now(),
      });
      count(channel, reply.status);
      response.status(reply.status).type('text').send(reply.body);
    },
  );
  return router;
}

const channelOf = (request: Request): string => String(request.params['channel']);

function plain(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
