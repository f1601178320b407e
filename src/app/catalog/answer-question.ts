import { audit } from '../audit.ts';
import { productFor } from './catalog-access.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { textField } from './fields.ts';
import { send } from '../tell.ts';

/** Somebody of the shop answers, in private. A question has one answer: who comes second sees what is still open. */
export const answerQuestion: UseCase<'answer_question'> = async (tx, at, { questionId, text }) => {
  const question = await tx.catalog.question(questionId);
  if (!question) return refuse('not_found');
  const product = await productFor(tx, at, question.productId, 'question.answer');
  if (!product.ok) return product;
  const words = textField('text', text, { max: 1000, lines: true });
  if (!words.ok) return words;

  if (await tx.catalog.answerQuestion(questionId, words.value, at.now)) {
    const to = { personId: question.askerId, communityId: at.community.id };
    const message = { name: 'answer', questionId } as const;
    await send(tx, at, `notices:${question.askerId}`, { name: 'notice', ...to, message });
    await audit(tx, at, 'question.answer', questionId);
  }
  return show({ name: 'questions', shopId: product.value.shopId });
};
