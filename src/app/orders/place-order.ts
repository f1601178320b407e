/** The moment a bill is made: everything is checked once more, stock is kept, the quote frozen. Shared by Buy and the basket. */
import { type Fault, fail, ok, type Result } from '../../domain/faults.ts';
import { OPEN_HOLDS_MAX } from '../../domain/hold.ts';
import { available, orderMinutes } from '../../domain/product.ts';
import type { DeliveryMethod } from '../../domain/pricing/quote-shape.ts';
import type { Tx } from '../../ports/store.ts';
import type { Product } from '../../ports/store/catalog.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import { won } from '../commit.ts';
import type { Circumstances } from '../deps.ts';
import { billCurrency, platformOf } from './bill-currency.ts';
import { type Chosen, drawUp } from './draw-up.ts';
import { openOnlyInvoice } from '../money/open-invoice.ts';
import { payIfFree } from './pay-free.ts';
import { refreshOrder } from './order-panels.ts';
import { holdFor, holdRest, refreshCardsOf } from './stock.ts';
import { note } from '../timeline.ts';

const MINUTE_MS = 60_000;

/** Why this person cannot buy this now; undefined when they can. Reads only. */
async function objection(tx: Tx, at: Circumstances, chosen: readonly Chosen[]): Promise<Fault | undefined> {
  if ((await tx.orders.openOrderCount(at.actor.personId)) >= OPEN_HOLDS_MAX) {
    return fail('too_many_open_orders', { max: OPEN_HOLDS_MAX }).fault;
  }
  for (const { product, variant, quantity } of chosen) {
    const unfit = await unfitToSell(tx, product);
    if (unfit) return unfit;
    const left = available(variant);
    if (left === 0) return fail('sold_out', { title: product.title }).fault;
    if (left !== undefined && left < quantity) return fail('stock_short', { title: product.title, left }).fault;
    if (product.limitPerPerson === null) continue;
    const wanted = chosen.reduce((units, one) => (one.product.id === product.id ? units + one.quantity : units), 0);
    const had = await tx.catalog.unitsOf(at.actor.personId, product.id);
    if (had + wanted > product.limitPerPerson) {
      return fail('limit_per_person', {
        title: product.title,
        max: product.limitPerPerson,
        left: Math.max(0, product.limitPerPerson - had),
      }).fault;
    }
  }
  return undefined;
}

async function unfitToSell(tx: Tx, product: Product): Promise<Fault | undefined> {
  if (product.state === 'paused') return fail('product_paused', { title: product.title }).fault;
  if (product.state === 'frozen') return fail('product_frozen', { title: product.title }).fault;
  if (product.state !== 'on_sale') return fail('product_gone', { title: product.title }).fault;
  const shop = await tx.people.shop(product.shopId);
  if (shop?.state === 'frozen') return fail('shop_frozen', { shop: shop.name }).fault;
  return shop?.state === 'approved' ? undefined : fail('shop_not_approved').fault;
}

/** The invoice on a card has fixed how its order is billed; the goods are kept for so long, whatever their product says. */
type AtCard = { readonly currency: string; readonly method: DeliveryMethod; readonly minutes: number };

/** What `placeOrder` starts from: a draft that stands already (a basket), or a new order of one card. */
export type Origin =
  | { readonly basket: Order; readonly lines: readonly OrderLine[] }
  | { readonly listingId: string; readonly card?: AtCard };

