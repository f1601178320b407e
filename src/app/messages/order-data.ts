/** An order as its panels show it, to the buyer or to the shop. */
import { isOpenDispute } from '../../domain/dispute.ts';
import { isLive } from '../../domain/payment.ts';
import { money } from '../../domain/money.ts';
import { may } from '../../domain/policy.ts';
import { refundableOf } from '../../domain/refund.ts';
import type { Dispute } from '../../ports/store/disputes.ts';
import type { DisputeData, OrderData, OrderLineData, OrderSummary } from '../../ports/shown.ts';
import type { QuoteLine } from '../../domain/pricing/quote-shape.ts';
import type { Channels } from '../../ports/payment-channel.ts';
import type { Reads } from '../../ports/store.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import type { Attempt, Capture, Payment, Refund } from '../../ports/store/payments.ts';
import { billCurrency, platformOf } from '../orders/bill-currency.ts';
import { type Chosen, chosenOf, currencyOf, drawUp, offersOf } from '../orders/draw-up.ts';
import { isCancellable } from '../orders/cancel-order.ts';
import { awaitsCash, isBeingRefunded } from '../orders/fulfil-order.ts';
import { refundObjection } from '../money/refund.ts';
import { billFacts, channelObjection, isOpenTo, paysByOurLink } from '../money/ways.ts';
import { aboutFor } from './about.ts';
import { goodsOf } from './goods-data.ts';
import type { LoadContext } from './loader.ts';
import { refundData, requestData } from './refund-data.ts';

type Books = {
  readonly payment: Payment | undefined;
  readonly attempts: readonly Attempt[];
  readonly captures: readonly Capture[];
  readonly refunds: readonly Refund[];
};

/** Undefined when a draft cannot be drawn up (its goods are gone). */
export async function orderData(reads: Reads, at: LoadContext, order: Order): Promise<OrderData | undefined> {
  const shop = await reads.people.shop(order.shopId);
  const lines = await reads.orders.lines(order.id);
  const chosen = await chosenOf(reads, lines);
  const draft = order.quote ? undefined : await drawDraft(reads, at, order, chosen);
  const quote = order.quote ?? draft?.quote;
  if (!shop || !quote) return undefined;
  const books: Books = {
    payment: await reads.payments.paymentOf(order.id),
    attempts: await reads.payments.attempts(order.id),
    captures: await reads.payments.captures(order.id),
    refunds: await reads.payments.refunds(order.id),
  };
  const asked = await requestData(reads, at, order);
  const asBuyer = at.actor?.personId === order.buyerId;
  const applied = books.captures.find((one) => one.use === 'applied');
  const live = books.attempts.find((one) => isLive(one.state));
  const conflicted = books.payment?.exceptions.includes('conflicted') ?? false;
  const channels = conflicted ? [] : await channelsFor(reads, at, order, live);
  const ownUrl = `${at.deps.settings.publicUrl}/pay/${order.payToken}`;
  const last = books.attempts.toSorted((a, b) => b.createdAt - a.createdAt)[0];
  return {
    id: order.id,
    code: order.code,
    state: order.state,
    shop: { id: shop.id, title: shop.name },
    lines: lines.map((line, index) =>
      lineData(line, quote.lines[index] ?? quote.lines.find((one) => one.variantId === line.variantId), quote.currency),
    ),
    quote,
    coupons: quote.applied.flatMap(({ stage, id, label }) => (stage === 'coupon' ? [{ id, label }] : [])),
    about: aboutFor(at, money(quote.due, quote.currency)),
    delivery: await deliveryData(reads, order, chosen, quote.currency, draft?.method ?? null),
    expiresAt: order.expiresAt,
    reserved: (await reads.catalog.holdsOf(order.id)).some((hold) => hold.state === 'held'),
    channels,
    payUrl: channels.some((one) => one.page) ? ownUrl : pageOf(live, channels),
    invoice: invoiceOf(live, channels),
    shared: await sharedOf(reads, order, live, channels),
    ...moneyWay(at, channels, live, applied),
    attempt: live ? { channel: live.channel, state: attemptState(live), declineCode: live.declineCode } : null,
    lastDecline: last?.declineCode ?? null,
    paid: money(applied?.amount ?? 0, quote.currency),
    refundable: money(applied ? refundableOf(applied) : 0, quote.currency),
    refunds: books.refunds.map(refundData(at, order)),
    request: asked,
    disputes: (await reads.disputes.disputesOf(order.id)).map(disputeData),
    exceptions: books.payment?.exceptions ?? [],
    goods: asBuyer ? await goodsOf(reads, order, lines) : [],
    billed: (await reads.orders.billRequest(order.id)) !== undefined,
    placedAt: order.placedAt,
    paidAt: order.paidAt,
    free: quote.due === 0,
    can: await canDo(reads, at, order, {
      ...books,
      asked: asked !== null && (asked.state === 'open' || asked.state === 'escalated'),
    }),
    testMoney: at.community.testMoney,
  };
}

