/** npm start: settings, a market, and a way to stop it. */
import { isLoopback, settingsOfProcess } from './config.ts';
import { openMarket } from './market.ts';
import { createLog } from './runtime/log.ts';
import { StartFault } from './start-fault.ts';

/** A real market stands behind something that asks whether it is ready: it is told before we close. */
const NOTICE_MS = 5_000;

const say = (text: string) => void process.stdout.write(`${text}\n`);
const complain = (lines: readonly string[]) => void process.stderr.write(`${lines.join('\n')}\n`);

async function main(): Promise<void> {
  const settings = settingsOfProcess();
  if (!settings.ok) {
    complain(['Pasar cannot start with these settings:', ...settings.faults.map((fault) => `- ${fault}`)]);
    process.exitCode = 1;
    return;
  }
  const { config } = settings;
  const logging = createLog({ level: config.logLevel });
  const { log } = logging;
  const noticeMs = config.demo === 'off' ? NOTICE_MS : 0;
  const market = await openMarket(config, logging, { noticeMs });
  const startMs = Math.round(performance.now());
  log.info(
    { url: market.url, database: config.database.kind, mode: config.demo, startMs, pid: process.pid },
    'listening',
  );
  if (process.stdout.isTTY || config.demo !== 'off') say(`Pasar is open at ${market.url}`);
  if (market.ownerLink !== undefined) say(`Own this market (once, within 15 minutes): ${market.ownerLink}`);
  if (config.publicUrl === null && !isLoopback(config.host)) {
    log.warn({ url: market.url }, 'PUBLIC_URL is not set: pay links lead to this machine only');
  }
  let asked = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Whoever asks again does not want to wait; the database is as safe then as at a loss of power.
      if (++asked > 1) process.exit(1);
      log.info({ signal }, 'stopping');
      market.stop().then(
        () => log.info({}, 'stopped'),
        (error: unknown) => {
          log.error({ err: error }, 'stopped badly');
          process.exitCode = 1;
        },
      );
    });
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StartFault)) throw error;
  complain([`Pasar cannot start: ${error.message}`]);
  process.exitCode = 1;
}
