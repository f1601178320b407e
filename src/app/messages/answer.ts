import { fail, ok } from '../../domain/faults.ts';
import { may } from '../../domain/policy.ts';
import type { Loader } from './loader.ts';
import { visibleProduct } from './rights.ts';

/** For whoever asked, and for the shop. */
export const loadAnswer: Loader<'answer'> = async (reads, at, { questionId }) => {
  const question = await reads.catalog.question(questionId);
  if (!question || question.answer === null) return fail('not_found');
  const found = await visibleProduct(reads, at, question.productId, 'product.ask');
  if (!found.ok) return found;
  const { product, actor } = found.value;
  const ofShop = may(actor, 'question.answer', { communityId: product.communityId, shopId: product.shopId });
  if (question.askerId !== actor.personId && !ofShop) return fail('not_found');
  return ok({ product: { id: product.id, title: product.title }, question: question.text, answer: question.answer });
};
