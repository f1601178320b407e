/** A chat platform's own invoice: asked for by the outbox, and shown on the buyer's panel as soon as its link is there. */
import type { Tx } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import { chosenOf, offersOf } from '../orders/draw-up.ts';
import { refreshBuyer } from '../orders/order-panels.ts';
import { send } from '../tell.ts';
import type { When } from '../timeline.ts';
import { startAttempt } from './start-attempt.ts';
import { billFacts, channelObjection, isOnline, isOpenTo, paysByOurLink } from './ways.ts';

export async function openInvoice(tx: Tx, at: When, order: Order, attemptId: string): Promise<void> {
  await send(tx, at, `attempt:${attemptId}`, { name: 'attempt.open', attemptId }, 'attempt.open');
  await refreshBuyer(tx, at, order);
}

/**
 * Where an invoice is the only way to pay from afar and the bill leaves nothing to choose, it is asked for at once: one tap less. From
 * then on the bill is fixed.
 */
export async function openOnlyInvoice(tx: Tx, at: When, order: Order): Promise<void> {
  if (order.state !== 'pending_payment' || order.total === 0 || (await isLeftToChoose(tx, order))) return;
  const accounts = await tx.people.merchantAccounts(order.shopId);
  const bill = await billFacts(tx, at.deps.channels, order);
  const ways = [...at.deps.channels.values()].filter(
    (channel) => isOnline(channel) && isOpenTo(accounts, channel) && channelObjection(channel, bill) === undefined,
  );
  const [only, ...others] = ways;
  if (!only || others.length > 0) return;
  if (only.capabilities.hostedPage && paysByOurLink(at.deps.settings, bill)) return;
  const started = await startAttempt(tx, at, order, { channel: only, accounts });
  if (started.ok) await openInvoice(tx, at, order, started.value.id);
}

async function isLeftToChoose(tx: Tx, order: Order): Promise<boolean> {
  if (order.deliveryMethod === 'none') return false;
  if (order.deliveryMethod === 'ship' && !(await tx.orders.deliveryAddress(order.id))) return true;
  return offersOf(await chosenOf(tx, await tx.orders.lines(order.id)), order.currency).length > 1;
}
