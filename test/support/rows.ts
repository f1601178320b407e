// A small market as rows, through the store's own port: two shops, a card, orders that were paid for. No use case runs here.
import { createHash } from 'node:crypto';
import { captured, feeKnown } from '../../src/domain/ledger.ts';
import { money } from '../../src/domain/money.ts';
import { price } from '../../src/domain/pricing/price.ts';
import { quoteText } from '../../src/domain/quote.ts';
import type { Store, Tx } from '../../src/ports/store.ts';
import type { Product, Variant } from '../../src/ports/store/catalog.ts';
import type { Order, OrderLine } from '../../src/ports/store/orders.ts';
import type { Attempt, Capture } from '../../src/ports/store/payments.ts';
import { randomIds } from '../../src/runtime/ids.ts';

export const AT = Date.UTC(2026, 0, 1);
const PRICE = 1250;

/** One unit of work without an answer. */
export async function write(store: Store, work: (tx: Tx) => Promise<unknown>): Promise<void> {
  await store.transact(null, async (tx) => {
    await work(tx);
    return null;
  });
}

export type Market = Awaited<ReturnType<typeof seedMarket>>;

export async function seedMarket(store: Store) {
  const [communityId, chatId, seller, buyer, other, shopId, accountId] = [1, 2, 3, 4, 5, 6, 7].map(() =>
    randomIds.next(),
  );
  const people = { seller: String(seller), buyer: String(buyer), other: String(other) };
  const community = {
    id: String(communityId),
    name: 'Night Market',
    timeZone: 'Asia/Kuala_Lumpur',
    currency: 'MYR',
    locale: 'en',
  };
  const shop = { id: String(shopId), communityId: community.id, ownerId: people.seller, name: 'Mangoes' };
  const account = { id: String(accountId), shopId: shop.id, channel: 'sandbox', accountRef: shop.id, createdAt: AT };
  const chat = {
    id: String(chatId),
    communityId: community.id,
    platform: 'web',
    platformChatId: 'night',
    title: 'Night',
  };
  await write(store, async (tx) => {
    await tx.people.insertCommunity({
      ...community,
      testMoney: true,
      cashConfirmLimit: 50_000,
      frozen: false,
      createdAt: AT,
    });
    for (const [name, id] of Object.entries(people)) {
      await tx.people.insertPerson({ id, name, locale: 'en', currency: null, createdAt: AT });
      await tx.people.putMember(community.id, id, 'member', AT);
    }
    await tx.people.insertShop({ ...shop, state: 'approved', createdAt: AT });
    await tx.people.putShopStaff(shop.id, people.seller, 'seller', AT);
    await tx.people.insertMerchantAccount(account);
    await tx.people.insertChat(chat);
  });
  return { store, communityId: community.id, chatId: chat.id, shopId: shop.id, accountId: account.id, ...people };
}

export type Goods = { readonly product: Product; readonly variant: Variant; readonly listingId: string };

export async function putGoods(
  market: Market,
  stock: number | null,
  changes: Partial<Product> & { codes?: readonly string[] } = {},
): Promise<Goods> {
  const { codes = [], ...facts } = changes;
  const product: Product = {
    id: randomIds.next(),
    communityId: market.communityId,
    shopId: market.shopId,
    kind: 'physical',
    title: 'Mango box',
    description: 'Ripe',
    imageDigest: null,
    imageAlt: 'Mangoes in a box',
    options: [],
    holdPolicy: { kind: 'on_checkout', minutes: 15 },
    limitPerPerson: null,
    delivery: { pickup: true, shipping: [] },
    digital: null,
    serviceNote: '',
    quickPay: false,
    state: 'on_sale',
    version: 1,
    createdAt: AT,
    ...facts,
  };
  const variant: Variant = {
    id: randomIds.next(),
    productId: product.id,
    position: 0,
    choices: [],
    onHand: codes.length > 0 ? codes.length : stock,
    held: 0,
    sold: 0,
    prices: { MYR: PRICE },
  };
  const listing = { id: randomIds.next(), productId: product.id, chatId: market.chatId };
  await write(market.store, async (tx) => {
    await tx.catalog.insertProduct(product, { digitalText: '' });
    await tx.catalog.insertVariant(variant);
    await tx.catalog.insertListing({ ...listing, state: 'live', messageRef: '1', createdAt: AT });
    if (codes.length > 0) await tx.catalog.addCodes(product.id, codes, AT);
  });
  return { product, variant, listingId: listing.id };
}

export type Bill = { readonly order: Order; readonly line: OrderLine };

