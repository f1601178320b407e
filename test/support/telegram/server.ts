// The HTTP side: POST /bot<token>/<method> and GET /file/bot<token>/<path>, checked strictly and written down.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import { execute } from './execute.ts';
import type { Faults } from './faults.ts';
import type { Limits } from './limits.ts';
import { METHODS, type MethodName } from './methods.ts';
import { Refusal, invalid, tooMany } from './refusal.ts';
import { parseCall, readBody, type WireCall } from './wire.ts';
import type { World } from './world.ts';

export type RequestRecord = {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Instant, ms. */
  readonly at: number;
  /** What the bot got; undefined while the call runs, and for good when the socket was cut. */
  answer: { readonly ok: true; readonly result: unknown } | Failure | undefined;
  /** What breaks Telegram's published types and limits. */
  readonly problems: string[];
};

type Failure = { readonly ok: false; readonly error_code: number; readonly description: string };
type Reply = { readonly status: number; readonly body: object };

export type ServerParts = {
  readonly world: World;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly token: string;
  readonly requests: RequestRecord[];
  readonly changed: () => void;
};

export async function startServer(parts: ServerParts, port: number) {
  const server = createServer((request, response) => {
    void serve(parts, request, response).catch((error: unknown) => {
      // A mistake of the fake itself: loud, so that no test takes it for Telegram's word.
      response.writeHead(599).end(JSON.stringify({ ok: false, error_code: 599, description: String(error) }));
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
  return { apiRoot: `http://127.0.0.1:${bound}`, close };
}

async function serve(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
  const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(path);
  if (file && request.method === 'GET') return serveFile(parts, response, file);
  const call = /^\/bot([^/]+)\/(\w+)$/.exec(path);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const body = await readBody(request).catch(() => undefined);
  if (!body) return;
  if (!call || request.method !== 'POST') return reply(response, failure(404, 'Not Found'));
  if (call[1] !== parts.token) return reply(response, failure(401, 'Unauthorized'));
  const answer = await run(parts, call[2] ?? '', {
    contentType: request.headers['content-type'],
    body,
    gone: gone.signal,
  });
  if (answer === 'cut') response.destroy();
  else if (!response.destroyed) reply(response, answer);
}

function serveFile(
  { world, token }: ServerParts,
  response: ServerResponse,
  [, given, path = '']: RegExpExecArray,
): void {
  const file = given === token ? world.files.byPath(path) : undefined;
  if (!file) return reply(response, failure(404, 'Not Found'));
  response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.bytes);
}

type Raw = { readonly contentType: string | undefined; readonly body: Buffer; readonly gone: AbortSignal };

async function run(parts: ServerParts, asked: string, raw: Raw): Promise<Reply | 'cut'> {
  const { world, faults, requests, changed } = parts;
  const method = (Object.keys(METHODS) as MethodName[]).find((name) => name.toLowerCase() === asked.toLowerCase());
  const record: RequestRecord = {
    method: method ?? asked,
    params: {},
    at: world.clock.now(),
    answer: undefined,
    problems: [],
  };
  requests.push(record);
  const answered = (made: Reply & { readonly body: RequestRecord['answer'] & object }) => {
    record.answer = made.body;
    changed();
    return made;
  };
  try {
    const wire = readCall(raw);
    Object.assign(record.params, wire.fields);
    const waitS = parts.limits.count(record.method, wire.fields['chat_id']);
    if (waitS !== undefined) throw tooMany(waitS);
    const met = faults.take(record.method, wire.fields['chat_id']);
    for (const fault of met) {
      if (fault.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
      if (fault.kind === 'drop' && fault.when === 'before') return 'cut';
      if (fault.kind === 'tooMany') throw tooMany(fault.retryAfterS);
      if (fault.kind === 'status') throw new Refusal(fault.status, fault.description ?? wordsFor(fault.status));
    }
    if (!method) throw new Refusal(404, 'Not Found: method not found', { invalid: true });
    checkEncoding(wire.fields);
    const args = check(method, wire, record);
    const result = await execute({ world, uploads: wire.uploads, gone: raw.gone }, method, args);
    if (met.some((fault) => fault.kind === 'drop')) {
      changed();
      return 'cut';
    }
    return answered({ status: 200, body: { ok: true, result } });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.isInvalid && record.problems.length === 0) record.problems.push(error.message);
    return answered(failure(error.status, error.message, error.parameters));
  }
}

function readCall({ contentType, body }: Raw): WireCall {
  try {
    return parseCall(contentType, body);
  } catch (error) {
    throw invalid(`can't parse the request: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The arguments as their published types. Everything that is wrong goes into the record; the first is the answer. */
function check(method: MethodName, wire: WireCall, record: RequestRecord): unknown {
  const schema = METHODS[method];
  const given = wire.isText ? readText(schema.shape, wire.fields) : wire.fields;
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => flatten(issue));
  record.problems.push(...problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)));
  throw invalid(problems[0]?.message ?? 'invalid request');
}

/** Half a character has no place in UTF-8. */
function checkEncoding(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed()) throw invalid('strings must be encoded in UTF-8');
  if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) checkEncoding(one);
}

function flatten(issue: z.core.$ZodIssue, before: readonly PropertyKey[] = []): { path: string; message: string }[] {
  const path = [...before, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0)
    return [{ path: path.join('.'), message: issue.message }];
  // Of the alternatives the one that came closest says what is wrong.
  const closest = issue.errors.toSorted((a, b) => score(a) - score(b))[0] ?? [];
  return closest.flatMap((inner) => flatten(inner, path));
}

const score = (issues: readonly z.core.$ZodIssue[]) =>
  issues.filter((issue) => issue.code === 'unrecognized_keys' || issue.code === 'invalid_type').length * 10 +
  issues.length;

/** Fields of a multipart body: text stays text where the published type is text, the rest is JSON. */
function readText(
  shape: Readonly<Record<string, z.ZodType>>,
  fields: Record<string, unknown>,
): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => {
    const isText = shape[name]?.safeParse('0').success || shape[name]?.safeParse(value).success;
    return [name, isText ? value : jsonOr(String(value))] as const;
  });
  return Object.fromEntries(entries);
}

function jsonOr(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const wordsFor = (status: number): string =>
  status === 502 ? 'Bad Gateway' : status === 403 ? 'Forbidden: bot was blocked by the user' : 'Internal Server Error';

function failure(status: number, description: string, parameters?: object) {
  return {
    status,
    body: { ok: false as const, error_code: status, description, ...(parameters ? { parameters } : {}) },
  };
}

function reply(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
