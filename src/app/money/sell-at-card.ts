/**
 * Somebody is about to pay the invoice on a card. Only now is there a buyer: the order, its hold and its attempt are made, durable
 * before the platform hears yes. Whatever speaks against it is said before any money moves, and leaves nothing behind.
 */
import { fail, ok, type Fault, type Result } from '../../domain/faults.ts';
import { type CardInvoiceName } from '../../domain/invoice-payload.ts';
import type { PreCheckout } from '../../ports/core.ts';
import type { Reads, Tx } from '../../ports/store.ts';
import type { CardInvoice } from '../../ports/store/cards.ts';
import type { Listing, Product, Variant } from '../../ports/store/catalog.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Chat, Community } from '../../ports/store/people.ts';
import { commit, won } from '../commit.ts';
import type { Circumstances, Deps } from '../deps.ts';
import { placeOrder } from '../orders/place-order.ts';
import { cardTerms, fits } from './card-terms.ts';
import { meetPayer } from './meet-payer.ts';
import { startAttempt } from './start-attempt.ts';

/** As long as a bill of a product that keeps stock on checkout, whatever the product says: the payment is under way. */
const CARD_MINUTES = 15;

type AtCard = {
  readonly invoice: CardInvoice;
  readonly listing: Listing;
  readonly product: Product;
  readonly variant: Variant;
  readonly chat: Chat;
  readonly community: Community;
};

export async function sellAtCard(
  deps: Deps,
  request: PreCheckout,
  name: CardInvoiceName,
  platform: string,
): Promise<Result<null>> {
  return commit(deps, null, async (tx) => {
    const found = await cardOf(tx, name, request);
    if (!found) return fail('invoice_unknown');
    const refused = await objection(tx, deps, found, { ...request, platform });
    if (refused) return { ok: false, fault: refused };
    return sell(tx, await circumstances(tx, deps, found, { platform, payer: request.payer }), found);
  });
}

async function cardOf(
  reads: Reads,
  { invoiceId, shopId }: CardInvoiceName,
  { channel }: PreCheckout,
): Promise<AtCard | undefined> {
  const invoice = await reads.cards.cardInvoice(invoiceId);
  const listing = invoice && (await reads.catalog.listing(invoice.listingId));
  const variant = invoice && (await reads.catalog.variant(invoice.variantId));
  const product = variant && (await reads.catalog.product(variant.productId));
  const chat = listing && (await reads.people.chat(listing.chatId));
  const community = product && (await reads.people.community(product.communityId));
  if (!invoice || !listing || !variant || !product || !chat || !community) return undefined;
  if (invoice.channel !== channel || product.shopId !== shopId) return undefined;
  return { invoice, listing, product, variant, chat, community };
}

/** The payer becomes a member before anything is bought. */
async function circumstances(
  tx: Tx,
  deps: Deps,
  { community, chat }: AtCard,
  { platform, payer }: Pick<Asked, 'platform' | 'payer'>,
): Promise<Circumstances> {
  const now = deps.clock.now();
  const personId = await meetPayer(tx, { deps, now }, { platform, payer, communityId: community.id });
  const role = (await tx.people.role(community.id, personId)) ?? 'member';
  const shops = await tx.people.shopRoles(community.id, personId);
  const actor = { personId, communityId: community.id, role, shops };
  return { deps, now, actor, community, chatId: chat.id };
}

type Asked = PreCheckout & { readonly platform: string };

async function sell(tx: Tx, at: Circumstances, found: AtCard): Promise<Result<null>> {
  const { invoice } = found;
  await tx.people.takePerson(at.actor.personId);
  const channel = at.deps.channels.get(invoice.channel);
  if (!channel) return fail('channel_unavailable', { channel: invoice.channel });

  const standing = await openOrderAt(tx, at, found);
  if (standing && (await isAtWork(tx, at, standing, invoice.channel)))
    return fail('payment_in_progress', { code: standing.code });
  const placed = standing ? ok(standing) : await place(tx, at, found);
  if (!placed.ok) return placed;
  const accounts = await tx.people.merchantAccounts(found.product.shopId);
  const started = await startAttempt(tx, at, placed.value, { channel, accounts });
  if (!started.ok && standing) return started;
  // Its order is written already, and only a throw takes that back.
  if (!started.ok) throw new Error(`the card invoice ${invoice.id} could not be sold: ${started.fault.code}`);
  const attempt = started.value;
  if (attempt.state === 'submitted') {
    const { link } = invoice;
    const opened = { channelRef: link, nextAction: { kind: 'invoice', link } } as const;
    won(await tx.payments.moveAttempt(attempt.id, 'submitted', 'requires_action', opened), `attempt ${attempt.id}`);
  }
  await tx.cards.putCardSale({ attemptId: attempt.id, cardInvoiceId: invoice.id, personId: at.actor.personId });
  return ok(null);
}

/** An old price, another amount, or terms that hold no longer. */
async function objection(
  reads: Reads,
  deps: Deps,
  { invoice, product, variant, community }: AtCard,
  { amount, currency, platform }: Asked,
): Promise<Fault | undefined> {
  if (community.frozen) return fail('shop_frozen', { shop: community.name }).fault;
  if (invoice.state === 'closed' || amount !== invoice.amount || currency !== invoice.currency)
    return fail('price_changed').fault;
  const terms = await cardTerms(reads, deps, { product, variant, community, platform });
  return fits(invoice, terms) ? undefined : fail('price_changed').fault;
}

/** The same person's open bill for this very thing, however it was made: nobody owes the same twice. */
async function openOrderAt(tx: Tx, at: Circumstances, { invoice, listing }: AtCard): Promise<Order | undefined> {
  const open = await tx.orders.openOrderFor(at.actor.personId, listing.id);
  if (!open || (open.expiresAt !== null && open.expiresAt <= at.now)) return undefined;
  const [line, ...more] = await tx.orders.lines(open.id);
  const same =
    more.length === 0 &&
    line?.variantId === invoice.variantId &&
    line.quantity === 1 &&
    open.total === invoice.amount &&
    open.currency === invoice.currency &&
    open.deliveryMethod === invoice.method;
  return same ? open : undefined;
}

/** Another way of paying this bill may bring money at any moment. */
async function isAtWork(tx: Tx, at: Circumstances, order: Order, channel: string): Promise<boolean> {
  return (await tx.payments.attempts(order.id)).some(
    (one) =>
      one.channel !== channel &&
      (one.state === 'pending' || one.state === 'unknown') &&
      at.deps.channels.get(one.channel)?.capabilities.canBeAsked === true,
  );
}

function place(tx: Tx, at: Circumstances, found: AtCard): Promise<Result<Order>> {
  const { product, variant, invoice, listing } = found;
  const { currency, method } = invoice;
  const card = { currency, method, minutes: CARD_MINUTES };
  return placeOrder(tx, at, [{ product, variant, quantity: 1 }], { listingId: listing.id, card });
}
