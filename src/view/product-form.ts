/** The form of a product: the same fields for a new one and an old one, as its kind needs them. */
import type { ProductKind } from '../domain/product.ts';
import type { ProductForm } from '../ports/intents/catalog.ts';
import type { Translate } from '../ports/words.ts';
import { field } from './parts.ts';
import type { Field } from './view.ts';

/** What stands in the fields already. */
export type Filled = { readonly [K in keyof ProductForm]?: ProductForm[K] };

type Asked = {
  readonly kind: ProductKind;
  readonly currency: string;
  readonly isNew: boolean;
  /** Ask whether the card is to carry an invoice. */
  readonly quickPay: boolean;
  readonly filled: Filled;
};

export function productFields(asked: Asked, t: Translate): Field[] {
  const { filled, currency } = asked;
  const example = '12.50';
  return [
    field('text', 'form.title', t('product.title'), {
      ...valueOf(filled.title),
      required: true,
      maxLength: 100,
      hint: t('product.title_hint'),
    }),
    {
      kind: 'photo',
      name: 'form.imageDigest',
      label: t('product.photo'),
      hint: t('product.photo_hint'),
      ...valueOf(filled.imageDigest),
    },
    field('text', 'form.imageAlt', t('product.alt'), { ...valueOf(filled.imageAlt), hint: t('product.alt_hint') }),
    field('lines', 'form.description', t('product.description'), { ...valueOf(filled.description), maxLength: 1000 }),
    field('amount', 'form.price', t('product.price', { currency }), {
      ...valueOf(filled.price),
      required: asked.isNew,
      hint: t('product.price_hint', { example }),
    }),
    ...kindFields(asked, t),
    ...(asked.isNew ? goodsFields(asked, t) : []),
    ...saleFields(asked, t),
  ];
}

const valueOf = (value: string | undefined): { value?: string } => (value === undefined ? {} : { value });

/** How the buyer gets it. */
function kindFields({ kind, currency, filled, isNew }: Asked, t: Translate): Field[] {
  switch (kind) {
    case 'physical':
      return [
        {
          kind: 'check',
          name: 'form.pickup',
          label: t('product.pickup'),
          value: filled.pickup === false ? '' : 'true',
        },
        field('text', 'form.pickupNote', t('product.pickup_note'), { ...valueOf(filled.pickupNote), maxLength: 200 }),
        field('amount', 'form.shippingFee', t('product.shipping_fee', { currency }), {
          ...valueOf(filled.shippingFee),
          hint: t('product.shipping_fee_hint'),
        }),
        field('amount', 'form.shippingFreeFrom', t('product.shipping_free_from'), valueOf(filled.shippingFreeFrom)),
      ];
    case 'digital':
      return [
        field('lines', 'form.digitalText', t('product.digital_text'), valueOf(filled.digitalText)),
        // More codes are added to an old product by a form of their own.
        ...(isNew
          ? [
              field('lines', 'form.digitalCodes', t('product.digital_codes'), {
                maxLength: 20_000,
                hint: t('product.digital_codes_hint'),
              }),
            ]
          : []),
      ];
    case 'service':
      return [
        field('lines', 'form.serviceNote', t('product.service_note'), {
          ...valueOf(filled.serviceNote),
          maxLength: 500,
          hint: t('product.service_note_hint'),
        }),
      ];
    default:
      return kind satisfies never;
  }
}

/** Options are fixed once posted, and the units in hand are set variant by variant. */
function goodsFields({ filled }: Asked, t: Translate): Field[] {
  return [
    field('number', 'form.stock', t('product.stock'), { ...valueOf(filled.stock), hint: t('product.stock_each_hint') }),
    field('lines', 'form.options', t('product.options'), {
      ...valueOf(filled.options),
      maxLength: 500,
      hint: t('product.options_hint'),
    }),
  ];
}

function saleFields({ filled, quickPay }: Asked, t: Translate): Field[] {
  return [
    field('text', 'form.otherPrices', t('product.other_prices'), {
      ...valueOf(filled.otherPrices),
      hint: t('product.other_prices_hint'),
    }),
    field('number', 'form.limitPerPerson', t('product.limit'), {
      ...valueOf(filled.limitPerPerson),
      hint: t('product.limit_hint'),
    }),
    field('number', 'form.holdMinutes', t('product.hold'), {
      ...valueOf(filled.holdMinutes),
      hint: t('product.hold_hint'),
    }),
    ...(quickPay
      ? [
          {
            kind: 'check',
            name: 'form.quickPay',
            label: t('product.quick_pay'),
            hint: t('product.quick_pay_hint'),
            value: filled.quickPay ? 'true' : '',
          } as const,
        ]
      : []),
  ];
}
