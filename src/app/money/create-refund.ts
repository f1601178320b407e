/** A refund begins: the money is reserved and journalled, and the channel is asked afterwards, by the outbox, with the refund's own key. */
import { fail, ok, type Result } from '../../domain/faults.ts';
import { type MoneyHome, refundReserved } from '../../domain/ledger.ts';
import { money } from '../../domain/money.ts';
import { convertAbout, rateAge } from '../../domain/rates.ts';
import { countsAgainstCapture, refundableOf } from '../../domain/refund.ts';
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Capture, Refund } from '../../ports/store/payments.ts';
import { won } from '../commit.ts';
import { notifyShop, notifyStewards, send } from '../tell.ts';
import { note, type When } from '../timeline.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export type RefundWish = Pick<Refund, 'amount' | 'cause' | 'requestedBy' | 'restock' | 'lines'>;

/** Applied money was earned by the order; all other waits in suspense. */
export const homeOf = (capture: Pick<Capture, 'use'>): MoneyHome => (capture.use === 'applied' ? 'sales' : 'suspense');

/** The amount is positive and in the capture's currency. The order's row must have been taken before. */
export async function startRefund(
  tx: Tx,
  at: When,
  order: Order,
  capture: Capture,
  wish: RefundWish,
  why: 'a rule says' | 'a person asks' = 'a rule says',
): Promise<Result<Refund>> {
  if (!(await tx.payments.reserveRefund(capture.id, wish.amount)))
    return fail('refund_too_much', { left: refundableOf(capture) });
  for (const { lineId, quantity } of wish.lines)
    won(await tx.orders.refundLine(lineId, quantity), `order line ${lineId}`);
  const refund: Refund = {
    ...wish,
    id: at.deps.ids.next(),
    captureId: capture.id,
    orderId: order.id,
    channel: capture.channel,
    merchantAccountId: capture.merchantAccountId,
    currency: capture.currency,
    state: 'requested',
    channelRef: null,
    nextCheckAt: null,
    checks: 0,
    createdAt: at.now,
    submittedAt: null,
  };
  await tx.payments.insertRefund(refund);
  const source = { book: capture.merchantAccountId, sourceId: refund.id, orderId: order.id };
  await tx.payments.post(
    refundReserved(source, money(refund.amount, refund.currency), homeOf(capture)),
    at.deps.ids.next(),
    at.now,
  );
  const { amount, currency, cause } = refund;
  await note(tx, at, order.id, 'refund_requested', { amount, currency, cause });
  if (why === 'a person asks' && (await needsSecondPerson(tx, at, order, refund)))
    return ok(await waitForApproval(tx, at, order, refund));
  await handToChannel(tx, at, order, refund);
  return ok(refund);
}

/** Daily tables pause over long weekends; what is older decides nothing. */
const RATE_LIMITS = { staleAfterMs: 4 * DAY_MS, expiredAfterMs: 366 * DAY_MS } as const;

/**
 * Above the limit is what people have asked back of this payment altogether, this refund included: parts are no way around it. The
 * limit is in the community's currency; an amount that cannot be compared with it takes a second person.
 */
async function needsSecondPerson(tx: Tx, at: When, order: Order, refund: Refund): Promise<boolean> {
  const { approvalLimit } = await tx.requests.refundPolicy(order.communityId);
  const asked = (await tx.payments.refunds(order.id)).filter(
    (one) => one.captureId === refund.captureId && one.requestedBy !== null && countsAgainstCapture(one.state),
  );
  const total = money(
    asked.reduce((sum, one) => sum + one.amount, 0),
    refund.currency,
  );
  const community = await tx.people.community(order.communityId);
  // Stars have no rate: each counts as one smallest unit of the limit.
  if (total.currency === 'XTR' || community?.currency === total.currency) return total.amount > approvalLimit;
  const rate = community && at.deps.rates.find(total.currency, community.currency);
  if (!rate || rateAge(rate, at.now, RATE_LIMITS) !== 'fresh') return true;
  return convertAbout(total, rate, 'ceil').amount > approvalLimit;
}

/** Reserved and journalled, and told to those who may let it go out; whoever asked cannot. */
async function waitForApproval(tx: Tx, at: When, order: Order, refund: Refund): Promise<Refund> {
  won(await tx.payments.moveRefund(refund.id, 'requested', 'pending_approval'), `refund ${refund.id}`);
  const { amount, currency } = refund;
  await note(tx, at, order.id, 'refund_pending_approval', { amount, currency }, 'shop');
  const params = { code: order.code, amount, currency, n: refund.id };
  const told = { kind: 'refund_to_approve', objectId: order.id, params } as const;
  await notifyStewards(tx, at, order.communityId, told);
  await notifyShop(tx, at, order, told, 'seller');
  return { ...refund, state: 'pending_approval' };
}

/** News of the channel's may overtake everything that we do first: the refund is where it would be after that. */
export async function asHandedOver(tx: Tx, { id, state }: Refund): Promise<void> {
  if (state === 'pending_approval') await tx.payments.moveRefund(id, 'pending_approval', 'approved');
  const from = state === 'pending_approval' ? 'approved' : state;
  if (from === 'requested' || from === 'approved') await tx.payments.moveRefund(id, from, 'submitted');
}

export async function handToChannel(tx: Tx, at: When, order: Order, refund: Refund): Promise<void> {
  const channel = at.deps.channels.get(refund.channel);
  // A channel that is switched off now is asked when it is back; only what no channel pays is for a person.
  if (channel?.capabilities.refunds !== 'by_hand') {
    return send(tx, at, `refund:${refund.id}`, { name: 'refund.submit', refundId: refund.id });
  }
  won(await tx.payments.moveRefund(refund.id, refund.state, 'submitted'), `refund ${refund.id}`);
  const notice = { kind: 'refund_by_hand', objectId: order.id, params: { code: order.code } } as const;
  // Who got the money pays it back.
  if (channel.capabilities.paidTo === 'market') await notifyStewards(tx, at, order.communityId, notice);
  else await notifyShop(tx, at, order, notice, 'seller');
}
