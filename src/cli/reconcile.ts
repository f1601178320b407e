/** npm run reconcile -- --channel NAME --day 2026-11-20: compares every account's channel-day with the journal. 1 while somebody must decide. */
import { dirname, join } from 'node:path';
import { startSandbox } from '../../sandbox/server.ts';
import type { Deps } from '../app/deps.ts';
import { accountsOf } from '../app/recon/daily.ts';
import { type DayReport, reconcileDay } from '../app/recon/reconcile.ts';
import { channelSettings } from '../channel-settings.ts';
import type { Config } from '../config.ts';
import { dayBounds } from '../domain/statement.ts';
import { createChannels } from '../payments/registry.ts';
import { ChannelTrouble } from '../ports/payment-channel.ts';
import { afterTurn } from '../runtime/after-turn.ts';
import { systemClock } from '../runtime/clock.ts';
import { randomIds } from '../runtime/ids.ts';
import { createLog } from '../runtime/log.ts';
import { createVault } from '../runtime/vault.ts';
import { StartFault } from '../start-fault.ts';
import { openStore } from '../store/open.ts';
import { command, explained, readKeys, readSettings, say, sqliteFileOf } from './shared/command.ts';

const USAGE = 'npm run reconcile -- --channel sandbox --day 2026-11-20 (a day of the channel, in UTC)';

await command(async () => {
  const { channel, day } = asked(process.argv.slice(2));
  const config = readSettings();
  const { deps, close } = await openParts(config);
  try {
    const known = deps.channels.get(channel);
    if (!known?.fetchStatement) throw new StartFault(withStatements(deps, channel));
    let open = 0;
    let accounts = 0;
    for await (const accountId of accountsOf(deps, channel)) {
      const report = await reconcileDay(deps, accountId, day);
      accounts += 1;
      open += report.open;
      tell(report);
    }
    say(`${channel} ${day} (UTC): ${accounts} accounts, ${open} differences wait for a decision.`);
    if (open > 0) say('Decide them in the chat, under Cases. docs/money.md says what each means.');
    return open === 0 ? 0 : 1;
  } catch (error) {
    throw error instanceof ChannelTrouble ? new StartFault(`${error.message} Nothing was changed.`, error) : error;
  } finally {
    await close();
  }
});

function tell({ accountId, lines, results, open, sums }: DayReport): void {
  const found = Object.entries(results).map(([result, count]) => `${result} ${count}`);
  say(`${accountId}  ${lines} lines  ${found.join(', ') || 'nothing'}  open ${open}`);
  for (const { currency, statement, ledger } of sums) {
    const off = statement - ledger;
    say(`  ${currency}  statement ${statement}  journal ${ledger}${off === 0 ? '' : `  DIFFERENCE ${off}`}`);
  }
}

function asked(args: readonly string[]): { readonly channel: string; readonly day: string } {
  const valueOf = (name: string) => args[args.indexOf(name) + 1] ?? '';
  const channel = args.includes('--channel') ? valueOf('--channel') : '';
  const day = args.includes('--day') ? valueOf('--day') : '';
  if (channel === '' || !dayBounds(day)) throw new StartFault(`Name a channel and a day: ${USAGE}`);
  return { channel, day };
}

function withStatements({ channels }: Deps, wanted: string): string {
  const able = [...channels.values()].flatMap((one) => (one.fetchStatement ? [one.code] : []));
  return `${wanted} has no statement here. These have: ${able.join(', ') || 'none that is configured'}.`;
}

/** The core's own parts without its door: nothing is delivered, nobody is served. */
async function openParts(config: Config): Promise<{ deps: Deps; close: () => Promise<void> }> {
  const vault = createVault(readKeys(config));
  const { log } = createLog({ level: 'silent' });
  const url = config.database.kind === 'sqlite' ? `sqlite:${config.database.path}` : config.database.url;
  const store = await openStore({ url, vault, clock: systemClock, afterTurn, log }).catch((error: unknown) => {
    throw explained(error, config);
  });
  const folder = dirname(sqliteFileOf(config) ?? join('data', 'pasar.db'));
  const sandbox = config.sandbox
    ? await startSandbox({ databasePath: join(folder, 'sandbox.db'), host: '127.0.0.1', port: 0, autoTick: false })
    : undefined;
  const channels = createChannels(channelSettings({ ...config, host: '127.0.0.1' }, sandbox));
  const deps: Deps = {
    ...{ store, clock: systemClock, ids: randomIds, log, vault, channels },
    rates: { find: () => undefined },
    settings: { demo: config.demo !== 'off', publicUrl: config.publicUrl ?? '' },
    wake: () => undefined,
  };
  const close = async () => {
    await sandbox?.stop();
    await store.close();
  };
  return { deps, close };
}
