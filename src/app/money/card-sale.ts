/** Money for the invoice on a card: whose attempt it pays, and an order for money that came without one. */
import { isLive } from '../../domain/payment.ts';
import { priceOf } from '../../domain/pricing/price.ts';
import { quoteText } from '../../domain/quote.ts';
import type { ChannelNotice, ChannelPayment } from '../../ports/payment-channel.ts';
import type { Reads, Tx } from '../../ports/store.ts';
import type { CardInvoice } from '../../ports/store/cards.ts';
import type { Attempt } from '../../ports/store/payments.ts';
import { won } from '../commit.ts';
import { meetPayer } from './meet-payer.ts';
import { note, type When } from '../timeline.ts';

type CardNews = Extract<ChannelNotice['about'], { kind: 'card_sale' }>;

/** The attempts that this person was let to make at this card, the oldest first. */
async function attemptsAt(reads: Reads, cardInvoiceId: string, personId: string): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const sale of await reads.cards.cardSales(cardInvoiceId, personId)) {
    const attempt = await reads.payments.attempt(sale.attemptId);
    if (attempt) attempts.push(attempt);
  }
  return attempts;
}

/** Of several attempts at one card the next money is the oldest live one's, else that of the last that was never paid. */
const nextPaid = (attempts: readonly Attempt[]): Attempt | undefined =>
  attempts.find((one) => isLive(one.state)) ?? attempts.findLast((one) => one.state !== 'succeeded');

/** Where the channel is asked about this attempt: what else of that payer's at that card is not meant. */
export async function cardRefOf(reads: Reads, attempt: Attempt) {
  const sale = await reads.cards.cardSaleOf(attempt.id);
  const invoice = sale && (await reads.cards.cardInvoice(sale.cardInvoiceId));
  if (!sale || !invoice) return undefined;
  const attempts = await attemptsAt(reads, invoice.id, sale.personId);
  if (attempt.state !== 'succeeded' && nextPaid(attempts)?.id !== attempt.id) return undefined;
  const claimed: string[] = [];
  for (const other of attempts) {
    if (other.orderId === attempt.orderId) continue;
    for (const capture of await reads.payments.captures(other.orderId)) claimed.push(capture.channelRef);
  }
  return { invoice, personId: sale.personId, claimed };
}

/** The attempt that this money belongs to: the one that has it already, the next in turn, or one made for it now. */
export async function attemptPaidAt(
  tx: Tx,
  at: When,
  invoice: CardInvoice,
  { payer, payment }: CardNews,
): Promise<Attempt | undefined> {
  const platform = at.deps.channels.get(invoice.channel)?.capabilities.nativeInvoice ?? null;
  if (platform === null) return undefined;
  const product = await tx.catalog.listing(invoice.listingId).then((one) => one && tx.catalog.product(one.productId));
  if (!product) return undefined;
  const personId = await meetPayer(tx, at, { platform, payer, communityId: product.communityId });
  const attempts = await attemptsAt(tx, invoice.id, personId);
  return (
    (await whoHas(tx, attempts, payment)) ??
    nextPaid(attempts) ??
    attempts.at(-1) ??
    strayAttempt(tx, at, { invoice, personId, payment })
  );
}

async function whoHas(
  reads: Reads,
  attempts: readonly Attempt[],
  { channelRef }: Pick<ChannelPayment, 'channelRef'>,
): Promise<Attempt | undefined> {
  for (const attempt of attempts) {
    const captures = await reads.payments.captures(attempt.orderId);
    if (captures.some((one) => one.channelRef === channelRef)) return attempt;
  }
  return undefined;
}

type Stray = { readonly invoice: CardInvoice; readonly personId: string; readonly payment: ChannelPayment };

/** Nobody was let to pay this: an order that is over before it began takes the money in, and sends it back. */
async function strayAttempt(tx: Tx, at: When, { invoice, personId, payment }: Stray): Promise<Attempt> {
  const variant = await tx.catalog.variant(invoice.variantId);
  const product = variant && (await tx.catalog.product(variant.productId));
  if (!variant || !product) throw new Error(`card invoice ${invoice.id} has no product`);
  const { ids, vault } = at.deps;
  const { amount, currency } = payment;
  const line = {
    id: variant.id,
    variantId: variant.id,
    productId: product.id,
    title: product.title,
    choices: variant.choices,
  };
  const method = invoice.method;
  const lines = [{ ...line, quantity: 1, unitPrice: amount }];
  const bill = priceOf({ currency, lines, shipping: { method, fee: 0 } });
  const order = {
    ...{ id: ids.next(), code: ids.humanCode(), communityId: product.communityId, shopId: product.shopId },
    ...({ buyerId: personId, state: 'cancelled', currency, total: amount, quote: bill } as const),
    ...{ quoteHash: vault.digest('quote', quoteText(bill)), deliveryMethod: method, listingId: invoice.listingId },
    ...{ payToken: ids.token(), expiresAt: null, version: 1, createdAt: at.now, placedAt: at.now },
    ...{ paidAt: null, fulfilledAt: null, closedAt: null },
  };
  won(await tx.orders.insertOrder(order), `order code ${order.code}`);
  await tx.orders.insertLine({
    ...{ id: ids.next(), orderId: order.id, position: 0, productId: product.id, variantId: variant.id },
    ...{ quantity: 1, total: amount, refundedQuantity: 0 },
  });
  await note(tx, at, order.id, 'placed', { total: amount, currency });
  const owed = { id: ids.next(), orderId: order.id, amount, currency, state: 'cancelled', createdAt: at.now } as const;
  won(await tx.payments.insertPayment({ ...owed, exceptions: [] }), `payment of order ${order.id}`);
  const id = ids.next();
  const attempt: Attempt = {
    ...{ id, paymentId: owed.id, orderId: order.id, channel: invoice.channel, reference: id, state: 'submitted' },
    ...{ merchantAccountId: invoice.merchantAccountId, channelRef: invoice.link, amount, currency, nextAction: null },
    ...{ declineCode: null, firstConfirmerId: null, nextCheckAt: null, checks: 0, createdAt: at.now, expiresAt: null },
  };
  won(await tx.payments.insertAttempt(attempt), `attempt of order ${order.id}`);
  await tx.cards.putCardSale({ attemptId: id, cardInvoiceId: invoice.id, personId });
  return attempt;
}
