import type { MessageData } from '../ports/messages.ts';
import type { About, VariantData } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import { askSeller } from './card.ts';
import { joined, menu, press, price, rows, stockText, variantName } from './parts.ts';
import { badgeOf, deliveryText } from './product-facts.ts';
import { bold, para, type ListItem, type View } from './view.ts';

/** The options of a product, each with its price and what is left. */
export function choose({ listingId, product, about }: MessageData['choose'], words: Words): View {
  const { t } = words;
  const badge = badgeOf(product, words);
  const delivery = deliveryText(product, words);
  const item = (variant: VariantData, index: number): ListItem => ({
    text: [bold(variantName(product, variant))],
    detail: detailOf(variant, about[index] ?? null, words),
    actions: actionsOf(variant, { listingId, productId: product.id, buyable: product.buyable }, words),
  });
  return {
    title: t('choose.title', { title: product.title }),
    ...(badge ? { badge } : {}),
    ...(product.image ? { image: product.image } : {}),
    body: [
      para(t('choose.intro')),
      { kind: 'list', items: product.variants.map(item) },
      ...(delivery === '' ? [] : [para(delivery)]),
    ],
    actions: rows([askSeller(product, words), menu(t)]),
    tone: 'plain',
  };
}

function detailOf(variant: VariantData, about: About | null, words: Words): string {
  const { t, fmt } = words;
  return joined([
    variant.price && price(variant.price, words),
    about && t('about.line', { amount: fmt.money(about.money) }),
    stockText(variant.available, words),
  ]);
}

type From = { readonly listingId: string | null; readonly productId: string; readonly buyable: boolean };

function actionsOf(variant: VariantData, { listingId, productId, buyable }: From, { t }: Words) {
  const disabled = !buyable || variant.price === null || variant.available === 0;
  const options = { answer: 'p', disabled } as const;
  const add = press(t('card.add'), { kind: 'basket_add', productId, variantId: variant.id }, options);
  if (listingId === null) return [add];
  const buy = { kind: 'buy', listingId, variantId: variant.id } as const;
  return [press(t('card.buy'), buy, { ...options, style: 'primary' }), add];
}
