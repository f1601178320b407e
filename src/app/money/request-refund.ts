/** The buyer asks for money back; the seller answers in their time, after it a steward does. What was previewed is what is paid. */
import { parseAmount } from '../../domain/amount-input.ts';
import { fail, type Result } from '../../domain/faults.ts';
import { may } from '../../domain/policy.ts';
import { refundableOf } from '../../domain/refund.ts';
import { isOpenRequest } from '../../domain/refund-request.ts';
import { cleanText } from '../../domain/text.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Capture } from '../../ports/store/payments.ts';
import type { RefundRequest } from '../../ports/store/refund-requests.ts';
import { audit } from '../audit.ts';
import { LostRace, won } from '../commit.ts';
import { type Circumstances, refuse, show, type UseCase } from '../deps.ts';
import { refreshOrder } from '../orders/order-panels.ts';
import { notify, notifyShop } from '../tell.ts';
import { note } from '../timeline.ts';
import { startRefund } from './create-refund.ts';
import { amountOf, refundObjection } from './refund.ts';
import { remindRequestAt } from './watch-requests.ts';

const HOUR_MS = 60 * 60 * 1000;
const WORDS_MAX = 500;

export const requestRefund: UseCase<'request_refund'> = async (tx, at, intent) => {
  const order = await tx.orders.order(intent.orderId);
  if (!order || !may(at.actor, 'order.request_refund', order)) return refuse('not_found');
  const capture = (await tx.payments.captures(order.id)).find((one) => one.use === 'applied');
  const can = at.deps.channels.get(capture?.channel ?? '')?.capabilities;
  const objection = refundObjection(can, capture, at.now);
  if (!capture || objection) return { ok: false, fault: objection ?? fail('refund_not_possible').fault };
  if ((await tx.requests.requestsOf(order.id)).some((one) => isOpenRequest(one.state)))
    return refuse('refund_request_open');
  const wish = amountOf(order, await tx.orders.lines(order.id), capture, intent);
  if (!wish.ok) return wish;
  if (!can?.partialRefund && wish.value.amount < capture.amount)
    return refuse('refund_full_only', { channel: capture.channel });
  const reason = wordsOf(intent.reason, 'reason');
  if (!reason.ok) return reason;
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  const { requestHours } = await tx.requests.refundPolicy(order.communityId);
  const decideBy = at.now + requestHours * HOUR_MS;
  const request: RefundRequest = {
    ...{ id: at.deps.ids.next(), orderId: order.id, buyerId: order.buyerId, currency: order.currency },
    ...{ amount: wish.value.amount, lines: wish.value.lines, reason: reason.value, state: 'open', decideBy },
    ...{ remindAt: remindRequestAt(at.now, decideBy), refundId: null, answer: '', decidedBy: null },
    ...{ createdAt: at.now, decidedAt: null },
  };
  // Two tabs at one moment: the second reads the first one's request and is told so.
  if (!(await tx.requests.insertRequest(request))) throw new LostRace(`refund request of ${order.id}`);
  const { amount, currency } = request;
  await note(tx, at, order.id, 'refund_asked', { amount, currency });
  const params = { code: order.code, amount, currency, until: decideBy, n: request.id };
  await notifyShop(tx, at, order, { kind: 'refund_asked', objectId: order.id, params }, 'seller');
  await refreshOrder(tx, at, order);
  return show({ name: 'order', orderId: order.id });
};

function wordsOf(typed: string, field: string): Result<string> {
  const text = cleanText(typed, { maxGraphemes: WORDS_MAX, maxBytes: 2000, multiline: true });
  if (!text.ok) return fail(text.fault.code, { field, max: WORDS_MAX });
  return text.value === '' ? fail('text_empty', { field }) : text;
}

export const withdrawRefundRequest: UseCase<'withdraw_refund_request'> = async (tx, at, { requestId }) => {
  const request = await tx.requests.refundRequest(requestId);
  const order = request && (await tx.orders.order(request.orderId));
  if (!request || !order || !may(at.actor, 'order.request_refund', order)) return refuse('not_found');
  if (!isOpenRequest(request.state)) return refuse('refund_request_over');
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  const over = { remindAt: null, decidedBy: at.actor.personId, decidedAt: at.now };
  won(await tx.requests.moveRequest(request.id, request.state, 'withdrawn', over), `refund request ${request.id}`);
  await note(tx, at, order.id, 'refund_ask_withdrawn');
  await refreshOrder(tx, at, order);
  return show({ name: 'order', orderId: order.id });
};

