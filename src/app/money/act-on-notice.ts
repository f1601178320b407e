/** What a verified event does, after the last gate: the match with what we asked for. */
import { isOpenRefund } from '../../domain/refund.ts';
import type { ChannelAttempt, ChannelNotice } from '../../ports/payment-channel.ts';
import type { Tx } from '../../ports/store.ts';
import type { InboxState } from '../../ports/store/events.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Attempt, Capture, Refund } from '../../ports/store/payments.ts';
import { actOnDispute, actOnWarning } from './act-on-dispute.ts';
import { applyRefundTruth } from './apply-refund.ts';
import { applyAccount } from './onboarding.ts';
import { applyTruth } from './apply-truth.ts';
import { attemptPaidAt } from './card-sale.ts';
import { won } from '../commit.ts';
import { asHandedOver, startRefund } from './create-refund.ts';
import { thankGiver } from './share-bill.ts';
import { openCase } from './open-case.ts';
import { note, type When } from '../timeline.ts';

/** What is to become of the event. `parked`: it speaks of something that we do not know (yet). */
export async function act(tx: Tx, at: When, channel: string, notice: ChannelNotice): Promise<InboxState> {
  const { about } = notice;
  if (about.kind === 'other') return 'ignored';
  if (about.kind === 'account') return actOnAccount(tx, at, channel, notice, about);
  if (about.kind === 'dispute') return actOnDispute(tx, at, channel, notice, about);
  if (about.kind === 'warning') return actOnWarning(tx, at, channel, notice, about);
  if (about.kind === 'refund') return actOnRefund(tx, at, notice, about);
  if (about.kind === 'paid_back') return actOnPaidBack(tx, at, channel, notice, about);
  if (about.kind === 'card_sale') return actOnCardSale(tx, at, channel, notice, about);
  const attempt = await tx.payments.attemptByReference(channel, about.reference);
  if (!attempt) return 'parked';
  if (about.orderId === attempt.orderId) {
    const became = await actOnMoney(tx, at, attempt, notice, about.truth);
    if (became === 'done' && about.payer) await thankGiver(tx, at, attempt, about.payer, about.truth);
    return became;
  }
  await note(tx, at, attempt.orderId, 'notice_verified', { type: notice.type }, 'stewards');
  const account = await tx.people.merchantAccount(attempt.merchantAccountId);
  const isOurs = account?.accountRef === notice.account;
  return conflict(tx, at, attempt, isOurs ? 'order' : 'account', isOurs);
}

/** The last gate before the books: the account, the amount and the currency are what we asked for. */
async function actOnMoney(
  tx: Tx,
  at: When,
  attempt: Attempt,
  notice: ChannelNotice,
  truth: ChannelAttempt,
): Promise<InboxState> {
  const { channel } = attempt;
  await note(tx, at, attempt.orderId, 'notice_verified', { type: notice.type }, 'stewards');
  const account = await tx.people.merchantAccount(attempt.merchantAccountId);
  if (account?.accountRef !== notice.account) return conflict(tx, at, attempt, 'account', false);
  const odd = truth.payments.find((one) => one.amount !== attempt.amount || one.currency !== attempt.currency);
  // Where nobody can be asked, this is all that will ever be known: the money is recorded, and waits for a person.
  const canAsk = at.deps.channels.get(channel)?.capabilities.canBeAsked ?? true;
  if (odd && canAsk) return conflict(tx, at, attempt, odd.currency === attempt.currency ? 'amount' : 'currency', true);
  await applyTruth(tx, at, attempt, truth, 'notice');
  return odd ? 'conflict' : 'done';
}

/** The platform names the card and the payer; which of the payer's orders it pays is ours to know. */
async function actOnCardSale(
  tx: Tx,
  at: When,
  channel: string,
  notice: ChannelNotice,
  about: Extract<ChannelNotice['about'], { kind: 'card_sale' }>,
): Promise<InboxState> {
  const invoice = await tx.cards.cardInvoice(about.cardInvoiceId);
  const account = invoice && (await tx.people.merchantAccount(invoice.merchantAccountId));
  if (invoice?.channel !== channel || account?.accountRef !== notice.account) return 'parked';
  const attempt = await attemptPaidAt(tx, at, invoice, about);
  return attempt ? actOnMoney(tx, at, attempt, notice, { state: 'succeeded', payments: [about.payment] }) : 'parked';
}

/**
 * Rightly signed, and not what we asked for: never paid by machine. Nothing is posted on its word; the channel is asked for the
 * truth, which then stands in suspense until a person decides. An event of another account touches nothing but the case.
 */
async function conflict(
  tx: Tx,
  at: When,
  attempt: Attempt,
  what: 'account' | 'order' | 'amount' | 'currency',
  ours: boolean,
): Promise<InboxState> {
  const order = await tx.orders.order(attempt.orderId);
  if (!order) return 'parked';
  await note(tx, at, order.id, 'conflict', { what }, 'shop');
  if (ours) {
    await tx.payments.addException(attempt.paymentId, 'conflicted');
    await tx.payments.moveAttempt(attempt.id, attempt.state, attempt.state, { nextCheckAt: at.now });
  }
  await openCase(tx, at, order, 'payment_conflict', { what, attemptId: attempt.id });
  return 'conflict';
}

