/** A try to pay is written down before any channel hears of it: our reference is durable first. */
import { fail, type Fault, ok, type Result } from '../../domain/faults.ts';
import { isLive } from '../../domain/payment.ts';
import type { PaymentChannel } from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Attempt } from '../../ports/store/payments.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { won } from '../commit.ts';
import { accountFor } from '../community/open-shop.ts';
import type { When } from '../timeline.ts';
import { billFacts, channelObjection, isOpenTo } from './ways.ts';

/** How soon an attempt that nobody heard of again is asked about. */
const FIRST_CHECK_MS = 10_000;

/** A page for a bill without an end of its own (its goods are on the way, unpaid) is opened for so long. */
const OPEN_ENDED_MS = 60 * 60_000;

/** Where to pay: the channel, and the accounts of the order's shop, of which one should be there. */
type Till = { readonly channel: PaymentChannel; readonly accounts: readonly MerchantAccount[] };

/** The live attempt at this channel if there is one, else a new one in state `submitted`. */
export async function startAttempt(
  tx: Tx,
  at: When,
  order: Order,
  { channel, accounts }: Till,
): Promise<Result<Attempt>> {
  if (order.state === 'paid' || order.state === 'fulfilled' || order.state === 'closed')
    return fail('order_already_paid', { code: order.code });
  if (order.state === 'expired') return fail('order_expired', { code: order.code });
  if (order.state !== 'pending_payment') return fail('order_not_open', { code: order.code });
  if (order.expiresAt !== null && order.expiresAt <= at.now) return fail('order_expired', { code: order.code });
  if (order.deliveryMethod === 'ship' && !(await tx.orders.deliveryAddress(order.id)))
    return fail('address_missing', { code: order.code });
  // A free bill that is still open lacks something else than money.
  if (order.total === 0) return fail('order_not_open', { code: order.code });
  const frozen = await whyFrozen(tx, order);
  if (frozen) return { ok: false, fault: frozen };
  if (!isOpenTo(accounts, channel)) return fail('channel_unavailable', { channel: channel.code });
  const unfit = channelObjection(channel, await billFacts(tx, at.deps.channels, order));
  if (unfit) return { ok: false, fault: unfit };
  const known = await tx.payments.paymentOf(order.id);
  // Money may have come that nobody could match: more of it would only wait beside it.
  if (known?.exceptions.includes('conflicted')) return fail('payment_in_progress', { code: order.code });

  const standing = (await tx.payments.attempts(order.id)).find(
    (one) => one.channel === channel.code && isLive(one.state),
  );
  if (standing) return ok(standing);
  const account = await accountFor(tx, at, order.shopId, channel);
  if (!account) return fail('channel_unavailable', { channel: channel.code });
  // The order's row is taken: no change of the bill, and no end of it, slips in between.
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  const payment = known ?? (await owe(tx, at, order));
  const keptMs = channel.capabilities.keepsOrderOpenMs;
  const expiresAt = keptMs === null ? (order.expiresAt ?? at.now + OPEN_ENDED_MS) : at.now + keptMs;
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

/** Where a steward has stopped the selling, nothing new is paid for. */
async function whyFrozen(tx: Tx, order: Order): Promise<Fault | undefined> {
  const community = await tx.people.community(order.communityId);
  if (community?.frozen) return fail('shop_frozen', { shop: community.name }).fault;
  const shop = await tx.people.shop(order.shopId);
  if (shop?.state === 'frozen') return fail('shop_frozen', { shop: shop.name }).fault;
  const ids = (await tx.orders.lines(order.id)).map((line) => line.productId);
  const frozen = (await tx.catalog.productsById(ids)).find((one) => one.state === 'frozen');
  return frozen && fail('product_frozen', { title: frozen.title }).fault;
}

/** From here on the order's total is fixed. */
async function owe(tx: Tx, at: When, order: Order) {
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
