/** The journal, its balances, and the place of every proved unit of money in it. */
import { sql } from 'kysely';
import { exponentOf } from '../../domain/currency.ts';
import { ACCOUNTS, ENTRY_KINDS } from '../../domain/ledger.ts';
import { prepare } from '../prepare.ts';
import { type Broken, type Check, sqlCheck, words } from './check.ts';

const currencies = prepare(
  'verify.L4.currencies',
  {},
  () => sql<{ currency: string }>`
    select currency from prices union select currency from orders union select currency from payments
    union select currency from captures union select currency from refunds union select currency from postings
    union select currency from communities order by currency`,
);

const knownCurrencies: Check = {
  id: 'L4',
  title: 'every currency in the books has a known number of decimals',
  weight: 'must',
  async find(run) {
    const found = await run.all(currencies, {});
    const broken: Broken[] = found
      .filter(({ currency }) => !isKnown(currency))
      .map(({ currency }) => ({ id: currency }));
    return { figure: found.length, broken };
  },
};

function isKnown(currency: string): boolean {
  try {
    exponentOf(currency);
    return true;
  } catch {
    return false;
  }
}

/** Σ postings of each source by account, beside the row that they speak of. */
const posted = (sourceType: 'capture' | 'refund') => `
  select t.source_id,
    sum(case when p.account = 'channel' and t.kind <> 'fee' then p.amount else 0 end) as channel,
    sum(case when p.account = 'channel_fee' then p.amount else 0 end) as fee,
    sum(case when p.account = 'sales' then p.amount else 0 end) as sales,
    sum(case when p.account = 'suspense' then p.amount else 0 end) as suspense,
    sum(case when p.account = 'refunds_in_flight' then p.amount else 0 end) as in_flight,
    min(case when p.currency = t.currency then 1 else 0 end) as one_currency,
    max(t.currency) as currency, max(t.book) as book, min(t.book) as other_book
  from journal_transactions t join postings p on p.transaction_id = t.id
  where t.source_type = '${sourceType}' group by t.source_id`;

export const ledgerChecks: readonly Check[] = [
  sqlCheck({
    id: 'L1',
    title: 'every journal transaction balances in its one currency and has two postings or more',
    figure: 'select count(*) as figure from journal_transactions',
    broken: `
      select t.id, coalesce(sum(p.amount), 0) as off, count(p.transaction_id) as postings
      from journal_transactions t left join postings p on p.transaction_id = t.id
      group by t.id, t.currency, t.book
      having coalesce(sum(p.amount), 0) <> 0 or count(p.transaction_id) < 2
        or min(p.currency) <> t.currency or max(p.currency) <> t.currency or min(p.book) <> t.book or max(p.book) <> t.book`,
  }),
  sqlCheck({
    id: 'L3',
    title: "every account's balance is the sum of its postings",
    figure: 'select count(*) as figure from account_balances',
    broken: `
      select book || ':' || account || ':' || currency as id, sum(balance) as balance, sum(posted) as posted
      from (
        select book, account, currency, amount as balance, 0 as posted from account_balances
        union all select book, account, currency, 0 as balance, amount as posted from postings
      ) as sides
      group by book, account, currency having sum(balance) <> sum(posted)`,
  }),
  knownCurrencies,
  sqlCheck({
    id: 'L6',
    title: 'accounts and kinds of entries are of the closed lists; none is a balance that could be withdrawn',
    figure: 'select count(*) as figure from postings',
    broken: `
      select transaction_id as id, account as word from postings where account not in (${words(ACCOUNTS)})
      union all select id, kind as word from journal_transactions where kind not in (${words(ENTRY_KINDS)})`,
  }),
  sqlCheck({
    id: 'P4',
    title: 'every capture stands in the journal with its amount and fee: earned by its order, or in suspense',
    figure: 'select count(*) as figure from captures',
    broken: `
      select c.id, c.amount, coalesce(j.channel, 0) as channel, coalesce(j.sales, 0) as sales, coalesce(j.suspense, 0) as suspense
      from captures c left join (${posted('capture')}) j on j.source_id = c.id
      where j.source_id is null or j.channel <> c.amount or j.fee <> c.fee or j.one_currency = 0 or j.currency <> c.currency
        or j.book <> c.merchant_account_id or j.other_book <> c.merchant_account_id
        or j.sales <> case when c.use = 'applied' then -c.amount else 0 end
        or j.suspense <> case when c.use = 'applied' then 0 else -c.amount end`,
  }),
  sqlCheck({
    id: 'P4r',
    title:
      'every refund stands in the journal: promised while it is open, paid out when it succeeded, undone when it failed',
    figure: 'select count(*) as figure from refunds',
    broken: `
      select r.id, r.amount, coalesce(j.channel, 0) as channel, coalesce(j.in_flight, 0) as in_flight
      from refunds r left join (${posted('refund')}) j on j.source_id = r.id
      where j.source_id is null or j.one_currency = 0 or j.currency <> r.currency
        or j.book <> r.merchant_account_id or j.other_book <> r.merchant_account_id
        or j.channel <> case when r.state = 'succeeded' then -r.amount else 0 end
        or j.in_flight <> case when r.state in ('succeeded', 'failed', 'rejected', 'cancelled') then 0 else -r.amount end
        or j.sales + j.suspense <> case when r.state in ('failed', 'rejected', 'cancelled') then 0 else r.amount end`,
  }),
  sqlCheck({
    id: 'L7',
    title:
      'every journal transaction speaks of a capture, a refund, a dispute or a statement that exists, of the same order',
    figure: 'select count(*) as figure from journal_transactions',
    broken: `
      select t.id, t.kind from journal_transactions t
      where not exists (
        select 1 from captures c where t.source_type = 'capture' and c.id = t.source_id and c.order_id = t.order_id
      ) and not exists (
        select 1 from refunds r where t.source_type = 'refund' and r.id = t.source_id and r.order_id = t.order_id
      ) and not exists (
        select 1 from dispute_moves m join disputes d on d.id = m.dispute_id
        where t.source_type = 'dispute' and m.id = t.source_id and d.order_id = t.order_id
      ) and not exists (
        select 1 from statement_rows s
        where t.source_type = 'statement' and s.id = t.source_id and s.merchant_account_id = t.book
      ) and not exists (
        select 1 from recon_breaks b
        where t.source_type = 'statement' and b.id = t.source_id and b.merchant_account_id = t.book
      )`,
  }),
];
