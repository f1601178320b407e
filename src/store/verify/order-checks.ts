/** Orders: their bills, their instants, and that nothing of one shop or community stands in another's. */
import { sql } from 'kysely';
import type { Quote } from '../../domain/pricing/quote-shape.ts';
import { readQuote, type StoredQuote } from '../../domain/quote.ts';
import { countsAgainstCapture } from '../../domain/refund.ts';
import { int, text } from '../columns.ts';
import { list, prepare, type Run } from '../prepare.ts';
import { type RowOf, tables } from '../schema.ts';
import { type Broken, BROKEN_MAX, type Check, differ, sqlCheck, words } from './check.ts';

const PAGE = 500;
const PAID = words(['paid', 'fulfilled', 'closed']);

const ordersAfter = prepare('verify.P6.orders', { after: text, limit: int }, (db, p) =>
  db
    .selectFrom('orders')
    .select(['id', 'state', 'total', 'currency', 'quote'])
    .where('id', '>', p.after)
    .where('state', '<>', 'draft')
    .orderBy('id')
    .limit(p.limit),
);
const linesOf = prepare('verify.P6.lines', { ids: list(tables.orderLines.orderId) }, (db, p) =>
  db
    .selectFrom('orderLines')
    .select(['orderId', 'variantId', 'quantity', 'total'])
    .where('orderId', 'in', p.ids)
    .orderBy('orderId')
    .orderBy('position')
    .limit(1_000_000),
);

type Billed = Pick<RowOf<'orders'>, 'id' | 'state' | 'total' | 'currency' | 'quote'>;
type Line = Pick<RowOf<'orderLines'>, 'orderId' | 'variantId' | 'quantity' | 'total'>;

const bills: Check = {
  id: 'P6',
  title: 'the total of an order is its frozen quote, which adds up: lines less discounts, delivery, tax',
  weight: 'must',
  async find(run) {
    const broken: Broken[] = [];
    let figure = 0;
    let after = '';
    for (let page = await pageAfter(run, after); page.length > 0; page = await pageAfter(run, after)) {
      after = page.at(-1)?.id ?? after;
      figure += page.length;
      const lines = Map.groupBy(await run.all(linesOf, { ids: page.map(({ id }) => id) }), ({ orderId }) => orderId);
      for (const order of page) {
        const fault = faultOf(order, lines.get(order.id) ?? []);
        if (fault && broken.length < BROKEN_MAX) broken.push({ id: order.id, fault });
      }
    }
    return { figure, broken };
  },
};

const pageAfter = (run: Run, after: string): Promise<Billed[]> => run.all(ordersAfter, { after, limit: PAGE });

function faultOf(order: Billed, lines: readonly Line[]): string | undefined {
  // A basket that was given up never had a bill.
  if (order.quote === null) return order.state === 'cancelled' && order.total === 0 ? undefined : 'no quote';
  if (currenciesOf(order.quote).some((currency) => currency !== order.currency)) return 'currency';
  const quote = readQuote(order.quote);
  const amounts = [
    ...quote.lines.flatMap((line) => [line.unitPrice, line.subtotal, line.discount, line.total, line.tax, line.cash]),
    ...quote.applied.map((one) => one.amount),
    ...quote.tenders.map((one) => one.amount),
    ...[quote.items, quote.delivery.net, quote.delivery.tax, quote.delivery.cash, quote.total, quote.due],
  ];
  if (amounts.some((amount) => !Number.isSafeInteger(amount) || amount < 0)) return 'amount';
  if (quote.due !== order.total) return 'total of the order';
  if (!isSum(quote)) return 'sum of the quote';
  if (quote.lines.some((line) => !addsUp(line))) return 'line of the quote';
  return sameLines(quote, lines) ? undefined : 'lines of the order';
}

/** In a bill of version 1 every amount named its own. */
const currenciesOf = (quote: StoredQuote): string[] =>
  quote.version === 2
    ? [quote.currency]
    : [
        ...[quote.currency, quote.items.currency, quote.delivery.fee.currency, quote.total.currency],
        ...quote.lines.flatMap((line) =>
          [line.unitPrice, line.subtotal, line.discount, line.total].map(({ currency }) => currency),
        ),
      ];

