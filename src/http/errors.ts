/** The end of every request that went wrong. What is the caller's fault is told briefly; what is ours gets a number to ask for. */
import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Ids, Log } from '../ports/runtime.ts';
import type { Translate } from '../ports/words.ts';

export type ErrorOptions = {
  readonly log: Log;
  readonly ids: Ids;
  readonly t: (request: Request) => Translate;
};

export function errorReply({ log, ids, t }: ErrorOptions): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = statusOf(error);
    if (status !== undefined) return reply(request, response, status, undefined);
    const incident = ids.humanCode();
    log.error({ err: error, incident, method: request.method, route: routeOf(request) }, 'request failed');
    reply(request, response, 500, { incident, text: t(request)('bug', { incident }) });
  };
}

/** What Express and its body parsers throw for the caller's faults: 400, 413, 415 ... */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

function reply(
  request: Request,
  response: Response,
  status: number,
  bug: { incident: string; text: string } | undefined,
): void {
  response.status(status);
  if (request.accepts(['text', 'html', 'json']) === 'json') response.json({ ok: false, ...bug });
  else response.type('text').send(`${bug?.text ?? status}\n`);
}

/** The pattern of the route, never the path itself: that may be a permission. */
export function routeOf(request: Request): string {
  const route: unknown = request.route;
  const path =
    typeof route === 'object' && route !== null && 'path' in route && typeof route.path === 'string' ? route.path : '';
  return path === '' ? 'none' : `${request.baseUrl}${path}`;
}
