import { always, rowsOf } from '../engine/invariant.ts';

export const invariant = always('no unit is promised twice, and what is held is held for an open bill', (stage) =>
  rowsOf(
    stage,
    `select v.id, v.on_hand, v.held from variants v
       left join (select variant_id, sum(quantity) as units from holds where state = 'held' group by variant_id) h
         on h.variant_id = v.id
     where v.held <> coalesce(h.units, 0) or v.on_hand < v.held
     union all
     select h.id, null, null from holds h join orders o on o.id = h.order_id
     where h.state = 'held' and o.state <> 'pending_payment'`,
  ),
);
