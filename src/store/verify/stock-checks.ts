/** Units in hand, units kept, and single-use codes. */
import { type Check, differ, sqlCheck, words } from './check.ts';

const PAID = words(['paid', 'fulfilled', 'closed']);

export const stockChecks: readonly Check[] = [
  sqlCheck({
    id: 'S1',
    title: 'no variant has fewer units in hand than are held, and none fewer than nothing',
    figure: 'select count(*) as figure from variants',
    broken: 'select id, on_hand, held from variants where held < 0 or sold < 0 or on_hand < held or on_hand < 0',
  }),
  sqlCheck({
    id: 'S2',
    title: 'units in hand are the sum of all moves of stock',
    figure: 'select count(*) as figure from stock_moves',
    broken: `
      select v.id, v.on_hand, coalesce(sum(m.delta), 0) as moved
      from variants v left join stock_moves m on m.variant_id = v.id
      group by v.id, v.on_hand having coalesce(v.on_hand, 0) <> coalesce(sum(m.delta), 0)`,
  }),
  sqlCheck({
    id: 'S2h',
    title: 'units held are the sum of the live holds',
    figure: "select count(*) as figure from holds where state = 'held'",
    broken: `
      select v.id, v.held, coalesce(sum(h.quantity), 0) as holds
      from variants v left join holds h on h.variant_id = v.id and h.state = 'held'
      group by v.id, v.held having v.held <> coalesce(sum(h.quantity), 0)`,
  }),
  sqlCheck({
    id: 'S3',
    title: 'a hold lives as long as its bill is open, and what was sold was paid',
    figure: 'select count(*) as figure from holds',
    broken: `
      select h.id, h.state, o.state as order_state from holds h join orders o on o.id = h.order_id
      where (h.state = 'held' and o.state <> 'pending_payment') or (h.state = 'committed' and o.state not in (${PAID}))
        or ${differ("h.state = 'held'", 'h.ended_at is null')}`,
  }),
  sqlCheck({
    id: 'S4',
    title: 'a code belongs to one line of one paid order of its own product',
    figure: 'select count(*) as figure from codes where order_id is not null',
    broken: `
      select c.id, c.order_id from (
        select product_id || ':' || seq as id, product_id, order_id, order_line_id from codes
        where order_id is not null or order_line_id is not null
      ) as c
      left join order_lines l on l.id = c.order_line_id left join orders o on o.id = c.order_id
      where l.id is null or o.id is null or l.order_id <> o.id or l.product_id <> c.product_id or o.state not in (${PAID})`,
  }),
  sqlCheck({
    id: 'S4n',
    title: 'a paid line of a product with codes has its units in codes, less those that went back',
    figure: `
      select count(*) as figure from order_lines l join products p on p.id = l.product_id join orders o on o.id = l.order_id
      where p.digital = 'codes' and o.state in (${PAID})`,
    broken: `
      select l.id, l.quantity, l.refunded_quantity, count(c.seq) as codes
      from order_lines l join products p on p.id = l.product_id join orders o on o.id = l.order_id
        left join codes c on c.order_line_id = l.id
      where p.digital = 'codes' and o.state in (${PAID})
      group by l.id, l.quantity, l.refunded_quantity
      having count(c.seq) > l.quantity or count(c.seq) < l.quantity - l.refunded_quantity`,
  }),
  sqlCheck({
    id: 'S4s',
    title: 'a product with codes has as many units in hand as it has free codes',
    figure: "select count(*) as figure from products where digital = 'codes'",
    broken: `
      select v.product_id as id, v.on_hand, f.free from
        (select product_id, sum(on_hand) as on_hand from variants group by product_id) as v
        join products p on p.id = v.product_id
        join (
          select p2.id, count(c.seq) as free from products p2
          left join codes c on c.product_id = p2.id and c.order_id is null group by p2.id
        ) as f on f.id = p.id
      where p.digital = 'codes' and coalesce(v.on_hand, -1) <> f.free`,
  }),
];