/** Ends with the order `pending_payment` (or paid, when it costs nothing and lacks nothing), or with a refusal and nothing written. */
export async function placeOrder(
  tx: Tx,
  at: Circumstances,
  chosen: readonly Chosen[],
  origin: Origin,
): Promise<Result<Order>> {
  const refused = await objection(tx, at, chosen);
  if (refused) return { ok: false, fault: refused };
  const preferred = (await tx.people.preferences(at.actor.personId)) ?? null;
  const where = await platformOf(tx, { personId: at.actor.personId, chatId: at.chatId });
  const card = 'card' in origin ? origin.card : undefined;
  const priced = card ? ok(card.currency) : billCurrency(chosen, at.community, preferred, where);
  if (!priced.ok) return priced;
  const currency = priced.value;
  const wanted = 'basket' in origin ? origin.basket.deliveryMethod : (card?.method ?? null);
  const drawn = drawUp(at.deps, chosen, currency, wanted);
  if (!drawn.ok) return drawn;

  const order = await putOrder(tx, at, chosen, origin, drawn.value);
  if (!order) return fail('order_not_open');
  const lines = await putLines(tx, at, order, origin, drawn.value.quote.lines);
  const address = drawn.value.offers.includes('ship') ? await tx.people.address(order.buyerId) : undefined;
  if (address) await tx.orders.putDeliveryAddress(order.id, order.buyerId, address);
  await note(tx, at, order.id, 'placed', { total: order.total, currency });
  const products = new Map(chosen.map(({ product }) => [product.id, product]));
  const short = card ? await holdRest(tx, at, order, lines) : await holdFor(tx, at, order, lines, products);
  // The check above read enough; an earlier command of the same instant took it. The work is done again with what is left.
  won(short === undefined, `stock of ${short?.variantId ?? ''}`);
  await refreshCardsOf(tx, at, lines);
  if (order.total === 0) await payIfFree(tx, at, order.id);
  else if (!card) await openOnlyInvoice(tx, at, order);
  await refreshOrder(tx, at, order);
  return ok(order);
}

type Drawn = {
  readonly quote: Order['quote'] & object;
  readonly hash: string;
  readonly method: Order['deliveryMethod'];
};

async function putOrder(
  tx: Tx,
  at: Circumstances,
  chosen: readonly Chosen[],
  origin: Origin,
  drawn: Drawn,
): Promise<Order | undefined> {
  const usual = Math.min(...chosen.map(({ product }) => orderMinutes(product.holdPolicy)));
  const minutes = 'card' in origin && origin.card ? origin.card.minutes : usual;
  const frozen = {
    currency: drawn.quote.currency,
    total: drawn.quote.due,
    quote: drawn.quote,
    quoteHash: drawn.hash,
    deliveryMethod: drawn.method,
    expiresAt: at.now + minutes * MINUTE_MS,
    placedAt: at.now,
  };
  if ('basket' in origin) {
    const { basket } = origin;
    const moved = await tx.orders.moveOrder(basket, 'pending_payment', frozen);
    return moved ? { ...basket, ...frozen, state: 'pending_payment', version: basket.version + 1 } : undefined;
  }
  const [first] = chosen;
  if (!first) return undefined;
  const order: Order = {
    ...frozen,
    id: at.deps.ids.next(),
    code: at.deps.ids.humanCode(),
    communityId: at.community.id,
    shopId: first.product.shopId,
    buyerId: at.actor.personId,
    state: 'pending_payment',
    listingId: origin.listingId,
    payToken: at.deps.ids.token(),
    version: 1,
    createdAt: at.now,
    paidAt: null,
    fulfilledAt: null,
    closedAt: null,
  };
  won(await tx.orders.insertOrder(order), `order code ${order.code}`);
  return order;
}

async function putLines(
  tx: Tx,
  at: Circumstances,
  order: Order,
  origin: Origin,
  quoted: NonNullable<Order['quote']>['lines'],
): Promise<OrderLine[]> {
  const standing = 'basket' in origin ? origin.lines : [];
  const lines = quoted.map((line, position): OrderLine => {
    const known = standing.find((one) => one.variantId === line.variantId);
    return {
      id: known?.id ?? at.deps.ids.next(),
      orderId: order.id,
      position,
      productId: line.productId,
      variantId: line.variantId,
      quantity: line.quantity,
      total: line.total,
      refundedQuantity: 0,
    };
  });
  for (const line of lines) {
    if (standing.some((one) => one.id === line.id)) await tx.orders.setLineTotal(line.id, line.total);
    else await tx.orders.insertLine(line);
  }
  return lines;
}
