import { atRest, rowsOf } from '../engine/invariant.ts';

export const invariant = atRest(
  'what an order took from the shelf it took once, and what it put back it put back once',
  (stage) =>
    rowsOf(
      stage,
      `select o.id, o.state, m.variant_id, m.sold, m.back, l.units, coalesce(r.units, 0) as returned
     from (select order_id, variant_id, sum(case when reason = 'sale' then -delta else 0 end) as sold,
             sum(case when reason = 'return' then delta else 0 end) as back
           from stock_moves where order_id is not null group by order_id, variant_id) m
       join orders o on o.id = m.order_id
       join (select order_id, variant_id, sum(quantity) as units from order_lines group by order_id, variant_id) l
         on l.order_id = m.order_id and l.variant_id = m.variant_id
       left join (
         select r.order_id, ol.variant_id, sum(json_extract(u.value, '$.quantity')) as units
         from refunds r, json_each(r.lines) u join order_lines ol on ol.id = json_extract(u.value, '$.lineId')
         where r.restock = 1 and exists (
           select 1 from journal_transactions t where t.source_id = r.id and t.kind = 'refund_succeeded')
         group by r.order_id, ol.variant_id) r on r.order_id = m.order_id and r.variant_id = m.variant_id
       join variants v on v.id = m.variant_id join products p on p.id = v.product_id
     where (o.state in ('paid', 'fulfilled', 'closed') and m.sold <> l.units)
       or (o.state not in ('paid', 'fulfilled', 'closed') and m.sold <> m.back)
       or m.back > m.sold
       or (o.state in ('paid', 'fulfilled', 'closed') and p.digital is null and m.back <> coalesce(r.units, 0))`,
    ),
);
