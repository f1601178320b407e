import type { MessageData } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { field, form, menu, open, rows } from './parts.ts';
import { para, type Block, type View } from './view.ts';

type Question = MessageData['questions']['questions'][number];

/** What buyers ask; an answer goes to the asker in private. */
export function questions({ shop, questions: asked }: MessageData['questions'], words: Words): View {
  const { t } = words;
  return {
    title: t('questions.title', { shop: shop.title }),
    body: asked.length === 0 ? [para(t('questions.empty'))] : asked.flatMap((one) => entry(one, words)),
    actions: rows([open(t('home.my_shop', { shop: shop.title }), { name: 'shop', shopId: shop.id }), menu(t)]),
    tone: 'plain',
  };
}

function entry(question: Question, { t, fmt }: Words): Block[] {
  const { asker, product } = question;
  const from = t('questions.from', { asker, product: product.title, time: fmt.dateTime(question.at) });
  const answerText = field('lines', 'text', t('questions.answer_text'), { required: true, maxLength: 1000 });
  const asked = { title: t('questions.answer_title', { asker }), submit: t('do.send'), fields: [answerText] };
  const action = form(t('questions.answer'), { kind: 'answer_question', questionId: question.id }, asked, 'primary');
  return [
    { kind: 'words', text: question.text },
    { kind: 'list', items: [{ text: [from], actions: [action] }] },
  ];
}

export function answer(data: MessageData['answer'], { t }: Words): View {
  return {
    title: t('answer.title', { product: data.product.title }),
    body: [
      para(t('answer.you_asked')),
      { kind: 'words', text: data.question },
      para(t('answer.answer')),
      { kind: 'words', text: data.answer },
    ],
    actions: rows([menu(t)]),
    tone: 'good',
  };
}