async function drawDraft(reads: Reads, at: LoadContext, order: Order, chosen: readonly Chosen[]) {
  const where = await platformOf(reads, { personId: order.buyerId, chatId: null });
  const priced = billCurrency(chosen, at.community, at.person, where);
  // What cannot be billed together is shown all the same: checking out says why.
  const currency = priced.ok ? priced.value : currencyOf(chosen, at.community, at.person);
  const drawn = drawUp(at.deps, chosen, currency, order.deliveryMethod);
  return drawn.ok ? drawn.value : undefined;
}

function lineData(
  line: OrderLine,
  quoted: Pick<QuoteLine, 'title' | 'choices' | 'unitPrice' | 'total'> | undefined,
  currency: string,
): OrderLineData {
  const { id, quantity, variantId, refundedQuantity } = line;
  return {
    ...{ id, quantity, variantId, refundedQuantity },
    title: quoted?.title ?? '',
    choices: quoted?.choices ?? [],
    unitPrice: money(quoted?.unitPrice ?? 0, currency),
    total: money(quoted?.total ?? 0, currency),
  };
}

async function deliveryData(
  reads: Reads,
  order: Order,
  chosen: readonly Chosen[],
  currency: string,
  drafted: OrderData['delivery']['method'],
): Promise<OrderData['delivery']> {
  const shipment = await reads.orders.shipment(order.id);
  const method = order.deliveryMethod ?? drafted;
  const notes = chosen.flatMap(({ product }) => product.delivery?.pickupNote ?? []);
  const address =
    (await reads.orders.deliveryAddress(order.id)) ??
    (order.state === 'draft' ? await reads.people.address(order.buyerId) : undefined);
  return {
    method,
    offers: offersOf(chosen, currency),
    address: method === 'ship' ? (address ?? null) : null,
    pickupNote: method === 'pickup' ? [...new Set(notes)].join('\n') : '',
    tracking: shipment?.tracking ?? null,
    shippedAt: shipment?.shippedAt ?? null,
  };
}

/** The ways to pay now: none once something is at work, or when the bill is over. */
async function channelsFor(
  reads: Reads,
  at: LoadContext,
  order: Order,
  live: Attempt | undefined,
): Promise<OrderData['channels']> {
  if (order.state !== 'pending_payment' || order.total === 0) return [];
  if (order.expiresAt !== null && order.expiresAt <= at.now) return [];
  const busy = live && (live.state === 'pending' || live.state === 'unknown');
  if (busy) return [];
  const accounts = await reads.people.merchantAccounts(order.shopId);
  const bill = await billFacts(reads, at.deps.channels, order);
  const byOurLink = paysByOurLink(at.deps.settings, bill);
  return [...at.deps.channels.values()]
    .filter((one) => isOpenTo(accounts, one))
    .filter((one) => channelObjection(one, bill) === undefined)
    .map((one) => ({ code: one.code, page: one.capabilities.hostedPage && byOurLink }));
}

/** The invoice of the live attempt, while the bill can be paid. */
function invoiceOf(live: Attempt | undefined, channels: OrderData['channels']): OrderData['invoice'] {
  if (live?.state !== 'requires_action' || live.nextAction?.kind !== 'invoice') return null;
  if (!channels.some((one) => one.code === live.channel)) return null;
  return { channel: live.channel, url: live.nextAction.link };
}

/** The channel's own page, where ours cannot be opened: the outbox has asked for it. */
function pageOf(live: Attempt | undefined, channels: OrderData['channels']): string | null {
  if (live?.state !== 'requires_action' || live.nextAction?.kind !== 'redirect') return null;
  return channels.some((one) => one.code === live.channel) ? live.nextAction.url : null;
}

/** Null where there is nothing to share: the invoice on a card is a purchase of whoever pays it. */
async function sharedOf(
  reads: Reads,
  order: Order,
  live: Attempt | undefined,
  channels: OrderData['channels'],
): Promise<boolean | null> {
  const invoice = invoiceOf(live, channels);
  if (!invoice || !live) return null;
  const sale = await reads.cards.cardSaleOf(live.id);
  const card = sale && (await reads.cards.cardInvoice(sale.cardInvoiceId));
  return card?.link === invoice.url ? null : reads.cards.isShared(order.id);
}

