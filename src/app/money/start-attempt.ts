/** A try to pay is written down before any channel hears of it: our reference is durable first. */
import { fail, ok, type Result } from '../../domain/faults.ts';
import { isLive } from '../../domain/payment.ts';
import type { PaymentChannel } from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Attempt } from '../../ports/store/payments.ts';
import { won } from '../commit.ts';
import { accountFor } from '../community/open-shop.ts';
import type { When } from '../timeline.ts';
import { billFacts, channelObjection, isOpenTo } from './ways.ts';

/** How soon an attempt that nobody heard of again is asked about. */
const FIRST_CHECK_MS = 10_000;

/** The live attempt at this channel if there is one, else a new one in state `submitted`. */
export async function startAttempt(tx: Tx, at: When, order: Order, channel: PaymentChannel): Promise<Result<Attempt>> {
  if (order.state === 'paid' || order.state === 'fulfilled' || order.state === 'closed')
    return fail('order_already_paid', { code: order.code });
  if (order.state === 'expired') return fail('order_expired', { code: order.code });
  if (order.state !== 'pending_payment') return fail('order_not_open', { code: order.code });
  if (order.expiresAt !== null && order.expiresAt <= at.now) return fail('order_expired', { code: order.code });
  if (order.deliveryMethod === 'ship' && !(await tx.orders.deliveryAddress(order.id)))
    return fail('address_missing', { code: order.code });
  if (!isOpenTo(await tx.people.merchantAccounts(order.shopId), channel))
    return fail('channel_unavailable', { channel: channel.code });
  const unfit = channelObjection(channel, await billFacts(tx, order));
  if (unfit) return { ok: false, fault: unfit };

  const standing = (await tx.payments.attempts(order.id)).find(
    (one) => one.channel === channel.code && isLive(one.state),
  );
  if (standing) return ok(standing);
  const account = await accountFor(tx, at, order.shopId, channel);
  if (!account) return fail('channel_unavailable', { channel: channel.code });
  const payment = (await tx.payments.paymentOf(order.id)) ?? (await owe(tx, at, order));
  const expiresAt =
    channel.capabilities.keepsOrderOpenMs === null ? order.expiresAt : at.now + channel.capabilities.keepsOrderOpenMs;
  const id = at.deps.ids.next();
  const attempt: Attempt = {
    id,
    paymentId: payment.id,
    orderId: order.id,
    channel: channel.code,
    merchantAccountId: account.id,
    reference: id,
    channelRef: null,
    state: 'submitted',
    amount: order.total,
    currency: order.currency,
    nextAction: null,
    declineCode: null,
    firstConfirmerId: null,
    nextCheckAt: at.now + FIRST_CHECK_MS,
    checks: 0,
    createdAt: at.now,
    expiresAt,
  };
  won(await tx.payments.insertAttempt(attempt), `attempt at ${channel.code} of order ${order.id}`);
  return ok(attempt);
}

/** From here on the order's total is fixed: the order's row is taken so that no change of the bill slips in between. */
async function owe(tx: Tx, at: When, order: Order) {
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  const payment = {
    id: at.deps.ids.next(),
    orderId: order.id,
    amount: order.total,
    currency: order.currency,
    state: 'open',
    exceptions: [],
    createdAt: at.now,
  } as const;
  won(await tx.payments.insertPayment(payment), `payment of order ${order.id}`);
  return payment;
}
