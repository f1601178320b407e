import { fail, ok, type Result } from '../../domain/faults.ts';
import type { Reads } from '../../ports/store.ts';
import { addProduct } from './add-product.ts';
import { audit } from '../audit.ts';
import { hintAtCards } from './cards-hint.ts';
import { chargeObjection } from './chargeable-price.ts';
import { shopFor, whyShopIsClosed } from './catalog-access.ts';
import { refuse, show, type Circumstances, type UseCase } from '../deps.ts';
import { platformPriceObjection } from './platform-price.ts';
import { parseProductForm } from './product-form.ts';

const CHATS_MAX = 20;

/** A seller puts a product up for sale: one card in each chosen chat. */
export const postProduct: UseCase<'post_product'> = async (tx, at, { shopId, chatIds, productKind, form }) => {
  const shop = await shopFor(tx, at, shopId, 'product.post');
  if (!shop.ok) return shop;
  const closed = whyShopIsClosed(shop.value.state);
  if (closed) return refuse(closed);
  const chats = await chosenChats(tx, at, chatIds);
  if (!chats.ok) return chats;
  const facts = parseProductForm(productKind, form, at.community.currency);
  if (!facts.ok) return facts;
  const { title, prices } = facts.value;
  const unpriced = await platformPriceObjection(
    tx,
    at.deps,
    { shopId, kind: productKind, title, prices: [prices] },
    chats.value,
  );
  if (unpriced) return { ok: false, fault: unpriced };
  const { delivery } = facts.value;
  const uncharged = await chargeObjection(tx, at, { shopId, kind: productKind, prices, delivery });
  if (uncharged) return { ok: false, fault: uncharged };
  const { imageDigest } = facts.value;
  if (imageDigest !== null && !(await tx.catalog.image(imageDigest))) {
    return refuse('input_invalid', { field: 'imageDigest' });
  }

  const communityId = at.community.id;
  const made = { communityId, shopId, kind: productKind, facts: facts.value, chatIds: chats.value };
  const productId = await addProduct(tx, at, made);
  await hintAtCards(tx, at, { productId, shopId, kind: productKind, prices, chatIds: chats.value });
  await audit(tx, at, 'product.post', productId, { chats: chats.value.length });
  return show({ name: 'notice', kind: 'posted', objectId: productId });
};

async function chosenChats(reads: Reads, at: Circumstances, chatIds: readonly string[]): Promise<Result<string[]>> {
  const chosen = [...new Set(chatIds)];
  if (chosen.length === 0 || chosen.length > CHATS_MAX) return fail('input_invalid', { field: 'chatIds' });
  const known = new Set((await reads.people.chats(at.community.id)).map((chat) => chat.id));
  return chosen.every((id) => known.has(id)) ? ok(chosen) : fail('not_found');
}
