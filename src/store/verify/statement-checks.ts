/** Statements and what they were matched with. */
import { type Check, sqlCheck } from './check.ts';

export const statementChecks: readonly Check[] = [
  sqlCheck({
    id: 'L5',
    title: 'every line of a statement was matched with something of its own account, or has a difference',
    figure: 'select count(*) as figure from statement_rows',
    broken: `
      select s.id, s.kind, s.result from statement_rows s
      where case s.matched_type
        when 'capture' then not exists (
          select 1 from captures c where c.id = s.matched_id and c.merchant_account_id = s.merchant_account_id)
        when 'refund' then not exists (
          select 1 from refunds r where r.id = s.matched_id and r.merchant_account_id = s.merchant_account_id)
        when 'dispute' then not exists (
          select 1 from dispute_moves m join disputes d on d.id = m.dispute_id
          where m.id = s.matched_id and d.merchant_account_id = s.merchant_account_id)
        when 'statement' then s.matched_id <> s.id
        else s.result not in ('new', 'timing') and not exists (select 1 from recon_breaks b where b.row_id = s.id) end`,
  }),
  sqlCheck({
    id: 'L5p',
    title: 'a payout or a fee that only the statement tells of stands in the journal with what it moved',
    figure: "select count(*) as figure from statement_rows where matched_type = 'statement'",
    broken: `
      select s.id, s.kind, s.amount from statement_rows s
      where s.matched_type = 'statement' and s.amount - s.fee <> coalesce((
        select sum(p.amount) from journal_transactions t join postings p on p.transaction_id = t.id
        where t.source_type = 'statement' and t.source_id = s.id and p.account = 'channel' and t.currency = s.currency), 0)`,
  }),
  sqlCheck({
    id: 'L5b',
    title: 'a difference waits exactly as long as its case',
    figure: 'select count(*) as figure from recon_breaks',
    broken: `
      select b.id, b.kind from recon_breaks b join cases k on k.id = b.case_id
      where (b.closed_at is null and k.resolved_at is not null) or (b.closed_at is not null and k.resolved_at is null)`,
  }),
];
