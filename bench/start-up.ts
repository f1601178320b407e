/** The market as its operator starts it: how long until it listens, and what it weighs when nobody comes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../start.js', import.meta.url));
const IDLE_MS = 5_000;
/** All that a market gets of our own environment: settings of a real one must not reach it. */
const INHERITED = ['PATH', 'Path', 'HOME', 'USERPROFILE', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LANG'];

export type StartUp = {
  /** With an empty folder: keys, database and demo are made. */
  readonly firstMs: number;
  /** Every later one. */
  readonly againMs: readonly number[];
  /** Resident memory after five idle seconds; undefined where the system does not tell it. */
  readonly idleMb: number | undefined;
};

export async function measureStartUp({ starts }: { starts: number }): Promise<StartUp> {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-bench-start-'));
  try {
    const firstMs = (await startOnce(folder)).ms;
    const againMs: number[] = [];
    let idleMb: number | undefined;
    for (let start = 1; start <= starts; start++) {
      const last = start === starts;
      const found = await startOnce(folder, last ? IDLE_MS : 0);
      againMs.push(found.ms);
      idleMb = found.residentMb;
    }
    return { firstMs, againMs, idleMb };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** From the operator's Enter to the line that says that it listens. */
async function startOnce(folder: string, idleMs = 0): Promise<{ ms: number; residentMb: number | undefined }> {
  const env: NodeJS.ProcessEnv = {
    PORT: '0',
    SANDBOX_PORT: String(await freePort()),
    DATABASE_URL: `sqlite:${join(folder, 'pasar.db')}`,
  };
  for (const name of INHERITED) if (process.env[name] !== undefined) env[name] = process.env[name];
  const startedAt = performance.now();
  const market = spawn(process.execPath, [START], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(market, 'exit');
  try {
    await listening(market);
    const ms = performance.now() - startedAt;
    await sleep(idleMs);
    return { ms, residentMb: residentMb(market.pid) };
  } finally {
    market.kill('SIGTERM');
    await gone;
  }
}

async function listening(market: ChildProcess): Promise<void> {
  if (!market.stdout) throw new Error('The market has no output.');
  for await (const line of createInterface({ input: market.stdout })) if (line.includes('"listening"')) return;
  throw new Error('The market ended before it listened.');
}

/** Linux alone says it of another process in a file. */
function residentMb(pid: number | undefined): number | undefined {
  try {
    const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    return undefined;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}
