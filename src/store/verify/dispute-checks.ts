/** What banks took up: every movement in the journal, every sum beside its movements. */
import { type Check, sqlCheck } from './check.ts';

export const disputeChecks: readonly Check[] = [
  sqlCheck({
    id: 'R4a',
    title: 'what waited for a second person was let out or stopped by somebody other than who asked for it',
    figure: 'select count(*) as figure from refund_approvals',
    broken: `
      select r.id, r.state, a.decision from refunds r left join refund_approvals a on a.refund_id = r.id
      where (a.decision = 'rejected' and r.state <> 'rejected')
        or (r.state = 'rejected' and coalesce(a.decision, '') <> 'rejected')
        or (r.state = 'pending_approval' and a.decision is not null)
        or a.decided_by = r.requested_by`,
  }),
  sqlCheck({
    id: 'R6',
    title: 'a request that was accepted has its refund, of the same order and never more than was asked',
    figure: 'select count(*) as figure from refund_requests',
    broken: `
      select q.id, q.state, q.amount from refund_requests q left join refunds r on r.id = q.refund_id
      where (q.state = 'accepted' and r.id is null)
        or (r.id is not null and (r.order_id <> q.order_id or r.amount > q.amount or r.currency <> q.currency))
        or (q.state in ('open', 'escalated') and q.decided_at is not null)`,
  }),
  sqlCheck({
    id: 'P4d',
    title:
      'what a bank holds and what was kept for it are the sums of their movements, on the dispute and on its capture',
    figure: 'select count(*) as figure from disputes',
    broken: `
      select d.id, d.withdrawn, d.fee from disputes d
      left join (
        select dispute_id,
          sum(case kind when 'withdrawn' then amount when 'reinstated' then 0 - amount else 0 end) as held,
          sum(case kind when 'fee' then amount when 'fee_returned' then 0 - amount else 0 end) as kept
        from dispute_moves group by dispute_id
      ) m on m.dispute_id = d.id
      where d.withdrawn <> coalesce(m.held, 0) or d.fee <> coalesce(m.kept, 0)
      union all
      select c.id, c.withdrawn, 0 as fee from captures c
      where c.withdrawn <> coalesce((select sum(d.withdrawn) from disputes d where d.capture_id = c.id), 0)`,
  }),
  sqlCheck({
    id: 'P4j',
    title: 'every movement of a dispute stands in the journal of its account, once, as what it was',
    figure: 'select count(*) as figure from dispute_moves',
    broken: `
      select m.id, m.kind, m.amount from dispute_moves m join disputes d on d.id = m.dispute_id
      where 1 <> (
        select count(*) from journal_transactions t join postings p on p.transaction_id = t.id
        where t.source_type = 'dispute' and t.source_id = m.id and t.kind = 'dispute_' || m.kind
          and t.book = d.merchant_account_id and t.currency = d.currency and p.account = 'channel'
          and p.amount = case when m.kind in ('reinstated', 'fee_returned') then m.amount else 0 - m.amount end
      )`,
  }),
  sqlCheck({
    id: 'R5',
    title: 'a dispute is of the order, channel, account and currency of the payment that it took up',
    figure: 'select count(*) as figure from disputes',
    broken: `
      select d.id, d.state from disputes d join captures c on c.id = d.capture_id
      where d.order_id <> c.order_id or d.channel <> c.channel or d.merchant_account_id <> c.merchant_account_id
        or d.currency <> c.currency`,
  }),
];