/** A platform may have accounts of others than us. */
async function actOnAccount(
  tx: Tx,
  at: When,
  channel: string,
  notice: ChannelNotice,
  { account }: Extract<ChannelNotice['about'], { kind: 'account' }>,
): Promise<InboxState> {
  const opening = await tx.people.accountOpeningByRef(channel, account.accountRef);
  if (!opening || notice.account !== account.accountRef) return 'ignored';
  await applyAccount(tx, at, opening, account);
  return 'done';
}

async function actOnRefund(
  tx: Tx,
  at: When,
  notice: ChannelNotice,
  about: Extract<ChannelNotice['about'], { kind: 'refund' }>,
): Promise<InboxState> {
  const refund = await tx.payments.refund(about.reference);
  if (!refund) return 'parked';
  const account = await tx.people.merchantAccount(refund.merchantAccountId);
  const order = await tx.orders.order(refund.orderId);
  if (!order) return 'parked';
  await note(tx, at, order.id, 'notice_verified', { type: notice.type }, 'stewards');
  if (
    account?.accountRef !== notice.account ||
    about.truth.amount !== refund.amount ||
    about.truth.currency !== refund.currency
  ) {
    await openCase(tx, at, order, 'payment_conflict', { what: 'refund', refundId: refund.id });
    return 'conflict';
  }
  // A notice may overtake the answer of our own call: handing over is finished by the news that it happened.
  await asHandedOver(tx, refund);
  await applyRefundTruth(tx, at, refund.id, about.truth);
  return 'done';
}

/**
 * The platform says that a payment is back with its payer. Usually that is our own refund; one that somebody made elsewhere is
 * written down all the same, because the money has gone.
 */
async function actOnPaidBack(
  tx: Tx,
  at: When,
  channel: string,
  notice: ChannelNotice,
  about: Extract<ChannelNotice['about'], { kind: 'paid_back' }>,
): Promise<InboxState> {
  const { cardInvoiceId } = about;
  const attempt =
    cardInvoiceId === undefined
      ? await tx.payments.attemptByReference(channel, about.reference)
      : await attemptPaidBy(tx, channel, notice.account, about.paymentRef);
  const order = attempt && (await tx.orders.order(attempt.orderId));
  if (!attempt || !order) return 'parked';
  const account = await tx.people.merchantAccount(attempt.merchantAccountId);
  if (account?.accountRef !== notice.account) return conflict(tx, at, attempt, 'account', false);
  if (cardInvoiceId === undefined && about.orderId !== attempt.orderId)
    return conflict(tx, at, attempt, 'order', false);
  const capture = (await tx.payments.captures(order.id)).find(
    (one) => one.channelRef === about.paymentRef && one.merchantAccountId === attempt.merchantAccountId,
  );
  // The news of the payment itself may still be on its way.
  if (!capture) return 'parked';
  await note(tx, at, order.id, 'notice_verified', { type: notice.type }, 'stewards');
  const known = (await tx.payments.refunds(order.id)).filter((one) => one.captureId === capture.id);
  if (about.refundRef !== undefined && known.some((one) => one.channelRef === about.refundRef)) return 'done';
  const fits =
    about.refundRef === undefined
      ? about.amount === capture.amount
      : about.amount > 0 && about.amount <= capture.amount - capture.refunding;
  if (!fits || about.currency !== capture.currency) {
    await openCase(tx, at, order, 'payment_conflict', { what: 'refund', captureId: capture.id });
    return 'conflict';
  }
  if (about.refundRef === undefined && known.some((one) => one.state === 'succeeded')) return 'done';
  const open = about.refundRef === undefined ? known.find((one) => isOpenRefund(one.state)) : undefined;
  const refund = open ?? (await foreignRefund(tx, at, order, capture, about.amount));
  if (!refund) return 'parked';
  await asHandedOver(tx, refund);
  await applyRefundTruth(tx, at, refund.id, { state: 'succeeded', channelRef: about.refundRef ?? about.paymentRef });
  return 'done';
}

async function attemptPaidBy(
  tx: Tx,
  channel: string,
  account: string,
  paymentRef: string,
): Promise<Attempt | undefined> {
  const capture = await tx.payments.captureAt(channel, account, paymentRef);
  return capture && tx.payments.attempt(capture.attemptId);
}

/** Only with all of the money are all the units back: of a part nobody knows what it was given for. */
async function foreignRefund(
  tx: Tx,
  at: When,
  order: Order,
  capture: Capture,
  amount: number,
): Promise<Refund | undefined> {
  won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
  const rest = (await tx.orders.lines(order.id)).filter((line) => line.refundedQuantity < line.quantity);
  const lines =
    capture.use === 'applied' && amount === capture.amount
      ? rest.map((line) => ({ lineId: line.id, quantity: line.quantity - line.refundedQuantity }))
      : [];
  const wish = { amount, cause: 'admin', requestedBy: null, restock: false, lines } as const;
  const started = await startRefund(tx, at, { ...order, version: order.version + 1 }, capture, wish);
  return started.ok ? started.value : undefined;
}
