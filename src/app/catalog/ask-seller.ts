import { productFor } from './catalog-access.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { textField } from './fields.ts';
import { notifyShop } from '../tell.ts';

/** A member asks about a product; everybody who works in the shop is told. */
export const askSeller: UseCase<'ask_seller'> = async (tx, at, { productId, text }) => {
  const found = await productFor(tx, at, productId, 'product.ask');
  if (!found.ok) return found;
  const product = found.value;
  if (product.state === 'withdrawn') return refuse('product_gone');
  const words = textField('text', text, { max: 500, lines: true });
  if (!words.ok) return words;

  const id = at.deps.ids.next();
  const asked = { askerId: at.actor.personId, text: words.value, askedAt: at.now };
  await tx.catalog.insertQuestion({ id, productId, ...asked, answer: null, answeredAt: null });
  const shop = { shopId: product.shopId, communityId: product.communityId };
  await notifyShop(tx, at, shop, { kind: 'question_asked', objectId: id });
  return show({ name: 'notice', kind: 'asked', objectId: productId });
};
