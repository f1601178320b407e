/** Money received: the seller's word is the proof of a cash payment. Above the community's limit a second person must say the same. */
import { wasPaid } from '../../domain/order.ts';
import { isLive } from '../../domain/payment.ts';
import { may } from '../../domain/policy.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Attempt } from '../../ports/store/payments.ts';
import { applyTruth } from './apply-truth.ts';
import { audit } from '../audit.ts';
import { won } from '../commit.ts';
import { type Circumstances, refuse, show, type UseCase } from '../deps.ts';
import { notifyStewards } from '../tell.ts';
import { note } from '../timeline.ts';

export const confirmCash: UseCase<'confirm_cash'> = async (tx, at, { orderId }) => {
  const order = await tx.orders.order(orderId);
  if (!order) return refuse('not_found');
  const attempt = (await tx.payments.attempts(orderId)).find((one) => one.channel === 'cash' && isLive(one.state));
  const target = { ...order, ...(attempt?.firstConfirmerId ? { firstConfirmer: attempt.firstConfirmerId } : {}) };
  const deed = attempt?.firstConfirmerId ? 'order.confirm_cash_second' : 'order.confirm_cash';
  const samePerson = attempt?.firstConfirmerId === at.actor.personId;
  if (!may(at.actor, deed, target)) return samePerson ? refuse('confirm_same_person') : refuse('not_found');
  // Pressed again after it was recorded; or too late, and then nobody may believe that it was.
  if (!attempt)
    return wasPaid(order.state) ? show({ name: 'sale', orderId }) : refuse('order_not_open', { code: order.code });
  if (needsTwo(at, order) && !attempt.firstConfirmerId) return firstWord(tx, at, order, attempt);
  await audit(tx, at, 'order.confirm_cash', orderId, { amount: order.total, currency: order.currency });
  const paid = {
    channelRef: `cash:${attempt.id}`,
    state: 'succeeded',
    amount: attempt.amount,
    currency: attempt.currency,
    fee: 0,
  } as const;
  await applyTruth(tx, at, attempt, { state: 'succeeded', payments: [paid] }, 'answer');
  return show({ name: 'sale', orderId });
};

/** The limit is in the community's own currency; what is in another always needs two. */
const needsTwo = (at: Circumstances, order: Order): boolean =>
  order.currency !== at.community.currency || order.total > at.community.cashConfirmLimit;

async function firstWord(tx: Tx, at: Circumstances, order: Order, attempt: Attempt) {
  won(
    await tx.payments.moveAttempt(attempt.id, attempt.state, attempt.state, { firstConfirmerId: at.actor.personId }),
    `attempt ${attempt.id}`,
  );
  await note(tx, at, order.id, 'cash_first_confirmed', {}, 'shop');
  await notifyStewards(tx, at, order.communityId, {
    kind: 'confirm_second_person',
    objectId: order.id,
    params: { code: order.code },
  });
  return show({ name: 'sale', orderId: order.id });
}
