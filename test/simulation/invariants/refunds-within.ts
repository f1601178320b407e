import { always, rowsOf } from '../engine/invariant.ts';

export const invariant = always('no more is being refunded than was paid, neither here nor at the bank', (stage) => [
  ...rowsOf(
    stage,
    `select c.id, c.amount, c.refunding, sum(r.amount) as refunds from captures c
       left join refunds r on r.capture_id = c.id and r.state not in ('failed', 'rejected', 'cancelled')
     group by c.id having c.refunding <> coalesce(sum(r.amount), 0) or c.refunding > c.amount`,
  ),
  ...stage.bank
    .payments()
    .flatMap(({ id, refunded, amount }) =>
      refunded > amount || refunded < 0 ? [`${id}: ${refunded} of ${amount}`] : [],
    ),
]);
