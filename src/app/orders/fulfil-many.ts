/** Many orders in one go: those that were ticked, and those whose tracking numbers were pasted. What cannot be done is told by name. */
import type { Fault } from '../../domain/faults.ts';
import { parseTrackingLines } from '../../domain/tracking-lines.ts';
import type { PackingReport } from '../../ports/shown.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import { shopFor } from '../catalog/catalog-access.ts';
import { type Circumstances, refuse, show, type UseCase } from '../deps.ts';
import { cleanTracking, handedOver, handOverObjection, isHandedOver, sendOut, shipObjection } from './fulfil-order.ts';

const LINES_MAX = 200;

/** One order that was named: by a tick (no line), or by a line of the pasted text. */
type Named = { readonly line: number | null; readonly order: Order; readonly tracking: string };
type Bad = PackingReport['bad'][number];
type Done = 'sent' | 'handedOver' | 'already';

/** Each order is judged by itself; the good ones go through, in the order of their ids, as every commit takes them. */
export const fulfilMany: UseCase<'fulfil_many'> = async (tx, at, { shopId, orderIds, tracking }) => {
  const shop = await shopFor(tx, at, shopId, 'order.ship');
  if (!shop.ok) return shop;
  const lines = parseTrackingLines(tracking);
  if (orderIds.length + lines.length === 0) return refuse('input_invalid', { field: 'orderIds' });
  if (lines.length > LINES_MAX) return refuse('input_invalid', { field: 'tracking', max: LINES_MAX });
  const ticked = await tickedOrders(tx, shopId, orderIds);
  const pasted = await pastedOrders(tx, at, shopId, lines);
  const bad: Bad[] = [...ticked.bad, ...pasted.bad];
  const done: Record<Done, number> = { sent: 0, handedOver: 0, already: 0 };
  const named = new Map<string, Named>();
  for (const one of [...pasted.named, ...ticked.named]) {
    const known = named.get(one.order.id);
    if (!known) named.set(one.order.id, one);
    // Ticked and pasted is one wish; two lines for one parcel are a slip.
    else if (one.line !== null) bad.push(badOf(one, { code: 'order_twice', params: { code: one.order.code } }));
  }
  const inOrder = [...named.values()].toSorted((a, b) => (a.order.id < b.order.id ? -1 : 1));
  for (const one of inOrder) {
    const outcome = await fulfil(tx, at, one);
    if (typeof outcome === 'string') done[outcome] += 1;
    else bad.push(badOf(one, outcome));
  }
  const report = { ...done, bad: bad.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
  return show({ name: 'packing', shopId, page: 0, report });
};

const badOf = ({ line, order }: Named, fault: Fault): Bad => ({ line, code: order.code, fault });

async function tickedOrders(tx: Tx, shopId: string, orderIds: readonly string[]) {
  const named: Named[] = [];
  const bad: Bad[] = [];
  for (const orderId of new Set(orderIds)) {
    const order = await tx.orders.order(orderId);
    if (order?.shopId === shopId && order.state !== 'draft') named.push({ line: null, order, tracking: '' });
    else bad.push({ line: null, code: '', fault: { code: 'not_found' } });
  }
  return { named, bad };
}

async function pastedOrders(tx: Tx, at: Circumstances, shopId: string, lines: ReturnType<typeof parseTrackingLines>) {
  const named: Named[] = [];
  const bad: Bad[] = [];
  for (const { line, code, tracking } of lines) {
    const order = code === null ? undefined : await tx.orders.orderByCode(at.community.id, code);
    if (order?.shopId === shopId && order.state !== 'draft') named.push({ line, order, tracking });
    else bad.push({ line, code: code ?? '', fault: { code: 'order_code_unknown' } });
  }
  return { named, bad };
}

/** What was done before is done: pressing again, or pasting the same list again, changes nothing. */
async function fulfil(tx: Tx, at: Circumstances, { line, order, tracking }: Named): Promise<Done | Fault> {
  if (order.deliveryMethod !== 'ship') {
    if (isHandedOver(order)) return 'already';
    const objection = await handOverObjection(tx, order);
    if (objection) return objection;
    // A parcel's number for goods that are fetched: the line names the wrong order.
    if (tracking !== '') return { code: 'order_not_sent_by_post', params: { code: order.code } };
    await handedOver(tx, at, order, 'handed_over');
    return 'handedOver';
  }
  const text = cleanTracking(tracking);
  if (!text.ok) return text.fault;
  const shipment = await tx.orders.shipment(order.id);
  if (shipment) {
    const other = line !== null && text.value !== '' && text.value !== shipment.tracking;
    return other ? { code: 'order_sent_already', params: { code: order.code } } : 'already';
  }
  const objection = await shipObjection(tx, order);
  if (objection) return objection;
  await sendOut(tx, at, order, text.value);
  return 'sent';
}
