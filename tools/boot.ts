// Starts the market as a newcomer does - no settings, an empty folder - waits until it is ready, and stops it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const POLL_MS = 50;
const OUTPUT_MAX = 20_000;
/** All that the market gets from our own environment: what anybody has set for a real market must not reach this one. */
const INHERITED = ['PATH', 'Path', 'HOME', 'USERPROFILE', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LANG'];

const startFile = fileURLToPath(new URL('../start.js', import.meta.url));

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port to listen on.');
  return address.port;
}

/** The address in the log line that says the market listens, if it has been written. */
function findUrl(output: string): string | undefined {
  for (const line of output.split('\n')) {
    if (!line.includes('"listening"')) continue;
    const entry: unknown = JSON.parse(line);
    if (typeof entry === 'object' && entry !== null && 'url' in entry && typeof entry.url === 'string')
      return entry.url;
  }
  return undefined;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(5_000) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}

async function waitUntilReady(market: ChildProcess, output: () => string): Promise<string> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (market.exitCode !== null || market.signalCode !== null)
      throw new Error('The market ended before it was ready.');
    const url = findUrl(output());
    if (url !== undefined && (await isReady(url))) return url;
    await sleep(POLL_MS);
  }
  const said =
    findUrl(output()) === undefined ? 'never said that it listens' : 'listens, but /readyz never answered 200';
  throw new Error(`The market ${said} within ${READY_TIMEOUT_MS / 1000} s.`);
}

async function stop(market: ChildProcess): Promise<void> {
  if (market.exitCode !== null || market.signalCode !== null) return;
  const gone = once(market, 'exit').then(() => true);
  market.kill('SIGTERM');
  const inTime = await Promise.race([gone, sleep(STOP_TIMEOUT_MS, false, { ref: false })]);
  if (!inTime) {
    market.kill('SIGKILL');
    throw new Error(`The market did not stop within ${STOP_TIMEOUT_MS / 1000} s of SIGTERM.`);
  }
  // Windows has no SIGTERM that a process could answer.
  if (process.platform !== 'win32' && market.exitCode !== 0) {
    throw new Error(`The market stopped with ${market.exitCode ?? market.signalCode}, not with 0.`);
  }
}

async function boot(folder: string): Promise<void> {
  const env: NodeJS.ProcessEnv = {
    PORT: '0',
    SANDBOX_PORT: String(await findFreePort()),
    DATABASE_URL: `sqlite:${join(folder, 'pasar.db')}`,
  };
  for (const name of INHERITED) if (process.env[name] !== undefined) env[name] = process.env[name];
  const startedAt = performance.now();
  // In the empty folder, so that a .env of this checkout is not read.
  const market = spawn(process.execPath, [startFile], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [market.stdout, market.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_MAX);
    });
  }
  try {
    const url = await waitUntilReady(market, () => output);
    console.log(`Ready at ${url} after ${Math.round(performance.now() - startedAt)} ms on Node ${process.version}.`);
    await stop(market);
  } catch (error) {
    console.error(output);
    throw error;
  } finally {
    market.kill('SIGKILL');
  }
}

const folder = mkdtempSync(join(tmpdir(), 'pasar-boot-'));
try {
  await boot(folder);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
