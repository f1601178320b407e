/** Coupons: every count beside what it counts, and every discount beside its redemption. */
import { int, text } from '../columns.ts';
import { list, prepare } from '../prepare.ts';
import { tables } from '../schema.ts';
import { type Broken, BROKEN_MAX, type Check, sqlCheck } from './check.ts';

const PAGE = 500;
const billsAfter = prepare('verify.K3.orders', { after: text, limit: int }, (db, p) =>
  db
    .selectFrom('orders')
    .select(['id', 'quote'])
    .where('id', '>', p.after)
    .where('state', 'in', ['pending_payment', 'paid', 'fulfilled', 'closed'])
    .orderBy('id')
    .limit(p.limit),
);
const usesOf = prepare('verify.K3.redemptions', { ids: list(tables.redemptions.orderId) }, (db, p) =>
  db
    .selectFrom('redemptions')
    .select(['orderId', 'couponId', 'amount'])
    .where('orderId', 'in', p.ids)
    .where('state', '<>', 'released')
    .orderBy('id')
    .limit(1_000_000),
);

const discounts: Check = {
  id: 'K3',
  title: 'a coupon lowers a bill exactly where it is redeemed for it, by the same amount',
  weight: 'must',
  async find(run) {
    const broken: Broken[] = [];
    let figure = 0;
    let after = '';
    const pageAfter = () => run.all(billsAfter, { after, limit: PAGE });
    for (let page = await pageAfter(); page.length > 0; page = await pageAfter()) {
      after = page.at(-1)?.id ?? after;
      figure += page.length;
      const uses = Map.groupBy(await run.all(usesOf, { ids: page.map(({ id }) => id) }), ({ orderId }) => orderId);
      for (const { id, quote } of page) {
        const redeemed = (uses.get(id) ?? []).map((one) => `${one.couponId} ${one.amount}`);
        const applied = quote?.version === 2 ? quote.applied.filter((one) => one.stage === 'coupon') : [];
        const billed = applied.map((one) => `${one.id} ${one.amount}`);
        const isSame = billed.toSorted().join() === redeemed.toSorted().join();
        if (!isSame && broken.length < BROKEN_MAX) broken.push({ id, coupons: billed.length, uses: redeemed.length });
      }
    }
    return { figure, broken };
  },
};

export const couponChecks: readonly Check[] = [
  sqlCheck({
    id: 'K1',
    title: 'the uses of a coupon, of its codes and of each person are their redemptions, and no limit is passed',
    figure: 'select count(*) as figure from coupons',
    broken: `
      select c.id, c.in_use, c.spent from coupons c
      left join (
        select coupon_id,
          sum(case when over_limit = 0 and state in ('reserved', 'redeemed') then 1 else 0 end) as uses,
          sum(case when over_limit = 0 and state in ('reserved', 'redeemed') then amount else 0 end) as amount,
          sum(case when over_limit = 1 and state = 'redeemed' then 1 else 0 end) as over_uses,
          sum(case when over_limit = 1 and state = 'redeemed' then amount else 0 end) as over_amount
        from redemptions group by coupon_id
      ) r on r.coupon_id = c.id
      where c.in_use <> coalesce(r.uses, 0) or c.spent <> coalesce(r.amount, 0)
        or c.over_uses <> coalesce(r.over_uses, 0) or c.over_spent <> coalesce(r.over_amount, 0)
        or c.in_use > c.max_uses or c.spent > c.budget
      union all
      select k.id, k.in_use, 0 as spent from coupon_codes k
      where k.in_use <> (
        select count(*) from redemptions r
        where r.code_id = k.id and r.over_limit = 0 and r.state in ('reserved', 'redeemed')
      )
      union all
      select p.coupon_id as id, p.in_use, 0 as spent from coupon_people p join coupons c on c.id = p.coupon_id
      where p.in_use > c.max_per_person or p.in_use <> (
        select count(*) from redemptions r
        where r.coupon_id = p.coupon_id and r.person_id = p.person_id and r.over_limit = 0
          and r.state in ('reserved', 'redeemed')
      )`,
  }),
  sqlCheck({
    id: 'K2',
    title:
      'a redemption follows its order: reserved while the bill is open, redeemed once it is paid, released with it',
    figure: 'select count(*) as figure from redemptions',
    broken: `
      select r.id, r.state, o.state as of_order from redemptions r join orders o on o.id = r.order_id
      where (r.state = 'reserved' and o.state <> 'pending_payment')
        or (r.state in ('redeemed', 'returned') and o.state not in ('paid', 'fulfilled', 'closed'))
        or r.person_id <> o.buyer_id or r.currency <> o.currency`,
  }),
  discounts,
];
