/** Sums over the journal for the shop that they belong to. */
import { sql } from 'kysely';
import type { SeenPayout, SettlementReads, SettlementRow } from '../ports/store/settlement.ts';
import { int, text } from './columns.ts';
import { prepare, type Run } from './prepare.ts';

const sum = (kinds: readonly string[]) =>
  sql.raw(`sum(case when t.kind in (${kinds.map((kind) => `'${kind}'`).join(', ')}) then p.amount else 0 end)`);

/** Every entry that moves `channel` is in exactly one column; whole days are a division of integers on both engines. */
const byDay = prepare(
  'journal.settlement',
  { shopId: text, from: int, to: int },
  (_db, p) => sql<SettlementRow>`
    select m.id as "merchantAccountId", m.channel, t.at / 86400000 as "dayNumber", t.currency,
      ${sum(['captured', 'captured_to_suspense'])} as gross,
      ${sum(['fee', 'dispute_fee', 'dispute_fee_returned', 'account_fee'])} as fees,
      ${sum(['refund_succeeded', 'refund_bounced'])} as refunds,
      ${sum(['dispute_withdrawn', 'dispute_reinstated'])} as disputes,
      ${sum(['payout', 'payout_failed'])} as "paidOut",
      ${sum(['difference'])} as corrections
    from merchant_accounts m join journal_transactions t on t.book = m.id
      join postings p on p.transaction_id = t.id and p.account = 'channel'
    where m.shop_id = ${p.shopId} and t.at >= ${p.from} and t.at < ${p.to}
    group by m.id, m.channel, t.at / 86400000, t.currency
    order by 3, 2, 4, 1`,
);

const payouts = prepare(
  'statementRows.payouts',
  { shopId: text, limit: int },
  (_db, p) => sql<SeenPayout>`
    select m.channel, s.object_id as "objectId", 0 - s.amount as amount, s.currency, s.available_at as "availableAt"
    from statement_rows s join merchant_accounts m on m.id = s.merchant_account_id
    where m.shop_id = ${p.shopId} and s.kind = 'payout' and not exists (
      select 1 from statement_rows f
      where f.merchant_account_id = s.merchant_account_id and f.object_id = s.object_id and f.kind = 'payout_failed')
    order by s.occurred_at desc, s.id desc limit ${p.limit}`,
);

export function settlementQueries(run: Run): SettlementReads {
  return {
    settlementOf: (shopId, from, to) => run.all(byDay, { shopId, from, to }),
    payoutsOf: (shopId, limit) => run.all(payouts, { shopId, limit }),
  };
}
