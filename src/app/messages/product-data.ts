/** A product as cards and panels show it. */
import { money, type Money } from '../../domain/money.ts';
import { digitalCurrencyOf } from '../../domain/platform-rules.ts';
import { available, type DeliveryOffer } from '../../domain/product.ts';
import type { ProductData, VariantData } from '../../ports/shown.ts';
import type { Reads } from '../../ports/store.ts';
import type { Product, Variant } from '../../ports/store/catalog.ts';
import type { Community, Shop } from '../../ports/store/people.ts';

/** `currency` is the viewer's own; a price of the seller in it comes first, before the community's. Null for a whole chat. */
type Audience = {
  readonly community: Community;
  readonly currency: string | null;
  /** Where it is shown: a platform that takes one money for digital goods shows that price first. */
  readonly platform?: string | undefined;
};

/** Undefined when the product's shop is gone. */
export async function productData(reads: Reads, product: Product, to: Audience): Promise<ProductData | undefined> {
  const shop = await reads.people.shop(product.shopId);
  if (!shop) return undefined;
  const variants = await reads.catalog.variants(product.id);
  return drawProduct(product, shop, variants, to);
}

/** Many at once, in their order; all of the audience's community. */
export async function productsData(reads: Reads, products: readonly Product[], to: Audience): Promise<ProductData[]> {
  if (products.length === 0) return [];
  const shops = new Map((await reads.people.shops(to.community.id)).map((shop) => [shop.id, shop]));
  const rows = await reads.catalog.variantsOf(products.map((product) => product.id));
  const variants = Map.groupBy(rows, (row) => row.productId);
  return products.flatMap((product) => {
    const shop = shops.get(product.shopId);
    return shop ? [drawProduct(product, shop, variants.get(product.id) ?? [], to)] : [];
  });
}

function drawProduct(product: Product, shop: Shop, rows: readonly Variant[], to: Audience): ProductData {
  const demanded = product.kind === 'digital' ? digitalCurrencyOf(to.platform) : undefined;
  const order = [demanded ?? null, to.currency, to.community.currency].filter((currency) => currency !== null);
  const variants = rows.map((row) => variantData(row, order));
  const { id, kind, title, description, options, state, holdPolicy, limitPerPerson } = product;
  const some = variants.some((variant) => variant.available === null || variant.available > 0);
  const open = state === 'on_sale' && shop.state === 'approved' && !to.community.frozen;
  return {
    ...{ id, kind, title, description, options, state, holdPolicy, limitPerPerson },
    image: product.imageDigest === null ? null : { digest: product.imageDigest, alt: product.imageAlt },
    variants,
    shop: { id: shop.id, title: shop.name, state: shop.state },
    pickup: product.delivery?.pickup ?? false,
    pickupNote: product.delivery?.pickupNote ?? '',
    shipping: shippingData(product.delivery, order),
    buyable: open && some && variants.some((variant) => variant.price !== null),
    soldOut: !some,
    testMoney: to.community.testMoney,
  };
}

function variantData(row: Variant, order: readonly string[]): VariantData {
  const { id, choices, held, sold } = row;
  const prices = Object.entries(row.prices).map(([currency, amount]) => money(amount, currency));
  const sorted = prices.toSorted(
    (a, b) => rank(a.currency, order) - rank(b.currency, order) || (a.currency < b.currency ? -1 : 1),
  );
  return { id, choices, price: sorted[0] ?? null, prices: sorted, available: available(row) ?? null, held, sold };
}

/** The fee in the first currency that has one. */
function shippingData(delivery: DeliveryOffer | null, order: readonly string[]): ProductData['shipping'] {
  const [first] = (delivery?.shipping ?? []).toSorted(
    (a, b) => rank(a.fee.currency, order) - rank(b.fee.currency, order),
  );
  return first ? { fee: first.fee, freeFrom: first.freeFrom ?? null } : null;
}

function rank(currency: string, order: readonly string[]): number {
  const index = order.indexOf(currency);
  return index === -1 ? order.length : index;
}

/** The lowest of the variants' prices: what a product costs "from". Prices in other currencies than the first are left out. */
export function lowestPrice(product: ProductData): Money | null {
  const prices = product.variants.flatMap((variant) => variant.price ?? []);
  const [first] = prices;
  if (!first) return null;
  const alike = prices.filter((price) => price.currency === first.currency);
  return alike.reduce((lowest, price) => (price.amount < lowest.amount ? price : lowest), first);
}
