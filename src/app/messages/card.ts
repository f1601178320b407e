import { fail, ok } from '../../domain/faults.ts';
import { money } from '../../domain/money.ts';
import { available } from '../../domain/product.ts';
import type { MessageData } from '../../ports/messages.ts';
import type { Reads } from '../../ports/store.ts';
import type { Product } from '../../ports/store/catalog.ts';
import { cardTerms, fits } from '../money/card-terms.ts';
import type { LoadContext, Loader } from './loader.ts';
import { productData } from './product-data.ts';

/** Drawn for everybody in the chat: no viewer, no viewer's currency. */
export const loadCard: Loader<'card'> = async (reads, at, { listingId }) => {
  const listing = await reads.catalog.listing(listingId);
  const product = listing && (await reads.catalog.product(listing.productId));
  if (!product || product.communityId !== at.community.id) return fail('not_found');
  const platform = (await reads.people.chat(listing.chatId))?.platform;
  const data = await productData(reads, product, { community: at.community, currency: null, platform });
  if (!data) return fail('not_found');
  const payable = product.quickPay && data.buyable && platform !== undefined;
  const invoices = payable ? await invoicesOf(reads, at, { listingId, product, platform }) : [];
  const claimed = platform !== undefined && (await reads.platforms.isClaimed(platform, product.id));
  return ok({ listingId, product: data, invoices, claimed });
};

type Shown = { readonly listingId: string; readonly product: Product; readonly platform: string };

/** Those that still ask for what the card says, of variants that can be had. */
async function invoicesOf(
  reads: Reads,
  { deps, community }: LoadContext,
  { listingId, product, platform }: Shown,
): Promise<MessageData['card']['invoices']> {
  const standing = await reads.cards.openCardInvoices(listingId);
  if (standing.length === 0) return [];
  const shown: MessageData['card']['invoices'][number][] = [];
  for (const variant of await reads.catalog.variants(product.id)) {
    const invoice = standing.find((one) => one.variantId === variant.id);
    if (!invoice || available(variant) === 0) continue;
    if (!fits(invoice, await cardTerms(reads, deps, { product, variant, community, platform }))) continue;
    shown.push({ choices: variant.choices, price: money(invoice.amount, invoice.currency), url: invoice.link });
  }
  return shown;
}
