import type { MessageData } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { field, form, menu, open, rows } from './parts.ts';
import { para, type Field, type View } from './view.ts';

/** A sum without a product: to whom, how much, for what. */
export function newBill(data: MessageData['new_bill'], { t }: Words): View {
  const { shop, people, personId, currency } = data;
  const title = t('bill_person.title');
  const whom: Field = {
    kind: 'choice',
    name: 'personId',
    label: t('bill_person.whom'),
    required: true,
    options: people.map((one) => ({ value: one.id, label: one.title })),
    ...(personId === null ? {} : { value: personId }),
  };
  const kind: Field = {
    kind: 'choice',
    name: 'productKind',
    label: t('bill_person.kind'),
    required: true,
    value: 'service',
    options: [
      { value: 'service', label: t('bill_person.kind_service') },
      { value: 'physical', label: t('bill_person.kind_physical') },
    ],
  };
  const fields = [
    whom,
    field('amount', 'amount', t('bill_person.amount', { currency }), { required: true }),
    field('text', 'text', t('bill_person.text'), { required: true, maxLength: 80, hint: t('bill_person.text_hint') }),
    kind,
  ];
  const back = open(t('home.my_shop', { shop: shop.title }), { name: 'shop', shopId: shop.id });
  if (people.length === 0)
    return { title, body: [para(t('bill_person.nobody'))], actions: rows([back, menu(t)]), tone: 'plain' };
  return {
    title,
    body: [para(t('bill_person.intro'))],
    actions: rows(
      [
        form(
          t('bill_person.open'),
          { kind: 'bill_person', shopId: shop.id },
          { title, submit: t('bill_person.send'), fields },
          'primary',
        ),
      ],
      [back, menu(t)],
    ),
    tone: 'plain',
  };
}
