import { always, rowsOf } from '../engine/invariant.ts';

export const invariant = always(
  'the accounts of every book sum to zero, and stand at what was posted to them',
  (stage) =>
    rowsOf(
      stage,
      `select book, currency, sum(amount) as off from account_balances group by book, currency having sum(amount) <> 0
     union all
     select p.book || ' ' || p.account, p.currency, sum(p.amount) - coalesce(max(b.amount), 0) from postings p
       left join account_balances b on b.book = p.book and b.account = p.account and b.currency = p.currency
     group by p.book, p.account, p.currency having sum(p.amount) <> coalesce(max(b.amount), 0)`,
    ),
);
