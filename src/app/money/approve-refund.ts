/** The second person: lets a large refund go out, or stops it. Nobody decides about their own. */
import { refundFailed } from '../../domain/ledger.ts';
import { parseAmount } from '../../domain/amount-input.ts';
import { money } from '../../domain/money.ts';
import { may } from '../../domain/policy.ts';
import type { Tx } from '../../ports/store.ts';
import type { Refund } from '../../ports/store/payments.ts';
import { audit } from '../audit.ts';
import { won } from '../commit.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { refreshOrder } from '../orders/order-panels.ts';
import { notify } from '../tell.ts';
import { note, type When } from '../timeline.ts';
import { handToChannel, homeOf } from './create-refund.ts';

const HOURS_MAX = 24 * 30;

export const approveRefund: UseCase<'approve_refund'> = async (tx, at, { refundId, approve }) => {
  const refund = await tx.payments.refund(refundId);
  const order = refund && (await tx.orders.order(refund.orderId));
  if (!refund || !order || !may(at.actor, 'order.refund', order)) return refuse('not_found');
  const panel = show({ name: 'sale', orderId: order.id });
  // Somebody else decided a moment ago.
  if (refund.state !== 'pending_approval') return panel;
  const target = refund.requestedBy === null ? order : { ...order, maker: refund.requestedBy };
  if (!may(at.actor, 'order.approve_refund', target)) return refuse('confirm_same_person');
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  const to = approve ? 'approved' : 'rejected';
  won(await tx.payments.moveRefund(refund.id, 'pending_approval', to), `refund ${refund.id}`);
  await tx.requests.insertApproval({ refundId, decision: to, decidedBy: at.actor.personId, at: at.now });
  const { amount, currency } = refund;
  await note(tx, at, order.id, `refund_${to}`, { amount, currency });
  await audit(tx, at, 'refund.approve', refundId, { approve, amount, currency });
  if (approve) await handToChannel(tx, at, order, { ...refund, state: 'approved' });
  else await release(tx, at, refund);
  // Who was promised the money, or saw it on its way, is told what became of it.
  const told = { code: order.code, amount, currency, n: refundId };
  const kind = approve ? 'refund_ask_accepted' : 'refund_stopped';
  const buyer = { personId: order.buyerId, communityId: order.communityId };
  await notify(tx, at, buyer, { kind, objectId: order.id, params: told });
  await refreshOrder(tx, at, order);
  return panel;
};

/** Nothing left: the money and the units are the order's again. */
async function release(tx: Tx, at: When, refund: Refund): Promise<void> {
  const capture = await tx.payments.capture(refund.captureId);
  if (!capture) throw new Error(`refund ${refund.id} has no capture`);
  await tx.payments.releaseRefund(capture.id, refund.amount);
  for (const { lineId, quantity } of refund.lines) await tx.orders.unrefundLine(lineId, quantity);
  const source = { book: refund.merchantAccountId, sourceId: refund.id, orderId: refund.orderId };
  const entry = refundFailed(source, money(refund.amount, refund.currency), homeOf(capture));
  await tx.payments.post(entry, at.deps.ids.next(), at.now);
}

export const configureRefunds: UseCase<'configure_refunds'> = async (tx, at, { requestHours, approvalLimit }) => {
  const { community } = at;
  if (!may(at.actor, 'community.configure', { communityId: community.id })) return refuse('not_found');
  const hours = /^\d{1,3}$/.test(requestHours.trim()) ? Number(requestHours) : 0;
  if (hours < 1 || hours > HOURS_MAX) return refuse('quantity_invalid', { field: 'requestHours', max: HOURS_MAX });
  const limit = parseAmount(approvalLimit, community.currency);
  if (!limit.ok)
    return { ok: false, fault: { ...limit.fault, params: { ...limit.fault.params, field: 'approvalLimit' } } };
  await tx.requests.putRefundPolicy({
    ...{ communityId: community.id, requestHours: hours, approvalLimit: limit.money.amount },
  });
  await audit(tx, at, 'community.configure_refunds', community.id, { hours, limit: limit.money.amount });
  return show({ name: 'admin' });
};
