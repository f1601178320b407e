/** What a viewer may see of a shop and its products; what they may not see does not exist for them. */
import { fail, ok, type Result } from '../../domain/faults.ts';
import { may, type Actor, type Deed } from '../../domain/policy.ts';
import type { Ref, ShopData } from '../../ports/shown.ts';
import type { Reads } from '../../ports/store.ts';
import type { Product } from '../../ports/store/catalog.ts';
import type { Shop } from '../../ports/store/people.ts';
import type { LoadContext } from './loader.ts';

const hidden = fail('not_found');

export async function visibleProduct(
  reads: Reads,
  at: LoadContext,
  productId: string,
  deed: Deed,
): Promise<Result<{ product: Product; actor: Actor }>> {
  const product = await reads.catalog.product(productId);
  const { actor } = at;
  if (!product || !actor || product.communityId !== at.community.id) return hidden;
  return may(actor, deed, { communityId: product.communityId, shopId: product.shopId })
    ? ok({ product, actor })
    : hidden;
}

export async function visibleShop(
  reads: Reads,
  at: LoadContext,
  shopId: string,
  deed: Deed,
): Promise<Result<{ shop: Shop; actor: Actor }>> {
  const shop = await reads.people.shop(shopId);
  const { actor } = at;
  if (!shop || !actor || shop.communityId !== at.community.id) return hidden;
  return may(actor, deed, { communityId: shop.communityId, shopId }) ? ok({ shop, actor }) : hidden;
}

export function allowedActor(at: LoadContext, deed: Deed): Result<Actor> {
  const { actor } = at;
  return actor && may(actor, deed, { communityId: at.community.id }) ? ok(actor) : hidden;
}

export const shopRef = (shop: Shop): Ref => ({ id: shop.id, title: shop.name });

/** Null for whoever does not work there. */
export function shopData(shop: Shop, actor: Actor): ShopData | null {
  const role = actor.shops[shop.id];
  return role === undefined ? null : { ...shopRef(shop), state: shop.state, role };
}
