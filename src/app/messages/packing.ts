/** What a shop has to send and to hand over: order by order, and summed up by product. */
import { ok } from '../../domain/faults.ts';
import type { MessageData } from '../../ports/messages.ts';
import type { Reads } from '../../ports/store.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import { isBeingRefunded } from '../orders/fulfil-order.ts';
import type { Loader } from './loader.ts';
import { shopRef, visibleShop } from './rights.ts';

/** What a packing list looks at, the oldest first. */
const ORDERS_MAX = 200;
/** Orders on one page: with their addresses they fill a message of any platform. */
const PAGE = 12;

type Data = MessageData['packing'];

export const loadPacking: Loader<'packing'> = async (reads, at, { shopId, page, report = null }) => {
  const found = await visibleShop(reads, at, shopId, 'order.ship');
  if (!found.ok) return found;
  const waiting: Order[] = [];
  for (const order of await reads.orders.ordersToFulfil(shopId, ORDERS_MAX)) {
    if (!(await isBeingRefunded(reads, order))) waiting.push(order);
  }
  const lines = Map.groupBy(
    waiting.length === 0 ? [] : await reads.orders.linesOf(waiting.map((order) => order.id)),
    (line) => line.orderId,
  );
  const left = (order: Order) => (lines.get(order.id) ?? []).flatMap((line) => unitsOf(order, line));
  const pages = Math.max(1, Math.ceil(waiting.length / PAGE));
  const shown = Math.min(page, pages - 1);
  const here = waiting.slice(shown * PAGE, (shown + 1) * PAGE);
  return ok({
    shop: shopRef(found.value.shop),
    orders: await Promise.all(here.map((order) => parcel(reads, order, left(order)))),
    totals: totalsOf(waiting.flatMap(left)),
    count: waiting.length,
    page: shown,
    pages,
    report,
  });
};

type Units = Data['totals'][number] & { readonly variantId: string };

function unitsOf(order: Order, line: OrderLine): Units[] {
  const quoted = order.quote?.lines.find((one) => one.variantId === line.variantId);
  const quantity = line.quantity - line.refundedQuantity;
  if (!quoted || quantity <= 0) return [];
  return [{ variantId: line.variantId, title: quoted.title, choices: quoted.choices, quantity }];
}

async function parcel(reads: Reads, order: Order, units: readonly Units[]): Promise<Data['orders'][number]> {
  const method = order.deliveryMethod ?? 'none';
  const buyer = await reads.people.person(order.buyerId);
  return {
    id: order.id,
    code: order.code,
    buyer: buyer?.name ?? '',
    method,
    address: method === 'ship' ? ((await reads.orders.deliveryAddress(order.id)) ?? null) : null,
    lines: units.map(({ title, choices, quantity }) => ({ title, choices, quantity })),
    paidAt: order.paidAt,
  };
}

/** The largest heap first. A product that was renamed meanwhile is picked under the name it was sold by last. */
function totalsOf(units: readonly Units[]): Data['totals'] {
  const sums = new Map<string, Data['totals'][number]>();
  for (const { variantId, title, choices, quantity } of units) {
    sums.set(variantId, { title, choices, quantity: quantity + (sums.get(variantId)?.quantity ?? 0) });
  }
  return [...sums.values()].toSorted((a, b) => b.quantity - a.quantity);
}
