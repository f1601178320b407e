/** The invoices on a product's cards follow its price: a new price is a new invoice, and the old one is closed. */
import { cardPayload } from '../../domain/invoice-payload.ts';
import { money } from '../../domain/money.ts';
import type { Reads } from '../../ports/store.ts';
import type { CardInvoice } from '../../ports/store/cards.ts';
import type { Listing, Product, Variant } from '../../ports/store/catalog.ts';
import type { MerchantAccount } from '../../ports/store/people.ts';
import { commit } from '../commit.ts';
import { accountFor } from '../community/open-shop.ts';
import type { Deps } from '../deps.ts';
import { refreshCards, send } from '../tell.ts';
import { CARD_VARIANTS_MAX, type CardTerms, cardTerms, fits } from './card-terms.ts';

/** Links asked for in one go; the rest is work of its own. */
const LINKS_MAX = 12;

type Place = { readonly listing: Listing; readonly variant: Variant };
type Wanted = Place & { readonly terms: CardTerms };
type Plan = {
  readonly product: Product;
  /** Whom it pays, in the words of the invoice. */
  readonly payee: string;
  readonly over: readonly CardInvoice[];
  readonly wanted: readonly Wanted[];
};

/** The outbox's work. Repeated, it finds nothing left to do. Throws when the channel is in trouble. */
export async function renewCardInvoices(deps: Deps, productId: string): Promise<void> {
  const plan = await deps.store.read((reads) => planOf(deps, reads, productId));
  if (!plan || (plan.over.length === 0 && plan.wanted.length === 0)) return;
  await commit(deps, null, async (tx) => {
    for (const invoice of plan.over) await tx.cards.closeCardInvoice(invoice.id);
    return null;
  });
  const accounts = new Map<string, MerchantAccount>();
  for (const wanted of plan.wanted.slice(0, LINKS_MAX)) {
    const { channel } = wanted.terms;
    const account = accounts.get(channel.code) ?? (await accountAt(deps, plan.product, wanted.terms));
    accounts.set(channel.code, account);
    await makeOne(deps, plan, wanted, account);
  }
  await commit(deps, null, async (tx) => {
    const at = { deps, now: deps.clock.now() };
    await refreshCards(tx, at, productId);
    if (plan.wanted.length > LINKS_MAX) {
      await send(tx, at, `invoices:${productId}`, { name: 'card.invoices', productId }, 'card.invoices');
    }
    return null;
  });
}

async function planOf(deps: Deps, reads: Reads, productId: string): Promise<Plan | undefined> {
  const product = await reads.catalog.product(productId);
  const community = product && (await reads.people.community(product.communityId));
  const shop = product && (await reads.people.shop(product.shopId));
  if (!product || !community || !shop) return undefined;
  const variants = await reads.catalog.variants(productId);
  const over: CardInvoice[] = [];
  const wanted: Wanted[] = [];
  for (const listing of await reads.catalog.listings(productId)) {
    const standing = await reads.cards.openCardInvoices(listing.id);
    const platform = (await reads.people.chat(listing.chatId))?.platform;
    const isShown = listing.state === 'live' && variants.length <= CARD_VARIANTS_MAX && product.state !== 'withdrawn';
    for (const variant of variants) {
      const known = standing.find((one) => one.variantId === variant.id);
      const terms =
        isShown && platform !== undefined
          ? await cardTerms(reads, deps, { product, variant, community, platform })
          : undefined;
      if (known && fits(known, terms)) continue;
      if (known) over.push(known);
      if (terms) wanted.push({ listing, variant, terms });
    }
  }
  return { product, payee: `${shop.name} · ${community.name}`, over, wanted };
}

async function accountAt(deps: Deps, product: Product, { channel }: CardTerms): Promise<MerchantAccount> {
  return commit(deps, null, async (tx) => {
    const account = await accountFor(tx, { deps, now: deps.clock.now() }, product.shopId, channel);
    if (!account) throw new Error(`shop ${product.shopId} has no account at ${channel.code}`);
    return account;
  });
}

async function makeOne(deps: Deps, plan: Plan, { listing, variant, terms }: Wanted, account: MerchantAccount) {
  const { channel, currency, amount, method } = terms;
  const id = deps.ids.next();
  const link = await channel.createCardInvoice?.({
    account,
    payload: cardPayload({ invoiceId: id, shopId: plan.product.shopId }),
    amount: money(amount, currency),
    title: [plan.product.title, ...variant.choices].join(' · '),
    payee: plan.payee,
  });
  if (link === undefined) return;
  const of = { listingId: listing.id, variantId: variant.id, channel: channel.code, merchantAccountId: account.id };
  await commit(deps, null, async (tx) => {
    // Another worker may have been faster: of two links nobody has seen, one is shown.
    await tx.cards.insertCardInvoice({
      ...{ id, ...of, currency, amount, method, link },
      state: 'open',
      createdAt: deps.clock.now(),
    });
    return null;
  });
}
