/** What an invoice on a card asks for: one piece, everything in it, at the channel of the chat's own platform. */
import { digitalCurrencyOf } from '../../domain/platform-rules.ts';
import type { ProductKind } from '../../domain/product.ts';
import type { DeliveryMethod } from '../../domain/pricing/quote-shape.ts';
import type { PaymentChannel } from '../../ports/payment-channel.ts';
import type { Reads } from '../../ports/store.ts';
import type { CardInvoice } from '../../ports/store/cards.ts';
import type { Product, Variant } from '../../ports/store/catalog.ts';
import type { Community } from '../../ports/store/people.ts';
import type { Circumstances, Deps } from '../deps.ts';
import { drawUp, offersOf } from '../orders/draw-up.ts';
import { collectsFor } from './collecting.ts';
import { channelObjection, isOpenTo, takes } from './ways.ts';

/** A card with more choices than this leads to the choice itself. */
export const CARD_VARIANTS_MAX = 8;

export type CardTerms = {
  readonly channel: PaymentChannel;
  readonly currency: string;
  readonly amount: number;
  readonly method: DeliveryMethod;
};

type Shown = {
  readonly product: Product;
  readonly variant: Variant;
  readonly community: Pick<Community, 'currency'>;
  /** Where the card stands. */
  readonly platform: string;
};

/** Undefined where it cannot be paid from the card: nothing asks for an address there, and nothing is chosen. */
export async function cardTerms(
  reads: Reads,
  deps: Pick<Deps, 'channels' | 'vault'>,
  { product, variant, community, platform }: Shown,
): Promise<CardTerms | undefined> {
  if (!product.quickPay) return undefined;
  const demanded = product.kind === 'digital' ? digitalCurrencyOf(platform) : undefined;
  const currency = demanded ?? community.currency;
  const chosen = [{ product, variant, quantity: 1 }];
  const [method, ...others] = offersOf(chosen, currency);
  if (method === undefined || method === 'ship' || others.length > 0) return undefined;
  const drawn = drawUp(deps, chosen, currency, method);
  if (!drawn.ok || drawn.value.quote.due === 0) return undefined;
  const total = drawn.value.quote.due;
  const marketCollects = await collectsFor(reads, deps.channels, product.shopId);
  const bill = { currency, total, kinds: new Set([product.kind]), platforms: [platform], marketCollects };
  const accounts = await reads.people.merchantAccounts(product.shopId);
  const channel = [...deps.channels.values()].find(
    (one) =>
      one.capabilities.nativeInvoice === platform &&
      isOpenTo(accounts, one) &&
      channelObjection(one, bill) === undefined,
  );
  return channel && { channel, currency, amount: total, method };
}

/** Whether a card of such goods could carry an invoice in some chat of this community. */
export async function offersCardInvoices(
  reads: Reads,
  { deps, community }: Pick<Circumstances, 'deps' | 'community'>,
  kind: ProductKind,
): Promise<boolean> {
  const platforms = new Set((await reads.people.chats(community.id)).map((chat) => chat.platform));
  return [...deps.channels.values()].some(
    (one) => platforms.has(one.capabilities.nativeInvoice ?? '') && takes(one.capabilities, new Set([kind])),
  );
}

/** Whether an invoice still asks for what the card says. */
export const fits = (invoice: CardInvoice, terms: CardTerms | undefined): boolean =>
  terms !== undefined &&
  invoice.state === 'open' &&
  invoice.channel === terms.channel.code &&
  invoice.currency === terms.currency &&
  invoice.amount === terms.amount &&
  invoice.method === terms.method;
