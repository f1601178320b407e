/** The thing that a command speaks of, as far as this person may touch it. */
import { fail, ok, type Fault, type Result } from '../../domain/faults.ts';
import { may, type Deed } from '../../domain/policy.ts';
import type { Reads } from '../../ports/store.ts';
import type { Product, Variant } from '../../ports/store/catalog.ts';
import type { Shop, ShopState } from '../../ports/store/people.ts';
import type { Circumstances } from '../deps.ts';

type Who = Pick<Circumstances, 'actor' | 'community'>;

/** A product of this community; others do not exist here. */
export async function productFor(reads: Reads, at: Who, productId: string, deed: Deed): Promise<Result<Product>> {
  const product = await reads.catalog.product(productId);
  if (!product || product.communityId !== at.community.id) return fail('not_found');
  if (!may(at.actor, deed, { communityId: product.communityId, shopId: product.shopId })) return fail('not_allowed');
  return ok(product);
}

/** A product whose seller may still change it. */
export async function productToEdit(reads: Reads, at: Who, productId: string): Promise<Result<Product>> {
  const product = await productFor(reads, at, productId, 'product.edit');
  if (product.ok && product.value.state === 'withdrawn') return fail('product_gone');
  return product;
}

export async function variantToEdit(
  reads: Reads,
  at: Who,
  variantId: string,
): Promise<Result<{ variant: Variant; product: Product }>> {
  const variant = await reads.catalog.variant(variantId);
  if (!variant) return fail('not_found');
  const product = await productToEdit(reads, at, variant.productId);
  return product.ok ? ok({ variant, product: product.value }) : product;
}

export async function shopFor(reads: Reads, at: Who, shopId: string, deed: Deed): Promise<Result<Shop>> {
  const shop = await reads.people.shop(shopId);
  if (!shop || shop.communityId !== at.community.id) return fail('not_found');
  if (!may(at.actor, deed, { communityId: shop.communityId, shopId })) return fail('not_allowed');
  return ok(shop);
}

/** Why this shop may put nothing up for sale now; undefined when it may. */
export function whyShopIsClosed(state: ShopState): Fault['code'] | undefined {
  switch (state) {
    case 'approved':
      return undefined;
    case 'frozen':
      return 'shop_frozen';
    case 'applied':
    case 'rejected':
      return 'shop_not_approved';
    default:
      return state satisfies never;
  }
}
