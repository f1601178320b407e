/** The pay link: shows a bill to whoever holds the link, opens a way to pay on demand, and asks the channel when the buyer is back. */
import { fail, ok, type Result } from '../../domain/faults.ts';
import { isLive } from '../../domain/payment.ts';
import type { Bill } from '../../ports/core.ts';
import {
  type ChannelAttempt,
  ChannelTrouble,
  type NextAction,
  type PaymentChannel,
} from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Attempt } from '../../ports/store/payments.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { learn, refOf, submitAttempt, whomToAsk, whomToBill } from './ask-channel.ts';
import { commit } from '../commit.ts';
import type { Deps } from '../deps.ts';
import { startAttempt } from './start-attempt.ts';
import { billFacts, channelObjection, isOpenTo } from './ways.ts';

export async function bill(deps: Deps, payToken: string): Promise<Result<Bill>> {
  return deps.store.read(async (reads) => {
    const order = await reads.orders.orderByPayToken(payToken);
    if (!order?.quote) return fail('not_found');
    const shop = await reads.people.shop(order.shopId);
    const community = await reads.people.community(order.communityId);
    const buyer = await reads.people.person(order.buyerId);
    if (!shop || !community) return fail('not_found');
    const attempts = await reads.payments.attempts(order.id);
    const last = attempts.toSorted((a, b) => b.createdAt - a.createdAt)[0];
    return ok({
      orderId: order.id,
      code: order.code,
      buyerId: order.buyerId,
      shopName: shop.name,
      communityName: community.name,
      quote: order.quote,
      state: stateOf(order, attempts, deps.clock.now()),
      testMoney: community.testMoney,
      expiresAt: order.expiresAt,
      locale: buyer?.locale ?? community.locale,
      timeZone: community.timeZone,
      opened: attempts.some((one) => deps.channels.get(one.channel)?.capabilities.hostedPage === true),
      declineCode: last?.declineCode ?? null,
    });
  });
}

function stateOf(order: Order, attempts: readonly Attempt[], now: number): Bill['state'] {
  if (order.state === 'cancelled') return 'cancelled';
  if (order.state === 'paid' || order.state === 'fulfilled' || order.state === 'closed') return 'paid';
  const working = attempts.some((one) => one.state === 'pending' || one.state === 'unknown');
  if (order.state !== 'pending_payment' || (order.expiresAt !== null && order.expiresAt <= now && !working))
    return 'over';
  return working ? 'working' : 'payable';
}

/** The channel with a page that this order is paid at: the first of those configured that is open to the shop and takes the bill. */
async function pageChannel(
  deps: Deps,
  tx: Tx,
  order: Order,
  accounts: readonly MerchantAccount[],
): Promise<PaymentChannel | undefined> {
  const open = [...deps.channels.values()].filter((one) => one.capabilities.hostedPage && isOpenTo(accounts, one));
  const facts = open.length > 1 ? await billFacts(tx, deps.channels, order) : undefined;
  return open.find((one) => facts === undefined || channelObjection(one, facts) === undefined) ?? open[0];
}

export async function openCheckout(
  deps: Deps,
  request: { payToken: string; returnBase: string },
): Promise<Result<NextAction>> {
  const started = await commit(deps, null, async (tx) => {
    const order = await tx.orders.orderByPayToken(request.payToken);
    if (!order) return fail('not_found');
    const accounts = await tx.people.merchantAccounts(order.shopId);
    const channel = await pageChannel(deps, tx, order, accounts);
    if (!channel) return fail('channel_unavailable', { channel: '' });
    return startAttempt(tx, { deps, now: deps.clock.now() }, order, { channel, accounts });
  });
  if (!started.ok) return started;
  const attempt = started.value;
  if (attempt.state === 'requires_action' && attempt.nextAction) return ok(attempt.nextAction);
  if (attempt.state === 'pending') return fail('payment_in_progress', { code: '' });
  const billed = await whomToBill(deps, attempt.id);
  if (!billed) return fail('channel_unavailable', { channel: attempt.channel });
  const truth = await untroubled(deps, attempt, () => submitAttempt(deps, billed, request.returnBase));
  if (!truth.ok) return truth;
  return actionOf(deps, attempt, truth.value);
}

async function actionOf(deps: Deps, attempt: Attempt, truth: ChannelAttempt): Promise<Result<NextAction>> {
  await learn(deps, attempt.id, truth);
  if (truth.state === 'open' && truth.nextAction) return ok(truth.nextAction);
  if (truth.state === 'unknown') return fail('payment_unknown');
  return truth.state === 'pending'
    ? fail('payment_in_progress', { code: '' })
    : fail('channel_refused', { channel: attempt.channel });
}

/** Trouble is certain about one thing: nothing was done. The attempt stays as it was and is asked about by the sweep. */
async function untroubled<T>(deps: Deps, { id, channel }: Attempt, call: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await call());
  } catch (error) {
    if (!(error instanceof ChannelTrouble)) throw error;
    deps.log.warn({ error, attempt: id }, 'a payment channel was in trouble');
    return fail(error.retryable ? 'channel_unavailable' : 'channel_refused', { channel });
  }
}

/** The buyer came back from the channel's page: the channel is asked now, for its notice may be late or lost. */
export async function returned(deps: Deps, payToken: string): Promise<void> {
  const attempts = await deps.store.read(async (reads) => {
    const order = await reads.orders.orderByPayToken(payToken);
    return order ? reads.payments.attempts(order.id) : [];
  });
  for (const attempt of attempts.filter((one) => isLive(one.state))) {
    const asked = await whomToAsk(deps, attempt.id);
    if (!asked?.channel.capabilities.hostedPage) continue;
    const truth = await untroubled(deps, attempt, () => asked.channel.retrievePayment(refOf(asked)));
    if (truth.ok) await learn(deps, attempt.id, truth.value);
  }
}
