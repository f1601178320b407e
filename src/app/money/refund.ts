/** The seller (or a steward) gives money back: all of it, an amount, or units of lines. What is shown before is what is paid. */
import { parseAmount } from '../../domain/amount-input.ts';
import { may } from '../../domain/policy.ts';
import { refundableOf } from '../../domain/refund.ts';
import { shareOfUnits } from '../../domain/pricing/refund.ts';
import { cleanText } from '../../domain/text.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import type { Capture } from '../../ports/store/payments.ts';
import type { IntentOf } from '../../ports/intents.ts';
import { type Fault, fail, ok, type Result } from '../../domain/faults.ts';
import { applyRefundTruth } from './apply-refund.ts';
import { audit } from '../audit.ts';
import { won } from '../commit.ts';
import { startRefund } from './create-refund.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { refreshOrder } from '../orders/order-panels.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

type Lines = readonly { readonly lineId: string; readonly quantity: number }[];

export const refund: UseCase<'refund'> = async (tx, at, intent) => {
  const order = await tx.orders.order(intent.orderId);
  if (!order || !may(at.actor, 'order.refund', order)) return refuse('not_found');
  const capture = (await tx.payments.captures(order.id)).find((one) => one.use === 'applied');
  const objection = refundObjection(at.deps.channels.get(capture?.channel ?? '')?.capabilities, capture, at.now);
  if (!capture || objection) return { ok: false, fault: objection ?? fail('refund_not_possible').fault };
  const lines = await tx.orders.lines(order.id);
  const wish = amountOf(order, lines, capture, intent);
  if (!wish.ok) return wish;
  if (wish.value.amount < capture.amount && !at.deps.channels.get(capture.channel)?.capabilities.partialRefund)
    return refuse('refund_full_only', { channel: capture.channel });
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  const cause = at.actor.shops[order.shopId] === 'seller' ? 'seller' : 'admin';
  const asked = { ...wish.value, cause, requestedBy: at.actor.personId, restock: intent.restock } as const;
  const started = await startRefund(tx, at, order, capture, asked, 'a person asks');
  if (!started.ok) return started;
  const { amount, currency } = started.value;
  await audit(tx, at, 'order.refund', order.id, { amount, currency, refundId: started.value.id });
  await refreshOrder(tx, at, order);
  return show({ name: 'sale', orderId: order.id });
};

export function refundObjection(
  capabilities: { readonly refundWindowDays: number } | undefined,
  capture: Capture | undefined,
  now: number,
): Fault | undefined {
  if (!capture || !capabilities) return fail('refund_not_possible').fault;
  if (refundableOf(capture) === 0) return fail('refund_too_much', { left: 0 }).fault;
  if (now > capture.at + capabilities.refundWindowDays * DAY_MS)
    return fail('refund_window_over', { days: capabilities.refundWindowDays }).fault;
  return undefined;
}

/**
 * Units: per line of n units after m refunded, floor(total * m / n) is the running sum, so parts never exceed the line and the last
 * unit closes it exactly. A typed amount is what is paid, with or without units. All that is left, typed or not, takes every unit
 * with it that was not yet given back.
 */
export function amountOf(
  order: Order,
  lines: readonly OrderLine[],
  capture: Capture,
  intent: Pick<IntentOf<'refund'>, 'amount' | 'lines'>,
): Result<{ amount: number; lines: Lines }> {
  const left = refundableOf(capture);
  const typed = typedAmount(intent.amount, order.currency);
  if (!typed.ok) return typed;
  const units = unitsByLine(intent.lines);
  const priced = priceOf(lines, units);
  if (!priced.ok) return priced;
  const isAll = units.length === 0 && (typed.value ?? left) === left;
  const amount = typed.value ?? (isAll ? left : priced.value);
  if (amount === 0 || amount > left) return fail('refund_too_much', { left });
  return ok({ amount, lines: isAll ? unitsLeft(lines) : units });
}

/** Undefined when nothing was typed. */
function typedAmount(text: string, currency: string): Result<number | undefined> {
  if (text.trim() === '') return ok(undefined);
  const typed = parseAmount(text, currency);
  if (!typed.ok) return { ok: false, fault: { ...typed.fault, params: { ...typed.fault.params, field: 'amount' } } };
  return typed.money.amount === 0 ? fail('amount_empty', { field: 'amount' }) : ok(typed.money.amount);
}

/** A line that is named twice is meant with both. */
function unitsByLine(named: Lines): Lines {
  const units = new Map<string, number>();
  for (const { lineId, quantity } of named) {
    if (quantity > 0) units.set(lineId, (units.get(lineId) ?? 0) + quantity);
  }
  return [...units].map(([lineId, quantity]) => ({ lineId, quantity }));
}

const unitsLeft = (lines: readonly OrderLine[]): Lines =>
  unitsByLine(lines.map((line) => ({ lineId: line.id, quantity: line.quantity - line.refundedQuantity })));

function priceOf(lines: readonly OrderLine[], units: Lines): Result<number> {
  let amount = 0;
  for (const { lineId, quantity } of units) {
    const line = lines.find((one) => one.id === lineId);
    if (!line || !Number.isSafeInteger(quantity) || line.refundedQuantity + quantity > line.quantity)
      return fail('quantity_invalid', { max: line ? line.quantity - line.refundedQuantity : 0 });
    amount += refundedUpTo(line, line.refundedQuantity + quantity) - refundedUpTo(line, line.refundedQuantity);
  }
  return ok(amount);
}

const refundedUpTo = (line: OrderLine, units: number): number => shareOfUnits(line.total, units, line.quantity);

/** Cash and the like: a person has given the money back and says how it can be proved. */
export const refundPaidByHand: UseCase<'refund_paid_by_hand'> = async (tx, at, { refundId, proof }) => {
  const row = await tx.payments.refund(refundId);
  const order = row && (await tx.orders.order(row.orderId));
  if (!row || !order || !may(at.actor, 'order.refund', order)) return refuse('not_found');
  if (at.deps.channels.get(row.channel)?.capabilities.refunds !== 'by_hand') return refuse('refund_not_possible');
  if (row.state !== 'submitted') return show({ name: 'sale', orderId: order.id });
  const text = cleanText(proof, { maxGraphemes: 200, maxBytes: 1000, multiline: false });
  if (!text.ok) return refuse(text.fault.code, { field: 'proof', max: 200 });
  await tx.payments.putRefundProof(refundId, text.value);
  await applyRefundTruth(tx, at, refundId, { state: 'succeeded' });
  await audit(tx, at, 'refund.by_hand', refundId, { amount: row.amount, currency: row.currency });
  return show({ name: 'sale', orderId: order.id });
};
