/** What a posted product consists of: its rows, and a card in each of its chats. */
import { combinations, type ProductKind } from '../../domain/product.ts';
import type { Tx } from '../../ports/store.ts';
import type { Circumstances } from '../deps.ts';
import type { ProductFacts } from './product-form.ts';
import { send } from '../tell.ts';

type When = Pick<Circumstances, 'deps' | 'now'>;

export type NewProduct = {
  readonly communityId: string;
  readonly shopId: string;
  readonly kind: ProductKind;
  readonly facts: ProductFacts;
  readonly chatIds: readonly string[];
};

/** Writes the product, on sale at once; answers its id. */
export async function addProduct(tx: Tx, at: When, made: NewProduct): Promise<string> {
  const { communityId, shopId, kind, facts } = made;
  const id = at.deps.ids.next();
  const {
    title,
    description,
    imageDigest,
    imageAlt,
    options,
    holdPolicy,
    limitPerPerson,
    quickPay,
    delivery,
    digital,
  } = facts;
  const words = { title, description, imageDigest, imageAlt, serviceNote: facts.serviceNote };
  const rules = { options, holdPolicy, limitPerPerson, quickPay, delivery, digital };
  const row = {
    id,
    communityId,
    shopId,
    kind,
    ...words,
    ...rules,
    state: 'on_sale',
    version: 1,
    createdAt: at.now,
  } as const;
  await tx.catalog.insertProduct(row, { digitalText: facts.digitalText });
  for (const [position, choices] of combinations(options).entries()) {
    const stock = { onHand: facts.stock, held: 0, sold: 0 };
    const variant = { id: at.deps.ids.next(), productId: id, position, choices, ...stock, prices: facts.prices };
    await tx.catalog.insertVariant(variant);
  }
  if (facts.codes.length > 0) await tx.catalog.addCodes(id, facts.codes, at.now);
  for (const chatId of made.chatIds) await postCard(tx, at, { productId: id, chatId });
  return id;
}

/** A card of the product in one chat: posted by the outbox. False when the chat has one already. */
export async function postCard(tx: Tx, at: When, card: { productId: string; chatId: string }): Promise<boolean> {
  const id = at.deps.ids.next();
  const listed = await tx.catalog.insertListing({ id, ...card, state: 'posting', messageRef: null, createdAt: at.now });
  if (listed) await send(tx, at, `listing:${id}`, { name: 'listing.post', listingId: id });
  return listed;
}
