/** A steward decides what no rule may: mismatched money is accepted for the order or goes back; other cases are closed as seen. */
import { may } from '../../domain/policy.ts';
import { cleanText } from '../../domain/text.ts';
import type { IntentOf } from '../../ports/intents.ts';
import { refundableOf } from '../../domain/refund.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Capture, Case, Refund } from '../../ports/store/payments.ts';
import { audit } from '../audit.ts';
import { won } from '../commit.ts';
import { startRefund } from './create-refund.ts';
import { replay } from './provider-notice.ts';
import { type Circumstances, refuse, show, type UseCase } from '../deps.ts';
import { refreshOrder } from '../orders/order-panels.ts';
import { resolveBreak } from '../recon/resolve-break.ts';
import { acceptSuspense, markPaid } from './record-money.ts';
import { sellStock } from '../orders/stock.ts';
import { note } from '../timeline.ts';

const REASON_MAX = 300;

export const resolveCase: UseCase<'resolve_case'> = async (tx, at, intent) => {
  const { caseId, decision } = intent;
  const one = await tx.payments.openCase(caseId);
  if (!one || !may(at.actor, 'case.resolve', one)) return refuse('not_found');
  if (one.resolvedAt !== null) return show({ name: 'cases' });
  if (one.kind === 'recon_break' || decision === 'book') return resolveRecon(tx, at, one, intent);
  if (decision === 'replay' && !(await replay(tx, at, String(one.params['inboxId'] ?? ''))))
    return refuse('button_expired');
  const order = one.orderId === null ? undefined : await tx.orders.order(one.orderId);
  const capture = await tx.payments.capture(String(one.params['captureId'] ?? ''));
  // Money without a home is not put away: it goes to the order or back.
  if (decision === 'dismiss' && capture && waitsInSuspense(capture)) return refuse('button_expired');
  if (decision === 'deliver' || decision === 'refund') {
    if (!order || !capture) return refuse('refund_not_possible');
    const refused =
      decision === 'deliver' ? await deliver(tx, at, order, capture) : await giveBack(tx, at, one, order, capture);
    if (refused) return refused;
    await refreshOrder(tx, at, order);
  }
  const how = { decision, by: at.actor.personId, reason: '' };
  won(await tx.payments.resolveCase(caseId, at.now, how), `case ${caseId}`);
  if (order) await note(tx, at, order.id, 'case_resolved', { decision }, 'shop');
  await audit(tx, at, 'case.resolve', caseId, { decision });
  return show({ name: 'cases' });
};

/** Books and channel differ: whoever says which of the two is right, says why. */
async function resolveRecon(tx: Tx, at: Circumstances, one: Case, { decision, reason }: IntentOf<'resolve_case'>) {
  const known = await tx.statements.breakById(String(one.params['breakId'] ?? ''));
  if (!known || (decision !== 'book' && decision !== 'dismiss')) return refuse('button_expired');
  const why = cleanText(reason ?? '', { maxGraphemes: REASON_MAX, maxBytes: 1000, multiline: true });
  if (!why.ok) return refuse(why.fault.code, { field: 'reason', max: REASON_MAX });
  if (why.value === '') return refuse('text_empty', { field: 'reason' });
  const how = { decision, by: at.actor.personId, reason: why.value };
  // The order's row first, like everywhere: what is booked may pay it.
  await resolveBreak(tx, at, known, decision);
  won(await tx.payments.resolveCase(one.id, at.now, how), `case ${one.id}`);
  if (one.orderId !== null) await note(tx, at, one.orderId, 'case_resolved', { decision }, 'shop');
  await audit(tx, at, 'case.resolve', one.id, { decision, breakId: known.id });
  return show({ name: 'cases' });
}

/** Only money of the owed sum in the owed currency can pay the order; anything else can only go back. */
async function deliver(tx: Tx, at: Circumstances, order: Order, capture: Capture) {
  const payment = await tx.payments.paymentOf(order.id);
  const fits =
    payment &&
    capture.amount === payment.amount &&
    capture.currency === payment.currency &&
    refundableOf(capture) === capture.amount;
  const open = order.state === 'pending_payment' || order.state === 'expired';
  if (!payment || !fits || !open || capture.use !== 'conflicted') return refuse('order_not_open', { code: order.code });
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  const held = { ...order, version: order.version + 1 };
  const lines = await tx.orders.lines(order.id);
  if (!(await sellStock(tx, at, held, lines))) return refuse('sold_out', { title: order.code });
  await acceptSuspense(tx, at, capture);
  await markPaid(tx, at, { order: held, payment, lines }, capture);
  return undefined;
}

/** A refund that failed is sent again as it was; other money goes back whole. */
async function giveBack(tx: Tx, at: Circumstances, one: Case, order: Order, capture: Capture) {
  const left = refundableOf(capture);
  if (left <= 0) return refuse('refund_too_much', { left: 0 });
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  const failed = await tx.payments.refund(String(one.params['refundId'] ?? ''));
  const wish = failed
    ? { ...failed, amount: Math.min(left, failed.amount), lines: await unitsAgain(tx, one, failed) }
    : ({ amount: left, cause: 'admin', restock: false, lines: [] } as const);
  const { amount, cause, restock, lines } = wish;
  const requestedBy = at.actor.personId;
  const started = await startRefund(tx, at, order, capture, { amount, cause, restock, lines, requestedBy });
  return started.ok ? undefined : started;
}

/** The units of a failed refund, unless they are back already or another refund has taken them since. */
async function unitsAgain(tx: Tx, one: Case, failed: Refund): Promise<Refund['lines']> {
  if (one.params['units'] === 0) return [];
  const lines = new Map((await tx.orders.lines(failed.orderId)).map((line) => [line.id, line]));
  return failed.lines.flatMap(({ lineId, quantity }) => {
    const line = lines.get(lineId);
    const units = Math.min(quantity, line ? line.quantity - line.refundedQuantity : 0);
    return units > 0 ? [{ lineId, quantity: units }] : [];
  });
}

/** Money that is neither an order's nor on its way back. */
export const waitsInSuspense = (capture: Pick<Capture, 'use' | 'amount' | 'refunding' | 'withdrawn'>): boolean =>
  capture.use !== 'applied' && refundableOf(capture) > 0;
