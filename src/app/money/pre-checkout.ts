/**
 * A chat platform is about to take money for an invoice of ours and asks whether it may. The last moment at which a refusal costs
 * nobody anything, so everything is looked at once more: what is asked for, who pays, whether the bill is open and the goods are there.
 */
import { type Fault, fail, ok, type Result } from '../../domain/faults.ts';
import { readCardPayload, readInvoicePayload } from '../../domain/invoice-payload.ts';
import { isLive } from '../../domain/payment.ts';
import { available } from '../../domain/product.ts';
import type { PreCheckout } from '../../ports/core.ts';
import type { Reads } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Attempt } from '../../ports/store/payments.ts';
import type { Deps } from '../deps.ts';
import { billFacts, channelObjection } from './ways.ts';
import { sellAtCard } from './sell-at-card.ts';

export async function preCheckout(deps: Deps, request: PreCheckout): Promise<Result<null>> {
  const platform = deps.channels.get(request.channel)?.capabilities.nativeInvoice ?? null;
  if (platform === null) return fail('channel_unavailable', { channel: request.channel });
  const card = readCardPayload(request.payload);
  if (card) return sellAtCard(deps, request, card, platform);
  return deps.store.read(async (reads) => {
    const found = await billOf(reads, request);
    if (!found) return fail('invoice_unknown');
    const refused =
      (await payerObjection(reads, found.order, platform, request)) ??
      (await billObjection(reads, deps, found, request)) ??
      (await wayObjection(reads, deps, found)) ??
      (await goodsObjection(reads, found.order));
    return refused ? { ok: false, fault: refused } : ok(null);
  });
}

type Bill = { readonly order: Order; readonly attempt: Attempt };

/** The payload names an attempt, its order and its shop; one that fits only in part is none of ours. */
async function billOf(reads: Reads, { channel, payload }: PreCheckout): Promise<Bill | undefined> {
  const name = readInvoicePayload(payload);
  const attempt = name && (await reads.payments.attemptByReference(channel, name.reference));
  const order = attempt && (await reads.orders.order(attempt.orderId));
  const fits = order?.id === name?.orderId && order?.shopId === name?.shopId;
  return attempt && order && fits ? { order, attempt } : undefined;
}

/** A forwarded invoice can be opened by anybody; the goods would go to the buyer all the same. */
async function payerObjection(
  reads: Reads,
  order: Order,
  platform: string,
  { payer: { userId } }: PreCheckout,
): Promise<Fault | undefined> {
  const payer = await reads.people.personByIdentity(platform, userId);
  if (payer === order.buyerId || (await reads.cards.isShared(order.id))) return undefined;
  return fail('invoice_of_another').fault;
}

async function billObjection(
  reads: Reads,
  { clock, channels }: Deps,
  { order, attempt }: Bill,
  { amount, currency }: PreCheckout,
): Promise<Fault | undefined> {
  const { code } = order;
  if (order.state === 'paid' || order.state === 'fulfilled' || order.state === 'closed')
    return fail('order_already_paid', { code }).fault;
  const over = order.expiresAt !== null && order.expiresAt <= clock.now();
  if (order.state === 'expired' || (order.state === 'pending_payment' && over))
    return fail('order_expired', { code }).fault;
  if (order.state !== 'pending_payment') return fail('order_not_open', { code }).fault;
  if (amount !== attempt.amount || currency !== attempt.currency || amount !== order.total)
    return fail('price_changed').fault;
  if (!isLive(attempt.state)) return fail('order_not_open', { code }).fault;
  const others = (await reads.payments.attempts(order.id)).filter((one) => one.id !== attempt.id);
  const atWork = others.some(
    (one) =>
      (one.state === 'pending' || one.state === 'unknown') &&
      channels.get(one.channel)?.capabilities.canBeAsked === true,
  );
  return atWork ? fail('payment_in_progress', { code }).fault : undefined;
}

/** The shop may have changed its mind about who collects for it. */
async function wayObjection(reads: Reads, { channels }: Deps, { order, attempt }: Bill): Promise<Fault | undefined> {
  const channel = channels.get(attempt.channel);
  return channel && channelObjection(channel, await billFacts(reads, channels, order));
}

async function goodsObjection(reads: Reads, order: Order): Promise<Fault | undefined> {
  const shop = await reads.people.shop(order.shopId);
  const community = await reads.people.community(order.communityId);
  if (shop?.state !== 'approved' || community?.frozen !== false)
    return fail('shop_frozen', { shop: shop?.name ?? '' }).fault;
  const held = new Set(
    (await reads.catalog.holdsOf(order.id)).filter((hold) => hold.state === 'held').map((hold) => hold.variantId),
  );
  for (const line of await reads.orders.lines(order.id)) {
    const product = await reads.catalog.product(line.productId);
    if (product?.state === 'frozen') return fail('product_frozen', { title: product.title }).fault;
    if (held.has(line.variantId)) continue;
    const variant = await reads.catalog.variant(line.variantId);
    const left = variant ? available(variant) : 0;
    if (left !== undefined && left < line.quantity) return fail('sold_out', { title: product?.title ?? '' }).fault;
  }
  return undefined;
}
