import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

const SLOW_MS = 1_000;
const QUIET = /^\/(?:livez|readyz|metrics|assets|images)\b/;
/** A part of a path that long is a token, a digest or an id of somebody. */
const LONG_PART = /[\w-]{16,}/g;

/** One line a request: nothing of headers, query or body; parts of the path that may be permissions are left out. */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: (_request: IncomingMessage, response: ServerResponse) => {
      const id = randomBytes(9).toString('base64url');
      response.setHeader('X-Request-Id', id);
      return id;
    },
    wrapSerializers: false,
    serializers: {
      req: (request: IncomingMessage & { id: unknown; originalUrl?: string | undefined }) => ({
        id: request.id,
        method: request.method,
        path: pathOf(request),
      }),
      res: (response: ServerResponse) => ({ status: response.statusCode }),
    },
    autoLogging: { ignore: (request) => QUIET.test(request.url ?? '') },
    customLogLevel: (_request, response, error) => {
      if (error || response.statusCode >= 500) return 'error';
      if (response.statusCode >= 400) return 'info';
      return 'debug';
    },
    customSuccessMessage: (_request, _response, responseTime) =>
      responseTime > SLOW_MS ? 'request answered slowly' : 'request answered',
    customErrorMessage: () => 'request failed',
  });
}

function pathOf(request: { originalUrl?: string | undefined; url?: string | undefined }): string {
  const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?');
  return path.slice(0, 200).replaceAll(LONG_PART, ':id');
}
