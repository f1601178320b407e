/** The one door to the network: listens at once, lets requests in when the market behind it is ready, and closes without cutting anybody off. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const CHECK_EVERY_MS = 5_000;
/** Longer than the usual proxy keeps an idle connection, so that it is never ours that is closed under a request. */
const KEEP_ALIVE_MS = 72_000;
const CONNECTIONS_MAX = 10_000;

export type Door = {
  /** As a browser on this machine reaches it. */
  readonly url: string;
  readonly port: number;
  /** From now on requests are answered by `app`; those that came earlier have waited for it. */
  open(app: RequestListener): void;
  /** Takes no new connection and waits until all answers are out, at most `graceMs`; then cuts the rest. */
  close(graceMs: number): Promise<void>;
};

/** Rejects with the system's own error (EADDRINUSE, EACCES, EADDRNOTAVAIL) when it cannot listen. */
export async function openDoor({ host, port }: { host: string; port: number }): Promise<Door> {
  const app = Promise.withResolvers<RequestListener>();
  let answer: RequestListener = (request, response) => void waitFor(app.promise, request, response);
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => answer(request, response),
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port to listen on.');
  return {
    url: `http://${browsable(host)}:${address.port}`,
    port: address.port,
    open: (ready) => {
      answer = ready;
      app.resolve(ready);
    },
    close: async (graceMs) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A connection that is idle now, or becomes so after its answer, is not waited for.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      server.closeIdleConnections();
      await closed;
      clearInterval(sweep);
      clearTimeout(cut);
    },
  };
}

async function waitFor(
  app: Promise<RequestListener>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url === '/livez') return void response.end('ok\n');
  if (request.url === '/readyz') return void response.writeHead(503).end('starting\n');
  const ready = await app;
  if (!response.destroyed) ready(request, response);
}

/** An address of all networks is no address to type. */
export function browsable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
