/** A link to one product: it opens the private chat with the bot, and the product in it. */
import type { Store } from '../../src/ports/store.ts';
import type { Product } from '../../src/ports/store/catalog.ts';

const NAMED = /^p([\w-]{22})$/;
const UUID = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** What stands after `?start=`: 23 characters of A-Z, a-z, 0-9, _ and -, of the 64 that Telegram takes. */
export const productStart = (productId: string): string =>
  `p${Buffer.from(productId.replaceAll('-', ''), 'hex').toString('base64url')}`;

/** The product that such a word names; undefined for every other word. Anybody may type anything there. */
export function productIn(start: string): string | undefined {
  const [, named] = NAMED.exec(start) ?? [];
  if (named === undefined) return undefined;
  const parts = UUID.exec(Buffer.from(named, 'base64url').toString('hex'))?.slice(1);
  return parts?.join('-');
}

export const productUrl = (username: string, productId: string): string =>
  `https://t.me/${username}?start=${productStart(productId)}`;

/** Telegram's own way of passing a link on: it asks to whom. */
export const shareUrl = (url: string): string => `https://t.me/share/url?url=${encodeURIComponent(url)}`;

export const productOf = (store: Store, productId: string): Promise<Product | undefined> =>
  store.read((reads) => reads.catalog.product(productId));
