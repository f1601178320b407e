// What some tests need besides Node. Looked for once, before the run; the tests read the answer from the environment.
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { Client } from 'pg';

const SEARCH_TIMEOUT_MS = 2_000;

const CHROMIUM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** Where each service is, or undefined where nothing usable answers. */
export interface FoundServices {
  /** A URL whose user may create databases. */
  postgres: string | undefined;
  redis: string | undefined;
  /** The path of the browser. */
  chromium: string | undefined;
}

/** Never throws: a service that refuses us is one that is not there. */
export async function findServices(env: NodeJS.ProcessEnv): Promise<FoundServices> {
  const postgres = env['PASAR_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
  const redis = env['PASAR_TEST_REDIS'] ?? 'redis://127.0.0.1:6379';
  const [postgresAnswers, redisAnswers] = await Promise.all([answersSql(postgres), answersPing(redis)]);
  return {
    postgres: postgresAnswers ? postgres : undefined,
    redis: redisAnswers ? redis : undefined,
    chromium: [env['PASAR_CHROMIUM'] ?? [], CHROMIUM_PATHS].flat().find((path) => existsSync(path)),
  };
}

/** A real login: on many machines some other project's PostgreSQL listens on the port and does not want us. */
async function answersSql(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: SEARCH_TIMEOUT_MS });
  // Without a listener a server that goes away later would end the whole run.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ able: boolean }>(
      'select rolcreatedb or rolsuper as able from pg_roles where rolname = current_user',
    );
    return rows[0]?.able === true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function answersPing(url: string): Promise<boolean> {
  if (!URL.canParse(url)) return false;
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 6379), timeout: SEARCH_TIMEOUT_MS });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (bytes) => finish(bytes.toString('latin1').startsWith('+PONG')));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
    socket.once('close', () => finish(false));
  });
}