/** An order `pending_payment`, its units held. */
export async function placeOrder(market: Market, { product, variant, listingId }: Goods, quantity = 1): Promise<Bill> {
  const facts = { id: variant.id, variantId: variant.id, productId: product.id, title: product.title };
  const lines = [{ ...facts, quantity, unitPrice: PRICE }];
  const frozen = price({ currency: 'MYR', lines, shipping: { method: 'pickup', fee: 0 } });
  const order: Order = {
    id: randomIds.next(),
    code: randomIds.humanCode(),
    communityId: market.communityId,
    shopId: market.shopId,
    buyerId: market.buyer,
    state: 'pending_payment',
    currency: 'MYR',
    total: frozen.due,
    quote: frozen,
    quoteHash: createHash('sha256').update(quoteText(frozen)).digest('hex'),
    deliveryMethod: 'pickup',
    listingId,
    payToken: randomIds.token(),
    expiresAt: AT + 60_000,
    version: 1,
    createdAt: AT,
    placedAt: AT,
    paidAt: null,
    fulfilledAt: null,
    closedAt: null,
  };
  const { total } = order;
  const ids = { id: randomIds.next(), orderId: order.id, productId: product.id, variantId: variant.id };
  const line: OrderLine = { ...ids, position: 0, quantity, total, refundedQuantity: 0 };
  await write(market.store, async (tx) => {
    await tx.orders.insertOrder(order);
    await tx.orders.insertLine(line);
    if (!(await tx.catalog.holdStock(variant.id, quantity))) throw new Error('the fixture has too little stock');
    const hold = { id: randomIds.next(), orderId: order.id, variantId: variant.id, quantity, state: 'held' } as const;
    await tx.catalog.insertHold(hold, AT);
    await note(tx, order.id, 'placed');
  });
  return { order, line };
}

export const note = (tx: Tx, orderId: string, kind: string): Promise<void> =>
  tx.orders.addTimeline({ id: randomIds.next(), orderId, at: AT, kind, audience: 'everybody', params: {} });

export type Paid = Bill & { readonly attempt: Attempt; readonly capture: Capture; readonly paymentId: string };

/** A payment and a live attempt at the sandbox. */
export async function openAttempt(market: Market, { order }: Bill): Promise<{ attempt: Attempt; paymentId: string }> {
  const paymentId = randomIds.next();
  const attempt = attemptOf(market, order, paymentId);
  await write(market.store, async (tx) => {
    const { total: amount, currency } = order;
    await tx.payments.insertPayment({
      id: paymentId,
      orderId: order.id,
      amount,
      currency,
      state: 'open',
      exceptions: [],
      createdAt: AT,
    });
    await tx.payments.insertAttempt(attempt);
  });
  return { attempt, paymentId };
}

export function attemptOf(market: Market, order: Order, paymentId: string): Attempt {
  const id = randomIds.next();
  return {
    id,
    paymentId,
    orderId: order.id,
    channel: 'sandbox',
    merchantAccountId: market.accountId,
    reference: id,
    channelRef: null,
    state: 'submitted',
    amount: order.total,
    currency: order.currency,
    nextAction: null,
    declineCode: null,
    firstConfirmerId: null,
    nextCheckAt: AT + 1000,
    checks: 0,
    createdAt: AT,
    expiresAt: AT + 60_000,
  };
}

export function captureOf(attempt: Attempt, changes: Partial<Capture> = {}): Capture {
  const { orderId, paymentId, channel, merchantAccountId, amount, currency } = attempt;
  return {
    id: randomIds.next(),
    orderId,
    paymentId,
    attemptId: attempt.id,
    channel,
    merchantAccountId,
    channelRef: `pay_${attempt.id}`,
    amount,
    fee: 50,
    currency,
    use: 'applied',
    refunding: 0,
    withdrawn: 0,
    at: AT,
    ...changes,
  };
}

/** The order is paid, its units sold, the money in the books. */
export async function payOrder(market: Market, bill: Bill): Promise<Paid> {
  const { attempt, paymentId } = await openAttempt(market, bill);
  const capture = captureOf(attempt);
  const source = { book: market.accountId, sourceId: capture.id, orderId: bill.order.id };
  await write(market.store, async (tx) => {
    await tx.orders.moveOrder(bill.order, 'paid', { paidAt: AT, expiresAt: null });
    await tx.payments.insertCapture(capture);
    await tx.payments.post(captured(source, money(capture.amount, 'MYR')), randomIds.next(), AT);
    await tx.payments.post(feeKnown(source, money(capture.fee, 'MYR')), randomIds.next(), AT);
    await tx.payments.movePayment(paymentId, 'open', 'succeeded');
    await tx.payments.moveAttempt(attempt.id, 'submitted', 'succeeded', { nextCheckAt: null });
    await note(tx, bill.order.id, 'captured');
    for (const hold of await tx.catalog.holdsOf(bill.order.id)) {
      await tx.catalog.endHold(hold.id, 'committed', AT);
      await tx.catalog.commitStock(hold.variantId, hold.quantity, AT, bill.order.id);
    }
  });
  const order: Order = { ...bill.order, state: 'paid', paidAt: AT, expiresAt: null, version: bill.order.version + 1 };
  return { ...bill, order, attempt, capture, paymentId };
}
