import { always, rowsOf } from '../engine/invariant.ts';

export const invariant = always('an order is paid by exactly one payment, of what it costs', (stage) =>
  rowsOf(
    stage,
    `select o.id, o.state, o.total, count(c.id) as paid_by from orders o
       left join captures c on c.order_id = o.id and c.use = 'applied' and c.amount = o.total and c.currency = o.currency
     where o.total > 0 group by o.id
     having count(c.id) <> case when o.state in ('paid', 'fulfilled', 'closed') then 1 else 0 end
     union all
     select c.id, c.use, c.amount, 0 from captures c join orders o on o.id = c.order_id
     where c.use = 'applied' and (c.amount <> o.total or c.currency <> o.currency)`,
  ),
);
