// The HTTP side: /api/v10, checked strictly and written down.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseCall, readBody } from '../telegram/wire.ts';
import type { Faults } from './faults.ts';
import type { StoredFile } from './model.ts';
import { invalidForm, notFound, Refusal } from './refusal.ts';
import type { Call } from './call.ts';
import { ROUTES } from './routes.ts';
import type { World } from './world.ts';

export type RequestRecord = {
  /** "POST /channels/:id/messages", as Discord documents it. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly at: number;
  /** Undefined while the call runs, and for good when the socket was cut. */
  status: number | undefined;
  /** What breaks Discord's published types and limits. */
  readonly problems: string[];
};

export type RestParts = {
  readonly world: World;
  readonly faults: Faults;
  readonly token: string;
  readonly requests: RequestRecord[];
};

type Reply = { readonly status: number; readonly body: object | undefined };

export async function startRest(
  parts: RestParts,
  port: number,
): Promise<{ server: Server; origin: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    void serve(parts, request, response).catch((error: unknown) => {
      // A mistake of the fake itself: loud, so that no test takes it for Discord's word.
      response.writeHead(599).end(String(error));
      console.error(error);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { server, origin: `http://127.0.0.1:${bound}`, close };
}

async function serve(parts: RestParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world, faults, requests } = parts;
  const [rawPath = '', query = ''] = (request.url ?? '').split('?');
  const path = decodeURIComponent(rawPath);
  const body = await readBody(request).catch(() => undefined);
  if (!body) return;
  const file = /^\/attachments\/(\d+)\//.exec(path)?.[1];
  if (file !== undefined) return serveFile(world, response, file);
  const method = request.method ?? 'GET';
  const asked = path.replace(/^\/api\/v10/, '');
  const found = ROUTES.map((route) => ({
    route,
    match: route.method === method ? route.pattern.exec(asked) : null,
  })).find(({ match }) => match);
  const name = found ? `${method} ${found.route.name}` : `${method} ${asked}`;
  const record: RequestRecord = {
    route: name,
    method,
    path: asked,
    body: {},
    at: world.clock.now(),
    status: undefined,
    problems: [],
  };
  requests.push(record);
  const fault = faults.take(name);
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
  if (fault?.kind === 'drop' && fault.when === 'before') return void response.destroy();
  const reply = fault?.kind === 'tooMany' || fault?.kind === 'status' ? faultReply(fault) : answer();
  record.status = reply.status;
  world.waiting.changed();
  if (fault?.kind === 'drop') return void response.destroy();
  const isJson = reply.body !== undefined;
  const headers = {
    ...(isJson ? { 'content-type': 'application/json' } : {}),
    ...(reply.status === 429 ? retryHeaders(reply.body) : {}),
  };
  response.writeHead(reply.status, headers).end(reply.body === undefined ? undefined : JSON.stringify(reply.body));

  function answer(): Reply {
    try {
      if (!found?.match) throw notFound();
      const isFree = found.route.withoutToken === true;
      const auth = request.headers.authorization;
      if (!isFree && auth !== `Bot ${parts.token}`)
        return { status: 401, body: { message: '401: Unauthorized', code: 0 } };
      if (isFree && auth !== undefined) record.problems.push('an interaction route takes no Authorization header');
      const call = readCall(parts, request.headers['content-type'], body ?? Buffer.alloc(0));
      Object.assign(record.body, call.body);
      const result = found.route.run(world, { ...found.match.groups }, call, new URLSearchParams(query));
      return { status: result === undefined ? 204 : 200, body: result };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.isInvalid) record.problems.push(`${error.message}: ${JSON.stringify(error.extra)}`);
      return { status: error.status, body: { message: error.message, code: error.code, ...error.extra } };
    }
  }
}

const faultReply = (
  fault: { kind: 'tooMany'; retryAfterS: number } | { kind: 'status'; status: number; code: number },
): Reply =>
  fault.kind === 'tooMany'
    ? { status: 429, body: { message: 'You are being rate limited.', retry_after: fault.retryAfterS, global: false } }
    : { status: fault.status, body: { message: 'a fault that the test ordered', code: fault.code } };

const retryHeaders = (body: object | undefined): Record<string, string> => {
  const after = body && 'retry_after' in body ? String(body.retry_after) : '1';
  return {
    'retry-after': after,
    'x-ratelimit-scope': 'user',
    'x-ratelimit-reset-after': after,
    'x-ratelimit-remaining': '0',
    'x-ratelimit-limit': '5',
  };
};

function serveFile(world: World, response: ServerResponse, id: string): void {
  const file = world.files.get(id);
  if (!file) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': file.mime }).end(file.bytes);
}

function readCall({ world }: RestParts, contentType: string | undefined, raw: Buffer): Call {
  if (raw.length === 0) return { body: {}, files: [] };
  if (contentType?.startsWith('application/json') && raw.toString('utf8').trimStart().startsWith('[')) {
    return { body: { list: JSON.parse(raw.toString('utf8')) as unknown }, files: [] };
  }
  const { fields, uploads, isText } = parseCall(contentType, raw);
  const payload = isText ? readPayload(fields['payload_json']) : fields;
  const files = [...uploads].map(([part, upload]): StoredFile => {
    if (!/^files\[\d+\]$/.test(part)) throw invalidForm(`an upload's part is files[n], not ${part}`);
    return { id: world.ids.next(), ...upload };
  });
  for (const { filename } of (payload['attachments'] as { filename?: string }[] | undefined) ?? []) {
    if (filename !== undefined && files.length > 0 && !files.some((one) => one.name === filename))
      throw invalidForm(`no file ${filename} was uploaded`);
  }
  return { body: payload, files };
}

/** The JSON part of a multipart body. */
function readPayload(part: unknown): Record<string, unknown> {
  return typeof part === 'string' ? (JSON.parse(part) as Record<string, unknown>) : {};
}