export const decideRefundRequest: UseCase<'decide_refund_request'> = async (tx, at, intent) => {
  const request = await tx.requests.refundRequest(intent.requestId);
  const order = request && (await tx.orders.order(request.orderId));
  if (!request || !order || !may(at.actor, 'order.refund', order)) return refuse('not_found');
  if (!isOpenRequest(request.state)) return refuse('refund_request_over');
  if (request.state === 'escalated' && !may(at.actor, 'order.decide_escalated', order))
    return refuse('refund_request_with_stewards');
  if (!may(at.actor, 'order.decide_request', order)) return refuse('not_found');
  const capture = (await tx.payments.captures(order.id)).find((one) => one.use === 'applied');
  const refused = intent.accept
    ? await accept(tx, at, { request, order, capture }, intent)
    : await reject(tx, at, { request, order }, intent.words);
  if (refused) return refused;
  await refreshOrder(tx, at, order);
  return show({ name: 'sale', orderId: order.id });
};

type Asked = { readonly request: RefundRequest; readonly order: Order };

async function accept(
  tx: Tx,
  at: Circumstances,
  { request, order, capture }: Asked & { capture: Capture | undefined },
  { amount: typed, restock }: { amount: string; restock: boolean },
) {
  const can = at.deps.channels.get(capture?.channel ?? '')?.capabilities;
  const objection = refundObjection(can, capture, at.now);
  if (!capture || objection) return { ok: false, fault: objection ?? fail('refund_not_possible').fault } as const;
  const part = partOf(request, typed);
  if (!part.ok) return part;
  if (part.value > refundableOf(capture)) return refuse('refund_too_much', { left: refundableOf(capture) });
  if (!can?.partialRefund && part.value < capture.amount)
    return refuse('refund_full_only', { channel: capture.channel });
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  const cause = at.actor.shops[order.shopId] === 'seller' ? 'seller' : 'admin';
  const lines = await unitsLeftOf(tx, request);
  const wish = { amount: part.value, cause, requestedBy: at.actor.personId, restock, lines } as const;
  const started = await startRefund(tx, at, { ...order, version: order.version + 1 }, capture, wish, 'a person asks');
  // The order's row is taken already: what is refused now was decided by somebody else in between.
  if (!started.ok) throw new LostRace(`refund request ${request.id}`);
  const { id: refundId, amount, currency } = started.value;
  await end(tx, at, { request, order }, { to: 'accepted', refundId, answer: '' });
  await audit(tx, at, 'refund_request.accept', request.id, { refundId, amount, currency });
  const news = started.value.state === 'pending_approval' ? 'refund_ask_waits' : 'refund_ask_accepted';
  await tellBuyer(tx, at, { request, order }, news, amount);
  return undefined;
}

/** A typed amount is a part of what was asked; nothing typed is all of it. */
function partOf({ amount, currency }: RefundRequest, typed: string): Result<number> {
  if (typed.trim() === '') return { ok: true, value: amount };
  const parsed = parseAmount(typed, currency);
  if (!parsed.ok) return { ok: false, fault: { ...parsed.fault, params: { ...parsed.fault.params, field: 'amount' } } };
  const part = parsed.money.amount;
  return part >= 1 && part <= amount ? { ok: true, value: part } : fail('refund_too_much', { left: amount });
}

/** Units that another refund has taken since are not given back twice. */
async function unitsLeftOf(tx: Tx, { orderId, lines: asked }: RefundRequest): Promise<RefundRequest['lines']> {
  const lines = new Map((await tx.orders.lines(orderId)).map((line) => [line.id, line]));
  return asked.flatMap(({ lineId, quantity }) => {
    const line = lines.get(lineId);
    const units = Math.min(quantity, line ? line.quantity - line.refundedQuantity : 0);
    return units > 0 ? [{ lineId, quantity: units }] : [];
  });
}

async function reject(tx: Tx, at: Circumstances, { request, order }: Asked, typed: string) {
  const words = wordsOf(typed, 'words');
  if (!words.ok) return words;
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  await end(tx, at, { request, order }, { to: 'rejected', refundId: null, answer: words.value });
  await audit(tx, at, 'refund_request.reject', request.id);
  await tellBuyer(tx, at, { request, order }, 'refund_ask_rejected', request.amount);
  return undefined;
}

type End = { readonly to: 'accepted' | 'rejected'; readonly refundId: string | null; readonly answer: string };

async function end(tx: Tx, at: Circumstances, { request, order }: Asked, { to, refundId, answer }: End): Promise<void> {
  const changes = { remindAt: null, refundId, answer, decidedBy: at.actor.personId, decidedAt: at.now };
  won(await tx.requests.moveRequest(request.id, request.state, to, changes), `refund request ${request.id}`);
  await note(tx, at, order.id, `refund_ask_${to}`);
}

async function tellBuyer(
  tx: Tx,
  at: Circumstances,
  { request, order }: Asked,
  kind: 'refund_ask_accepted' | 'refund_ask_waits' | 'refund_ask_rejected',
  amount: number,
): Promise<void> {
  const to = { personId: order.buyerId, communityId: order.communityId };
  const params = { code: order.code, amount, currency: request.currency, n: request.id };
  await notify(tx, at, to, { kind, objectId: order.id, params });
  if (request.state === 'escalated') await notifyShop(tx, at, order, { kind, objectId: order.id, params }, 'seller');
}
