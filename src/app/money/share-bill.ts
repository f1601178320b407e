/** A bill that somebody else may pay: a present, or a round for everybody. The goods and the receipt stay the buyer's. */
import { may } from '../../domain/policy.ts';
import type { ChannelAttempt } from '../../ports/payment-channel.ts';
import type { PlatformPayer } from '../../ports/platform-invoice.ts';
import type { Tx } from '../../ports/store.ts';
import type { Attempt } from '../../ports/store/payments.ts';
import { won } from '../commit.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { refreshOrder } from '../orders/order-panels.ts';
import { notify } from '../tell.ts';
import { note, type When } from '../timeline.ts';
import { meetPayer } from './meet-payer.ts';

/** The buyer's to decide, and the seller's, who made the bill; until it is paid. */
export const shareBill: UseCase<'share_bill'> = async (tx, at, { orderId, shared }) => {
  const order = await tx.orders.order(orderId);
  const isBuyer = order !== undefined && may(at.actor, 'order.pay', order);
  if (!order || !(isBuyer || may(at.actor, 'product.post', order))) return refuse('not_found');
  if (order.state !== 'pending_payment') return refuse('order_not_open', { code: order.code });
  if (shared !== (await tx.cards.isShared(orderId))) {
    won(await tx.orders.moveOrder(order, order.state), `order ${orderId}`);
    if (shared) await tx.cards.shareBill(orderId, at.actor.personId, at.now);
    else await tx.cards.unshareBill(orderId);
    await note(tx, at, orderId, shared ? 'bill_shared' : 'bill_unshared');
    await refreshOrder(tx, at, order);
  }
  return show({ name: isBuyer ? 'order' : 'sale', orderId });
};

/** Whoever paid for somebody else hears that it arrived. Their money is in the books; the receipt is the buyer's. */
export async function thankGiver(
  tx: Tx,
  at: When,
  attempt: Attempt,
  payer: PlatformPayer,
  truth: ChannelAttempt,
): Promise<void> {
  const platform = at.deps.channels.get(attempt.channel)?.capabilities.nativeInvoice ?? null;
  const order = await tx.orders.order(attempt.orderId);
  const pays = (await tx.payments.captures(attempt.orderId)).some(
    (one) => one.use === 'applied' && truth.payments.some((paid) => paid.channelRef === one.channelRef),
  );
  if (platform === null || !order || !pays) return;
  if ((await tx.people.personByIdentity(platform, payer.userId)) === order.buyerId) return;
  const { communityId, code } = order;
  const personId = await meetPayer(tx, at, { platform, payer, communityId });
  await notify(tx, at, { personId, communityId }, { kind: 'gift_paid', objectId: null, params: { code } });
}
