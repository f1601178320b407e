/** A shop's money, from its own books. */
import { fail, ok } from '../../domain/faults.ts';
import { money } from '../../domain/money.ts';
import { dayOf } from '../../domain/statement.ts';
import type { MessageData } from '../../ports/messages.ts';
import type { SettlementRow } from '../../ports/store/settlement.ts';
import type { Loader } from './loader.ts';
import { visibleShop } from './rights.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS_MAX = 30;
const PAYOUTS_MAX = 10;

type Figures = Pick<SettlementRow, 'gross' | 'fees' | 'refunds' | 'disputes' | 'corrections' | 'paidOut'>;

const shown = ({ gross, fees, refunds, disputes, corrections }: Figures, currency: string) => ({
  gross: money(gross, currency),
  fees: money(0 - fees, currency),
  refunds: money(0 - refunds, currency),
  disputes: money(0 - disputes, currency),
  net: money(gross + fees + refunds + disputes + corrections, currency),
});

export const loadMoney: Loader<'money'> = async (reads, at, { shopId }) => {
  const found = await visibleShop(reads, at, shopId, 'shop.money');
  if (!found.ok) return found;
  const { shop } = found.value;
  if (!at.actor) return fail('not_found');
  const rows = await reads.settlement.settlementOf(shopId, 0, at.now + 1);
  const days = rows
    .toReversed()
    .filter((row) => row.gross !== 0 || row.fees !== 0 || row.refunds !== 0 || row.disputes !== 0)
    .slice(0, DAYS_MAX)
    .map((row) => ({ day: dayOf(row.dayNumber * DAY_MS), channel: row.channel, ...shown(row, row.currency) }));
  const paidTo = (code: string) => at.deps.channels.get(code)?.capabilities.paidTo;
  const totals = totalsOf(rows).map((row) => ({
    ...{ channel: row.channel, ...shown(row, row.currency), paidToMarket: paidTo(row.channel) === 'market' },
    left: money(row.gross + row.fees + row.refunds + row.disputes + row.corrections + row.paidOut, row.currency),
  }));
  return ok({ shop: { id: shop.id, title: shop.name }, days, totals, payouts: await payoutsOf() });

  async function payoutsOf(): Promise<MessageData['money']['payouts']> {
    const seen = await reads.settlement.payoutsOf(shopId, PAYOUTS_MAX);
    return seen.map(({ channel, amount, currency, availableAt }) => ({
      ...{ channel, amount: money(amount, currency), at: availableAt },
      arrived: availableAt !== null && availableAt <= at.now,
    }));
  }
};

/** By channel and currency, over all days. */
function totalsOf(rows: readonly SettlementRow[]): SettlementRow[] {
  const totals = new Map<string, SettlementRow>();
  for (const row of rows) {
    const key = `${row.channel}:${row.currency}`;
    const known = totals.get(key);
    totals.set(key, known ? added(known, row) : row);
  }
  return [...totals.values()];
}

const added = (one: SettlementRow, other: SettlementRow): SettlementRow => ({
  ...one,
  gross: one.gross + other.gross,
  fees: one.fees + other.fees,
  refunds: one.refunds + other.refunds,
  disputes: one.disputes + other.disputes,
  paidOut: one.paidOut + other.paidOut,
  corrections: one.corrections + other.corrections,
});
