/** Whom we listen for and whom we need: our ports, our public address, Redis, an outside clock. */
import { createServer } from 'node:net';
import { isLoopback } from '../../config.ts';
import { bad, codeOf, fine, type Finding, reasonOf, warn } from './finding.ts';
import { clockAgainst } from './machine.ts';

const ANSWER_MS = 3_000;

type Port = { readonly name: 'PORT' | 'SANDBOX_PORT'; readonly host: string; readonly port: number };

export async function portFree({ name, host, port }: Port): Promise<Finding> {
  if (port === 0) return fine(name, 'any free port');
  const at = `${host}:${port}`;
  const error = await tryToListen(host, port);
  if (error === undefined) return fine(name, `${at} is free`);
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return (await isOurs(host, port))
        ? fine(name, `Pasar is running on ${at}`)
        : bad(name, `${at} is taken by another program`, `Stop it, or set ${name} to another port.`);
    case 'EACCES':
      return bad(name, `this user may not listen on ${at}`, `Set ${name} to a port from 1024 on.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return bad(
        name,
        `${host} is no address of this machine`,
        'Set HOST to 127.0.0.1, 0.0.0.0 or an address of its own.',
      );
    default:
      return bad(name, `${at} cannot be listened on (${reasonOf(error)})`, `Set HOST and ${name} to others.`);
  }
}

async function tryToListen(host: string, port: number): Promise<unknown> {
  const server = createServer();
  try {
    return await new Promise((resolve) => {
      server.once('error', resolve);
      server.listen({ host, port, exclusive: true }, () => resolve(undefined));
    });
  } finally {
    server.close();
  }
}

/** Both the market and its sandbox say so under /livez. */
async function isOurs(host: string, port: number): Promise<boolean> {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  try {
    const answer = await fetch(`http://${name}:${port}/livez`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return answer.ok && /^(?:ok\s*|\{"status":"ok"\})$/.test(await answer.text());
  } catch {
    return false;
  }
}

export function publicAddress(publicUrl: string | null, { host, demo }: { host: string; demo: string }): Finding {
  if (publicUrl === null) {
    const says = 'not set: pay links lead to where we listen';
    if (isLoopback(host) || demo !== 'off') return fine('PUBLIC_URL', says);
    return warn('PUBLIC_URL', says, 'Set it to the address that buyers type, such as https://market.example.org.');
  }
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'https:') return fine('PUBLIC_URL', publicUrl);
  if (isLoopback(hostname)) return fine('PUBLIC_URL', `${publicUrl} (this machine only)`);
  return warn(
    'PUBLIC_URL',
    `${publicUrl} is not encrypted: whoever is on the way can read and change what buyers see`,
    'Put a server with a certificate in front of Pasar and set PUBLIC_URL to its https address.',
  );
}

/** Through a proxy every caller would be this machine; so that without a token nobody is answered there. */
export function metricsReach({ token, proxied }: { token: boolean; proxied: boolean }): Finding {
  if (token) return fine('METRICS', 'whoever sends METRICS_TOKEN reads /metrics');
  const says = '/metrics answers this machine only';
  if (!proxied) return fine('METRICS', says);
  return warn('METRICS', `${says}, and nobody through the proxy`, 'Set METRICS_TOKEN to watch it from elsewhere.');
}

/** Nobody is asked unless REDIS_URL is set. */
export async function redisAnswers(url: string): Promise<Finding[]> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    commandTimeout: ANSWER_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let last: unknown;
  redis.on('error', (error: unknown) => (last = error));
  try {
    await redis.connect();
    const from = Date.now();
    const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
    const there = Math.floor(seconds * 1000 + micros / 1000);
    return [fine('Redis', 'answers'), clockAgainst('Redis', there, { from, to: Date.now() })];
  } catch (error) {
    const says = `does not answer (${reasonOf(last ?? error)})`;
    // It is never the truth: each process goes on by itself.
    return [
      warn('Redis', says, 'Start it or correct REDIS_URL; until then processes wake each other only by the database.'),
    ];
  } finally {
    redis.disconnect();
  }
}

/** Only where rates are fetched from there anyway: a default install calls nobody. */
export async function clockOfRates(url: string): Promise<Finding> {
  const from = Date.now();
  const host = new URL(url).host;
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_MS) });
    const there = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isNaN(there)) return warn('clock', `${host} did not tell the time`, 'Compare the clock by hand.');
    // The header has whole seconds.
    return clockAgainst(host, there, { from: from - 1_000, to: Date.now() });
  } catch (error) {
    return warn('rates', `${host} cannot be reached (${reasonOf(error)})`, 'Allow it, or set RATES=table.');
  }
}
