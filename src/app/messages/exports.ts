/** A shop's orders as a table to take away. */
import { fail, ok } from '../../domain/faults.ts';
import { money, toDecimal } from '../../domain/money.ts';
import type { MessageData } from '../../ports/messages.ts';
import type { Reads } from '../../ports/store.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import { addDays, dayOf, monthStart, stampOf, startOfDay } from '../calendar.ts';
import { readPeriod } from '../catalog/choose-period.ts';
import type { Loader } from './loader.ts';
import { shopRef, visibleShop } from './rights.ts';

/** Orders in one file. */
const ORDERS_MAX = 2000;

export const loadExports: Loader<'exports'> = async (reads, at, { shopId, period = null }) => {
  const found = await visibleShop(reads, at, shopId, 'shop.export');
  if (!found.ok) return found;
  const { timeZone } = at.community;
  const today = dayOf(at.now, timeZone);
  const month = monthStart(today, 0);
  return ok({
    shop: shopRef(found.value.shop),
    timeZone,
    today,
    periods: {
      today: { from: today, to: today },
      week: { from: addDays(today, -6), to: today },
      month: { from: month, to: today },
      last_month: { from: monthStart(today, -1), to: addDays(month, -1) },
    },
    period,
  });
};

/**
 * One row a line of an order; what belongs to the order as a whole stands on its first row alone, so that columns can be added up.
 * Nothing in it is negative: what came in and what went back are columns of their own.
 */
const COLUMNS = [
  ...['order', 'line', 'placed_at', 'paid_at', 'done_at', 'time_zone', 'state', 'buyer', 'delivery', 'tracking'],
  ...['product', 'choices', 'quantity', 'refunded_quantity', 'unit_price', 'line_total', 'currency', 'shipping'],
  ...['order_total', 'received', 'refunded', 'channel'],
] as const;

export const loadOrdersSheet: Loader<'orders_sheet'> = async (reads, at, { shopId, from, to }) => {
  const found = await visibleShop(reads, at, shopId, 'shop.export');
  if (!found.ok) return found;
  const period = readPeriod(from, to);
  if (!period) return fail('not_found');
  const { timeZone } = at.community;
  const since = startOfDay(period.from, timeZone);
  const until = startOfDay(addDays(period.to, 1), timeZone);
  const orders = await reads.orders.ordersPlaced(shopId, { since, until, limit: ORDERS_MAX + 1 });
  const taken = orders.slice(0, ORDERS_MAX);
  const buyers = new Map((await namesOf(reads, taken)).map(({ id, name }) => [id, name]));
  const rows: string[][] = [];
  for (const order of taken) {
    rows.push(...(await rowsOf(reads, order, { buyer: buyers.get(order.buyerId) ?? '', timeZone })));
  }
  return ok({
    shop: shopRef(found.value.shop),
    ...period,
    timeZone,
    count: taken.length,
    isCut: orders.length > taken.length,
    sheet: { columns: [...COLUMNS], rows },
  } satisfies MessageData['orders_sheet']);
};

const NAMES_AT_ONCE = 200;

async function namesOf(reads: Reads, orders: readonly Order[]) {
  const ids = [...new Set(orders.map((order) => order.buyerId))];
  const people: { id: string; name: string }[] = [];
  for (let from = 0; from < ids.length; from += NAMES_AT_ONCE) {
    people.push(...(await reads.people.people(ids.slice(from, from + NAMES_AT_ONCE))));
  }
  return people;
}

type Known = { readonly buyer: string; readonly timeZone: string };

async function rowsOf(reads: Reads, order: Order, { buyer, timeZone }: Known): Promise<string[][]> {
  const { currency, quote } = order;
  const amount = (minor: number) => toDecimal(money(minor, currency));
  const time = (instant: number | null | undefined) => (instant ? stampOf(instant, timeZone) : '');
  const shipment = await reads.orders.shipment(order.id);
  const captures = await reads.payments.captures(order.id);
  const refunds = (await reads.payments.refunds(order.id)).filter((one) => one.state === 'succeeded');
  const sum = (rows: readonly { readonly amount: number }[]) => rows.reduce((total, one) => total + one.amount, 0);
  // Of the order as a whole: on its first row.
  const whole = {
    shipping: amount(quote?.delivery.fee ?? 0),
    order_total: amount(order.total),
    received: amount(sum(captures)),
    refunded: amount(sum(refunds)),
    channel: [...new Set(captures.map((one) => one.channel))].join(' '),
  };
  const common = {
    ...{ order: order.code, time_zone: timeZone, state: order.state, buyer, currency },
    ...{ placed_at: time(order.placedAt), paid_at: time(order.paidAt) },
    done_at: time(shipment?.shippedAt ?? order.fulfilledAt),
    ...{ delivery: order.deliveryMethod ?? '', tracking: shipment?.tracking ?? '' },
  };
  const lines = await reads.orders.lines(order.id);
  return lines.map((line: OrderLine, index) => {
    const quoted = quote?.lines[index];
    const row: Record<string, string> = {
      ...common,
      ...(index === 0 ? whole : {}),
      ...{ line: String(index + 1), product: quoted?.title ?? '', choices: quoted?.choices.join(' / ') ?? '' },
      ...{ quantity: String(line.quantity), refunded_quantity: String(line.refundedQuantity) },
      ...{ unit_price: amount(quoted?.unitPrice ?? 0), line_total: amount(line.total) },
    };
    return COLUMNS.map((name) => row[name] ?? '');
  });
}
