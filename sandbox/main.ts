import { chmodSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { startSandbox } from './server.ts';

// The sandbox by itself, on a machine of its own or beside a market that runs elsewhere.
const { env } = process;

function portFrom(text: string | undefined): number {
  const port = Number(text ?? 3001);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(
    `SANDBOX_PORT is ${JSON.stringify(text)}: set it to a port from 0 to 65535, or leave it out for 3001.`,
  );
}

/** The market's operator reads the keys from here; they are never printed. */
function writeKeys(path: string, keys: { url: string; apiKey: string; webhookSecret: string }): void {
  writeFileSync(path, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
}

async function main(): Promise<void> {
  const databasePath = resolve(env['SANDBOX_DATABASE'] || './data/sandbox.db');
  const keysPath = `${databasePath}.json`;
  const sandbox = await startSandbox({
    databasePath,
    host: env['HOST'] || '127.0.0.1',
    port: portFrom(env['SANDBOX_PORT'] || undefined),
    webhookUrl: env['SANDBOX_WEBHOOK_URL'] || undefined,
    publicUrl: env['SANDBOX_PUBLIC_URL'] || undefined,
    untidy: env['SANDBOX_UNTIDY'] === '1',
    log: (line) => console.error(line),
  });
  writeKeys(keysPath, { url: sandbox.url, apiKey: sandbox.apiKey, webhookSecret: sandbox.webhookSecret });
  console.log(`Sandbox payments (no real money): ${sandbox.url}`);
  console.log(`Its books: ${databasePath}`);
  console.log(`API key and webhook secret: ${keysPath}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.stop());
}

try {
  await main();
} catch (error) {
  const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (!busy && !(error instanceof Error)) throw error;
  console.error(busy ? 'The port is taken: stop what uses it, or set SANDBOX_PORT to another.' : error.message);
  process.exitCode = 1;
}
