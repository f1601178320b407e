/** Payments, attempts, captures and refunds: who paid what once, and what went back. */
import { attemptMachine } from '../../domain/payment.ts';
import { isLive } from '../../domain/payment.ts';
import { countsAgainstCapture, refundMachine } from '../../domain/refund.ts';
import { type Check, differ, sqlCheck, words } from './check.ts';

const PAID = words(['paid', 'fulfilled', 'closed']);
const LIVE = words(attemptMachine.states.filter(isLive));
const COUNTING = words(refundMachine.states.filter(countsAgainstCapture));

export const paymentChecks: readonly Check[] = [
  sqlCheck({
    id: 'P2',
    title: 'an order is paid exactly when one capture pays it, or when it costs nothing and none does',
    figure: "select count(*) as figure from orders where state <> 'draft'",
    broken: `
      select o.id, o.state, o.total, count(c.id) as applied
      from orders o left join captures c on c.order_id = o.id and c.use = 'applied'
      group by o.id, o.state, o.total
      having count(c.id) <> case when o.state in (${PAID}) and o.total > 0 then 1 else 0 end`,
  }),
  sqlCheck({
    id: 'P2p',
    title: 'a payment has succeeded exactly when its order was paid; what costs something and was paid has a payment',
    figure: 'select count(*) as figure from payments',
    broken: `
      select p.id, p.state, o.state as order_state from payments p join orders o on o.id = p.order_id
      where ${differ("p.state = 'succeeded'", `o.state in (${PAID})`)}
      union all
      select o.id, 'none' as state, o.state as order_state from orders o
      where o.state in (${PAID}) and o.total > 0 and not exists (select 1 from payments p where p.order_id = o.id)`,
  }),
  sqlCheck({
    id: 'P3',
    title:
      'every capture belongs to the order, payment, attempt, channel and shop that it names, and what pays is what was owed',
    figure: 'select count(*) as figure from captures',
    broken: `
      select c.id, c.use from captures c
        join attempts a on a.id = c.attempt_id join payments p on p.id = c.payment_id
        join orders o on o.id = c.order_id join merchant_accounts m on m.id = c.merchant_account_id
      where a.payment_id <> c.payment_id or a.order_id <> c.order_id or p.order_id <> c.order_id
        or a.channel <> c.channel or a.merchant_account_id <> c.merchant_account_id
        or m.channel <> c.channel or m.shop_id <> o.shop_id
        or (c.use = 'applied' and (c.amount <> p.amount or c.currency <> p.currency))`,
  }),
  sqlCheck({
    id: 'P5',
    title: 'late, second and mismatched money went back, or a case about it was opened',
    figure: "select count(*) as figure from captures where use <> 'applied'",
    broken: `
      select c.id, c.use from captures c
      where c.use <> 'applied'
        and not exists (select 1 from refunds r where r.capture_id = c.id)
        and not exists (select 1 from cases k where k.order_id = c.order_id and k.params like '%' || c.id || '%')`,
  }),
  sqlCheck({
    id: 'P6p',
    title: 'a payment owes what its order costs, and every attempt asks for what is owed',
    figure: 'select count(*) as figure from payments',
    broken: `
      select p.id, p.amount, o.total from payments p join orders o on o.id = p.order_id
      where p.amount <> o.total or p.currency <> o.currency
      union all
      select a.id, a.amount, p.amount as total from attempts a join payments p on p.id = a.payment_id
      where a.amount <> p.amount or a.currency <> p.currency or a.order_id <> p.order_id`,
  }),
  sqlCheck({
    id: 'P7',
    title: 'a payment has at most one live attempt at a channel',
    figure: `select count(*) as figure from attempts where state in (${LIVE})`,
    broken: `
      select payment_id as id, channel, count(*) as live from attempts where state in (${LIVE})
      group by payment_id, channel having count(*) > 1`,
  }),
  sqlCheck({
    id: 'R1',
    title: 'what is being refunded of a capture is the sum of its refunds, and never more than it',
    figure: 'select count(*) as figure from captures',
    broken: `
      select c.id, c.amount, c.refunding, coalesce(sum(r.amount), 0) as refunds
      from captures c left join refunds r on r.capture_id = c.id and r.state in (${COUNTING})
      group by c.id, c.amount, c.refunding
      having c.refunding <> coalesce(sum(r.amount), 0) or c.refunding > c.amount`,
  }),
  sqlCheck({
    id: 'R4',
    title: 'a refund goes back the way the money came: same order, channel, account and currency',
    figure: 'select count(*) as figure from refunds',
    broken: `
      select r.id, r.state from refunds r join captures c on c.id = r.capture_id
      where r.order_id <> c.order_id or r.channel <> c.channel or r.merchant_account_id <> c.merchant_account_id
        or r.currency <> c.currency or r.amount < 1`,
  }),
  sqlCheck({
    id: 'W2',
    title: "money that a channel proved is recorded once per account and the channel's own name for it",
    figure: 'select count(*) as figure from captures',
    broken: `
      select min(id) as id, count(*) as times from captures
      group by merchant_account_id, channel_ref having count(*) > 1`,
  }),
  sqlCheck({
    id: 'U1',
    title: "every movement of money stands in its order's timeline",
    figure: 'select count(*) as figure from captures',
    broken: `
      select moved.order_id as id, sum(moved.captures) as captures, sum(moved.refunds) as refunds
      from (
        select order_id, 1 as captures, 0 as refunds from captures
        union all select order_id, 0 as captures, 1 as refunds from refunds
        union all select order_id, -1 as captures, 0 as refunds from timeline_entries
          where kind in ('captured', 'captured_late', 'captured_again', 'conflict')
        union all select order_id, 0 as captures, -1 as refunds from timeline_entries where kind = 'refund_requested'
      ) as moved
      group by moved.order_id having sum(moved.captures) > 0 or sum(moved.refunds) > 0`,
  }),
];
