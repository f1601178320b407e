import type { MessageData } from '../ports/messages.ts';
import type { Words } from '../ports/words.ts';
import { form, menu, open, rows } from './parts.ts';
import { repeatedOf } from './product-filled.ts';
import { productFields } from './product-form.ts';
import { para, type Field, type View } from './view.ts';

/** Minutes that stock is kept at checkout unless the seller says otherwise. */
const HOLD_MINUTES = '15';

export function newProduct(data: MessageData['new_product'], { t, fmt }: Words): View {
  const { shop, productKind, chats, currency, originChatId, quickPay, like } = data;
  const title = t('product.new_title', { shop: shop.title });
  const filled = like ? repeatedOf({ ...like, currency, quickPay: null }, fmt) : { holdMinutes: HOLD_MINUTES };
  const asked = { kind: productKind, currency, isNew: true, quickPay, filled };
  // Where the seller comes from, else the community's first chat: one press less, and never nothing chosen.
  const usual = originChatId ?? chats[0]?.id;
  const where: Field = {
    kind: 'choice',
    name: 'chatIds',
    label: t('product.chats'),
    many: true,
    required: true,
    options: chats.map((chat) => ({ value: chat.id, label: chat.title })),
    ...(usual === undefined ? {} : { value: usual }),
  };
  return {
    title,
    body: [para(t('product.new_intro'))],
    actions: rows(
      [
        form(
          t('product.new_open'),
          { kind: 'post_product', shopId: shop.id, productKind },
          { title, submit: t('product.post'), fields: [...productFields(asked, t), where] },
          'primary',
        ),
      ],
      [open(t('home.my_shop', { shop: shop.title }), { name: 'shop', shopId: shop.id }), menu(t)],
    ),
    tone: 'plain',
  };
}