function isSum(quote: Quote): boolean {
  const { lines, delivery, tax, points, tenders, applied } = quote;
  const of = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);
  const added = tax.mode === 'exclusive' ? of(tax.rates.map((rate) => rate.amount)) : 0;
  const lowered = points?.treatment === 'price_reduction' ? points.amount : 0;
  const off = of(applied.map((one) => one.amount - one.shipping)) + lowered;
  return (
    quote.total === of(lines.map((line) => line.total)) + delivery.net + added &&
    quote.payable === of(lines.map((line) => line.cash)) + delivery.cash &&
    quote.payable === quote.total - (points?.treatment === 'tender' ? points.amount : 0) &&
    quote.due === quote.payable - of(tenders.map((tender) => tender.amount)) &&
    // A bill of version 1 does not say what lowered it.
    (off === of(lines.map((line) => line.discount)) || (applied.length === 0 && !points))
  );
}

const addsUp = ({ unitPrice, quantity, subtotal, discount, total }: Quote['lines'][number]): boolean =>
  subtotal === unitPrice * quantity && discount <= subtotal && total === subtotal - discount;

const sameLines = (quote: Quote, lines: readonly Line[]): boolean =>
  quote.lines.length === lines.length &&
  quote.lines.every((quoted) =>
    lines.some(
      (line) => line.variantId === quoted.variantId && line.quantity === quoted.quantity && line.total === quoted.total,
    ),
  );

const refundsAfter = prepare('verify.R1u.refunds', { after: text, limit: int }, (db, p) =>
  db
    .selectFrom('refunds')
    .select(['id', 'state', 'restock', 'lines'])
    .where('id', '>', p.after)
    .orderBy('id')
    .limit(p.limit),
);
const bouncedRefunds = prepare(
  'verify.R1u.bounced',
  {},
  () => sql<{ id: string }>`
    select source_id as id from journal_transactions where kind = 'refund_bounced' order by source_id`,
);
/** A free order that was called off gave its units back without a refund. */
const refundedLines = prepare(
  'verify.R1u.lines',
  {},
  () => sql<{ id: string; units: number }>`
    select l.id, l.refunded_quantity as units from order_lines l join orders o on o.id = l.order_id
    where l.refunded_quantity > 0 and o.total > 0 order by l.id`,
);

const refundedUnits: Check = {
  id: 'R1u',
  title:
    'the refunded units of a line are those of its refunds that did not fail, or bounced after their goods were back',
  weight: 'must',
  async find(run) {
    const stored = new Map((await run.all(refundedLines, {})).map(({ id, units }) => [id, units]));
    const bounced = new Set((await run.all(bouncedRefunds, {})).map(({ id }) => id));
    const sums = new Map<string, number>();
    let after = '';
    for (
      let page = await run.all(refundsAfter, { after, limit: PAGE });
      page.length > 0;
      page = await run.all(refundsAfter, { after, limit: PAGE })
    ) {
      after = page.at(-1)?.id ?? after;
      const counting = page.filter(
        ({ id, state, restock }) => countsAgainstCapture(state) || (restock && bounced.has(id)),
      );
      for (const { lineId, quantity } of counting.flatMap(({ lines }) => lines)) {
        sums.set(lineId, (sums.get(lineId) ?? 0) + quantity);
      }
    }
    const all = [...new Set([...stored.keys(), ...sums.keys()])].toSorted();
    const broken = all.flatMap((id) => {
      const [refunded, sum] = [stored.get(id) ?? 0, sums.get(id) ?? 0];
      return refunded === sum ? [] : [{ id, refunded, sum }];
    });
    return { figure: all.length, broken: broken.slice(0, BROKEN_MAX) };
  },
};

export const orderChecks: readonly Check[] = [
  bills,
  refundedUnits,
  sqlCheck({
    id: 'P1t',
    title: 'an order has the instants of the states it went through, and no others',
    figure: 'select count(*) as figure from orders',
    broken: `
      select id, state from orders
      where ${differ(`state in (${PAID})`, 'paid_at is not null')}
        or (state = 'fulfilled' and fulfilled_at is null) or (fulfilled_at is not null and state not in ('fulfilled', 'closed'))
        or ${differ("state = 'closed'", 'closed_at is not null')}
        or (state not in ('draft', 'cancelled') and placed_at is null)`,
  }),
  sqlCheck({
    id: 'A1',
    title: "every line of an order is its own shop's, every card is in a chat of its own community",
    figure: 'select count(*) as figure from order_lines',
    broken: `
      select l.id, l.order_id as of_id from order_lines l join orders o on o.id = l.order_id
        join products p on p.id = l.product_id join variants v on v.id = l.variant_id
      where p.shop_id <> o.shop_id or p.community_id <> o.community_id or v.product_id <> p.id
      union all
      select p.id, p.shop_id as of_id from products p join shops s on s.id = p.shop_id
      where s.community_id <> p.community_id
      union all
      select i.id, i.product_id as of_id from listings i join products p on p.id = i.product_id join chats c on c.id = i.chat_id
      where c.community_id <> p.community_id`,
  }),
];
