import type { MessageData } from '../ports/messages.ts';
import type { ProductData } from '../ports/shown.ts';
import type { Words } from '../ports/words.ts';
import { field, form, isChoice, open, press, rows } from './parts.ts';
import { badgeOf, isFree, productFacts } from './product-facts.ts';
import { para, type Action, type Block, type View } from './view.ts';

/** The product's card in a group. Public: it shows what is left, never who bought. */
export function card({ listingId, product, invoices, claimed }: MessageData['card'], words: Words): View {
  const { t } = words;
  const badge = badgeOf(product, words);
  const body: Block[] = [
    ...(product.description === '' ? [] : [para(product.description)]),
    productFacts(product, words),
    ...(product.testMoney && badge?.text !== t('test_money') ? [para(t('test_money'), 'warning')] : []),
  ];
  return {
    title: product.title,
    ...(badge ? { badge } : {}),
    ...(product.image ? { image: product.image } : {}),
    body,
    actions: rows(
      ...(product.state === 'withdrawn'
        ? []
        : [paying(invoices, words), buying(listingId, product, words), talking(product, words)]),
      [claimed && open(t('card.claim'), { name: 'claims' })],
    ),
    tone: 'plain',
  };
}

/** An older message of a card that was posted again: nothing can be bought on it, and it leads to what can. */
export function movedCard({ listingId, product }: MessageData['card'], { t }: Words): View {
  return {
    title: product.title,
    badge: { text: t('card.moved'), tone: 'plain' },
    ...(product.image ? { image: product.image } : {}),
    body: [para(t('card.moved_note'))],
    actions: rows([open(t('card.show'), { name: 'choose', listingId })]),
    tone: 'plain',
  };
}

/** Paid here and now, by whoever taps: the order is made on the way. */
function paying(invoices: MessageData['card']['invoices'], { t, fmt }: Words): Action[] {
  return invoices.map(({ choices, price, url }): Action => {
    const amount = fmt.money(price);
    const label =
      choices.length === 0
        ? t('card.quick_pay', { amount })
        : t('card.quick_pay_choice', { choice: choices.join(', '), amount });
    return { kind: 'link', label, style: 'primary', url };
  });
}

/** With options there is something to choose first, in private. */
function buying(listingId: string, product: ProductData, { t }: Words): Action[] {
  const options = { answer: 'p', disabled: !product.buyable } as const;
  const label = isFree(product) ? t('card.get_free') : t('card.buy');
  if (isChoice(product)) {
    return [press(label, { kind: 'show', message: { name: 'choose', listingId } }, { ...options, style: 'primary' })];
  }
  return [
    press(label, { kind: 'buy', listingId }, { ...options, style: 'primary' }),
    press(t('card.add'), { kind: 'basket_add', productId: product.id }, options),
  ];
}

function talking(product: ProductData, { t }: Words): Action[] {
  return [askSeller(product, { t }), report(product, { t })];
}

export function askSeller(product: Pick<ProductData, 'id' | 'title'>, { t }: Pick<Words, 't'>): Action {
  const text = field('lines', 'text', t('card.ask_text'), { required: true, maxLength: 500, hint: t('card.ask_hint') });
  return form(
    t('card.ask'),
    { kind: 'ask_seller', productId: product.id },
    {
      title: t('card.ask_title', { title: product.title }),
      submit: t('do.send'),
      fields: [text],
    },
  );
}

function report(product: ProductData, { t }: Pick<Words, 't'>): Action {
  const reason = field('lines', 'reason', t('card.report_reason'), {
    required: true,
    maxLength: 500,
    hint: t('card.report_hint'),
  });
  return form(
    t('card.report'),
    { kind: 'report_product', productId: product.id },
    {
      title: t('card.report_title', { title: product.title }),
      submit: t('do.send'),
      fields: [reason],
    },
  );
}
