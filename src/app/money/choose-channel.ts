/** The buyer chooses a way to pay that needs no page of ours: cash, for which the bill stays open longer, or an invoice in the chat. */
import { may } from '../../domain/policy.ts';
import { won } from '../commit.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { refreshOrder } from '../orders/order-panels.ts';
import { openInvoice } from './open-invoice.ts';
import { billFacts, paysByOurLink } from './ways.ts';
import { startAttempt } from './start-attempt.ts';
import { notifyShop, send } from '../tell.ts';
import { note } from '../timeline.ts';

export const chooseChannel: UseCase<'choose_channel'> = async (tx, at, { orderId, channel: code }) => {
  const order = await tx.orders.order(orderId);
  if (!order || !may(at.actor, 'order.pay', order)) return refuse('not_found');
  const channel = at.deps.channels.get(code);
  if (!channel) return refuse('channel_unavailable', { channel: code });
  const { hostedPage, nativeInvoice } = channel.capabilities;
  // Its page is opened by our own link, where that can be opened.
  if (hostedPage && paysByOurLink(at.deps.settings, await billFacts(tx, at.deps.channels, order)))
    return refuse('channel_unavailable', { channel: code });
  const before = await tx.payments.attempts(orderId);
  const accounts = await tx.people.merchantAccounts(order.shopId);
  const started = await startAttempt(tx, at, order, { channel, accounts });
  if (!started.ok) return started;
  const attempt = started.value;
  if (before.some((one) => one.id === attempt.id)) return show({ name: 'order', orderId });
  if (nativeInvoice !== null || hostedPage) {
    await openInvoice(tx, at, order, attempt.id);
    return show({ name: 'order', orderId });
  }
  const now = await tx.orders.order(orderId);
  won(
    now !== undefined && (await tx.orders.moveOrder(now, now.state, { expiresAt: attempt.expiresAt })),
    `order ${orderId}`,
  );
  await note(tx, at, orderId, 'cash_chosen');
  await send(tx, at, `attempt:${attempt.id}`, { name: 'attempt.open', attemptId: attempt.id }, 'attempt.open');
  await refreshOrder(tx, at, order);
  await notifyShop(tx, at, order, { kind: 'cash_expected', objectId: orderId, params: { code: order.code } });
  return show({ name: 'order', orderId });
};
