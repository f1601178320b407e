/**
 * A bill for a sum without a product: "80, deposit". Behind it stands a product of its own that is on no card and in no list, so that
 * quote, payment, refund, receipt and books are those of any other order.
 */
import { type Fault, fail, ok, type Result } from '../../domain/faults.ts';
import type { Money } from '../../domain/money.ts';
import type { IntentOf } from '../../ports/intents.ts';
import type { Tx } from '../../ports/store.ts';
import type { Product, Variant } from '../../ports/store/catalog.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Shop } from '../../ports/store/people.ts';
import { audit } from '../audit.ts';
import { shopFor, whyShopIsClosed } from '../catalog/catalog-access.ts';
import { amountsField, textField } from '../catalog/fields.ts';
import { won } from '../commit.ts';
import { type Circumstances, refuse, show, type UseCase } from '../deps.ts';
import { openOnlyInvoice } from '../money/open-invoice.ts';
import { billFacts, channelObjection, isOpenTo } from '../money/ways.ts';
import { note } from '../timeline.ts';
import { drawUp } from './draw-up.ts';
import { refreshOrder } from './order-panels.ts';

/** Nobody keeps stock for it, so it may wait until a person comes to it. */
const OPEN_MS = 7 * 24 * 60 * 60 * 1000;
/** Bills of one shop that wait at one person: more is no selling. */
const OPEN_MAX = 3;

export const billPerson: UseCase<'bill_person'> = async (tx, at, wish) => {
  const shop = await shopFor(tx, at, wish.shopId, 'bill.request');
  if (!shop.ok) return shop;
  const closed = whyShopIsClosed(shop.value.state);
  if (closed) return refuse(closed);
  if (wish.personId === at.actor.personId) return refuse('bill_to_oneself', { field: 'personId' });
  if (!(await tx.people.role(at.community.id, wish.personId))) return refuse('person_unknown', { field: 'personId' });
  const sum = sumOf(wish, at.community.currency);
  if (!sum.ok) return sum;
  const words = textField('text', wish.text, { max: 80 });
  if (!words.ok) return words;
  // Whoever is billed is taken first: their open bills are counted by one commit at a time.
  await tx.people.takePerson(wish.personId);
  if ((await tx.orders.openBillsFrom(wish.shopId, wish.personId)) >= OPEN_MAX)
    return refuse('too_many_bills', { max: OPEN_MAX });

  const goods = goodsOf(at, shop.value, { kind: wish.productKind, title: words.value, price: sum.value });
  const drawn = drawUp(at.deps, [{ ...goods, quantity: 1 }], sum.value.currency);
  if (!drawn.ok) return drawn;
  won(await tx.catalog.insertProduct(goods.product, { digitalText: '' }), `product ${goods.product.id}`);
  won(await tx.catalog.insertVariant(goods.variant), `variant ${goods.variant.id}`);
  const { quote, hash, method } = drawn.value;
  const frozen = { quote, quoteHash: hash, deliveryMethod: method, total: sum.value.amount };
  const order = await putOrder(tx, at, wish, { ...frozen, currency: sum.value.currency, variant: goods.variant });
  const unpayable = await whyUnpayable(tx, at, order);
  if (unpayable) return { ok: false, fault: unpayable };
  await openOnlyInvoice(tx, at, order);
  await refreshOrder(tx, at, order);
  await audit(tx, at, 'bill.request', order.id, { total: order.total, currency: order.currency });
  return show({ name: 'sale', orderId: order.id });
};

/** One amount, in the community's currency unless it names another. */
function sumOf({ amount }: IntentOf<'bill_person'>, currency: string): Result<Money> {
  const amounts = amountsField('amount', amount, currency);
  if (!amounts.ok) return amounts;
  const [sum, ...more] = amounts.value;
  if (!sum) return fail('amount_empty', { field: 'amount' });
  if (more.length > 0) return fail('amount_not_a_number', { field: 'amount' });
  return sum.amount === 0 ? fail('bill_of_nothing', { field: 'amount' }) : ok(sum);
}

type Goods = { readonly product: Product; readonly variant: Variant };

/** Withdrawn from the start: it is sold this once, and nowhere to be seen. */
function goodsOf(
  at: Circumstances,
  shop: Shop,
  what: { readonly kind: 'service' | 'physical'; readonly title: string; readonly price: Money },
): Goods {
  const { deps, now, community } = at;
  const id = deps.ids.next();
  const product: Product = {
    ...{ id, communityId: community.id, shopId: shop.id, kind: what.kind, title: what.title, description: '' },
    ...{
      imageDigest: null,
      imageAlt: '',
      options: [],
      limitPerPerson: null,
      digital: null,
      serviceNote: '',
      quickPay: false,
    },
    holdPolicy: { kind: 'first_paid' },
    delivery: what.kind === 'physical' ? { pickup: true, shipping: [] } : null,
    ...{ state: 'withdrawn', version: 1, createdAt: now },
  };
  const prices = { [what.price.currency]: what.price.amount };
  const stock = { onHand: null, held: 0, sold: 0 };
  return { product, variant: { id: deps.ids.next(), productId: id, position: 0, choices: [], ...stock, prices } };
}

type Frozen = Pick<Order, 'quote' | 'quoteHash' | 'deliveryMethod' | 'total' | 'currency'> & {
  readonly variant: Variant;
};

async function putOrder(
  tx: Tx,
  at: Circumstances,
  { shopId, personId }: IntentOf<'bill_person'>,
  { variant, ...frozen }: Frozen,
): Promise<Order> {
  const { deps, now, community, actor } = at;
  const order: Order = {
    ...frozen,
    id: deps.ids.next(),
    code: deps.ids.humanCode(),
    ...{ communityId: community.id, shopId, buyerId: personId, state: 'pending_payment', listingId: null },
    payToken: deps.ids.token(),
    ...{ version: 1, createdAt: now, placedAt: now, expiresAt: now + OPEN_MS },
    ...{ paidAt: null, fulfilledAt: null, closedAt: null },
  };
  won(await tx.orders.insertOrder(order), `order code ${order.code}`);
  const line = { id: deps.ids.next(), orderId: order.id, position: 0, quantity: 1, refundedQuantity: 0 };
  await tx.orders.insertLine({ ...line, productId: variant.productId, variantId: variant.id, total: order.total });
  const asked = { orderId: order.id, shopId, buyerId: personId, byPersonId: actor.personId, createdAt: now };
  won(await tx.orders.insertBillRequest(asked), `bill request ${order.id}`);
  await note(tx, at, order.id, 'billed', { total: order.total, currency: order.currency });
  return order;
}

/** A bill that could be paid nowhere is not sent: too small for every channel, or in a money that none takes. */
async function whyUnpayable(tx: Tx, at: Circumstances, order: Order): Promise<Fault | undefined> {
  const accounts = await tx.people.merchantAccounts(order.shopId);
  const bill = await billFacts(tx, at.deps.channels, order);
  const faults: Fault[] = [];
  for (const channel of at.deps.channels.values()) {
    if (!isOpenTo(accounts, channel)) continue;
    const objection = channelObjection(channel, bill);
    if (!objection) return undefined;
    faults.push(objection);
  }
  return faults.find((one) => one.code === 'amount_below_minimum') ?? { code: 'channel_unavailable' };
}
