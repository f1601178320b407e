import { ok } from '../../domain/faults.ts';
import type { Loader } from './loader.ts';
import { shopRef, visibleShop } from './rights.ts';

const QUESTIONS_MAX = 50;

/** What members asked this shop and nobody has answered yet. */
export const loadQuestions: Loader<'questions'> = async (reads, at, { shopId }) => {
  const found = await visibleShop(reads, at, shopId, 'question.answer');
  if (!found.ok) return found;
  const open = await reads.catalog.questions({ shopId, open: true, limit: QUESTIONS_MAX });
  const askers = await reads.people.people([...new Set(open.map((question) => question.askerId))]);
  const questions = [];
  for (const { id, productId, askerId, text, askedAt } of open) {
    const product = await reads.catalog.product(productId);
    if (!product) continue;
    const asker = askers.find((person) => person.id === askerId)?.name ?? '';
    questions.push({ id, product: { id: productId, title: product.title }, asker, text, at: askedAt });
  }
  return ok({ shop: shopRef(found.value.shop), questions });
};
