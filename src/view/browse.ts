import type { MessageData } from '../ports/messages.ts';
import type { About, ProductData } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import { field, form, isChoice, joined, menu, open, press, rows, variantName } from './parts.ts';
import { priceText, stockOf } from './product-facts.ts';
import { bold, para, type Action, type ListItem, type View } from './view.ts';

/** The whole market in private; from here things go into the basket. */
export function browse({ products }: MessageData['browse'], words: Words): View {
  const { t } = words;
  return {
    title: t('browse.title'),
    body:
      products.length === 0
        ? [para(t('browse.empty'))]
        : [{ kind: 'list', items: products.map((one) => entry(one, words)) }],
    actions: rows([open(t('do.basket'), { name: 'basket' }), menu(t)]),
    tone: 'plain',
  };
}

function entry({ product, about }: { product: ProductData; about: About | null }, words: Words): ListItem {
  const { t, fmt } = words;
  return {
    text: [bold(product.title)],
    detail: joined([
      priceText(product, words),
      about && t('about.line', { amount: fmt.money(about.money) }),
      stockOf(product, words),
      product.shop.title,
    ]),
    ...(product.image ? { image: product.image } : {}),
    actions: [addButton(product, words)],
  };
}

function addButton(product: ProductData, words: Words): Action {
  const { t } = words;
  const intent = { kind: 'basket_add', productId: product.id } as const;
  if (!isChoice(product) || !product.buyable) {
    return press(t('card.add'), intent, { answer: 'p', disabled: !product.buyable });
  }
  const options = product.variants
    .filter((variant) => variant.price !== null && variant.available !== 0)
    .map((variant) => ({ value: variant.id, label: optionLabel(product, variant, words) }));
  return form(t('card.add'), intent, {
    title: t('choose.title', { title: product.title }),
    submit: t('card.add'),
    fields: [
      { kind: 'choice', name: 'variantId', label: t('choose.intro'), required: true, options },
      field('number', 'quantity', t('order.quantity'), { required: true, value: '1' }),
    ],
  });
}

function optionLabel(product: ProductData, variant: ProductData['variants'][number], { fmt }: Words): string {
  return joined([variantName(product, variant), variant.price && fmt.money(variant.price)]);
}
