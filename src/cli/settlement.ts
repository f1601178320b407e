/** npm run settlement -- --shop ID [--from DAY] [--to DAY]: what a shop's books moved by day, channel and currency, as CSV. Days are UTC. */
import { dayBounds, dayOf } from '../domain/statement.ts';
import { StartFault } from '../start-fault.ts';
import { openStore } from '../store/open.ts';
import { command, explained, readingOptions, readKeys, readSettings, say } from './shared/command.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const USAGE = 'npm run settlement -- --shop ID --from 2026-11-01 --to 2026-11-30 (both days are in it; UTC)';

await command(async () => {
  const { shopId, from, to } = asked(process.argv.slice(2));
  const config = readSettings();
  const store = await openStore(readingOptions(config, readKeys(config))).catch((error: unknown) => {
    throw explained(error, config);
  });
  try {
    const shop = await store.read((reads) => reads.people.shop(shopId));
    if (!shop) throw new StartFault(`There is no shop ${shopId}. ${USAGE}`);
    const rows = await store.read((reads) => reads.settlement.settlementOf(shopId, from, to));
    // Ids, days and whole numbers of our own alone: no cell needs quotes, and none is a formula but for its sign.
    say('day_utc,channel,merchant_account,currency,gross,fees,refunds,disputes,corrections,net,paid_out');
    for (const row of rows) {
      const { merchantAccountId, channel, currency, gross, fees, refunds, disputes, corrections, paidOut } = row;
      const net = gross + fees + refunds + disputes + corrections;
      const figures = [gross, fees, refunds, disputes, corrections, net, paidOut];
      say([dayOf(row.dayNumber * DAY_MS), channel, merchantAccountId, currency, ...figures].join(','));
    }
    return 0;
  } finally {
    await store.close();
  }
});

function asked(args: readonly string[]): { readonly shopId: string; readonly from: number; readonly to: number } {
  const valueOf = (name: string) => (args.includes(name) ? (args[args.indexOf(name) + 1] ?? '') : '');
  const shopId = valueOf('--shop');
  const from = dayBounds(valueOf('--from') || '1970-01-01');
  const to = dayBounds(valueOf('--to') || '2100-01-01');
  if (shopId === '' || !from || !to) throw new StartFault(`Name a shop: ${USAGE}`);
  return { shopId, from: from.from, to: to.to };
}