/** What the channel of this bill, or of its payment, means for both sides. */
function moneyWay(
  { deps }: LoadContext,
  channels: OrderData['channels'],
  live: Attempt | undefined,
  applied: Capture | undefined,
): Pick<OrderData, 'paidToMarket' | 'refundFullOnly'> {
  const of = (code: string) => deps.channels.get(code)?.capabilities;
  const paying = applied ? [applied.channel] : [...(live ? [live.channel] : []), ...channels.map((one) => one.code)];
  return {
    paidToMarket: paying.some((code) => of(code)?.paidTo === 'market'),
    refundFullOnly: applied !== undefined && of(applied.channel)?.partialRefund === false,
  };
}

function attemptState(attempt: Attempt): NonNullable<OrderData['attempt']>['state'] {
  if (attempt.state === 'unknown') return 'unknown';
  if (attempt.channel === 'cash') return 'waiting_for_cash';
  return attempt.state === 'pending' ? 'working' : 'open';
}

const disputeData = ({ id, state, amount, withdrawn, currency, respondBy, channel }: Dispute): DisputeData => ({
  ...{ id, state, respondBy, channel, open: isOpenDispute(state) },
  amount: money(amount, currency),
  withdrawn: money(withdrawn, currency),
});

type Facts = Books & { readonly asked: boolean };

async function canDo(reads: Reads, at: LoadContext, order: Order, books: Facts): Promise<OrderData['can']> {
  const { actor } = at;
  const nothing = {
    pay: false,
    cancel: false,
    receive: false,
    ship: false,
    handOver: false,
    confirmCash: false,
    refund: false,
    requestRefund: false,
    changeDelivery: false,
    changeQuantity: false,
    useCoupon: false,
  };
  if (!actor) return nothing;
  const cashAttempt = books.attempts.find((one) => one.channel === 'cash' && isLive(one.state));
  const confirm = cashAttempt?.firstConfirmerId
    ? may(actor, 'order.confirm_cash_second', { ...order, firstConfirmer: cashAttempt.firstConfirmerId })
    : may(actor, 'order.confirm_cash', order);
  const goingBack = await isBeingRefunded(reads, order);
  const shipped = (await reads.orders.shipment(order.id)) !== undefined;
  const open = order.state === 'pending_payment' && (order.expiresAt === null || order.expiresAt > at.now);
  const buys = may(actor, 'order.pay', order);
  const unfixed = open && buys && books.payment === undefined;
  const applied = books.captures.find((one) => one.use === 'applied');
  const window = at.deps.channels.get(applied?.channel ?? '')?.capabilities;
  return {
    pay: open && buys && !(books.payment?.exceptions.includes('conflicted') ?? false),
    cancel: order.state !== 'draft' && (await isCancellable(reads, actor, order)),
    receive:
      may(actor, 'order.receive', order) && (order.state === 'paid' || order.state === 'fulfilled') && !goingBack,
    ship:
      may(actor, 'order.ship', order) &&
      order.deliveryMethod === 'ship' &&
      !shipped &&
      !goingBack &&
      (order.state === 'paid' || (await awaitsCash(reads, order))),
    handOver:
      may(actor, 'order.ship', order) && order.deliveryMethod !== 'ship' && order.state === 'paid' && !goingBack,
    confirmCash: cashAttempt !== undefined && confirm,
    refund: may(actor, 'order.refund', order) && refundObjection(window, applied, at.now) === undefined,
    requestRefund:
      may(actor, 'order.request_refund', order) &&
      !books.asked &&
      refundObjection(window, applied, at.now) === undefined,
    changeDelivery: (unfixed || order.state === 'draft') && buys,
    changeQuantity: unfixed && order.listingId !== null,
    useCoupon: unfixed,
  };
}

/** One line of a list of orders. */
export async function orderSummary(reads: Reads, order: Order): Promise<OrderSummary> {
  const shop = await reads.people.shop(order.shopId);
  const lines = order.quote?.lines ?? [];
  return {
    id: order.id,
    code: order.code,
    state: order.state,
    delivery: { method: order.deliveryMethod },
    title: lines[0]?.title ?? '',
    units: lines.reduce((units, line) => units + line.quantity, 0),
    total: money(order.total, order.currency),
    at: order.placedAt ?? order.createdAt,
    shop: { id: order.shopId, title: shop?.name ?? '' },
  };
}

/** Refunds that a person pays out: only channels that cannot do it themselves leave any. */
export const refundsByHand = (refunds: readonly Refund[], channels: Channels): Refund[] =>
  refunds.filter((one) => one.state === 'submitted' && channels.get(one.channel)?.capabilities.refunds === 'by_hand');
