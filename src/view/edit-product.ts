import type { MessageData } from '../ports/messages.ts';
import type { ProductData, VariantData } from '../ports/shown.ts';
import type { Translate, Words } from '../ports/words.ts';
import { field, form, joined, menu, open, press, price, rows, stockText, variantName } from './parts.ts';
import { badgeOf } from './product-facts.ts';
import { filledOf } from './product-filled.ts';
import { productFields } from './product-form.ts';
import { bold, para, type Action, type Block, type ListItem, type View } from './view.ts';

type Data = MessageData['edit_product'];

export function editProduct(data: Data, words: Words): View {
  const { t, fmt } = words;
  const { product } = data;
  const badge = badgeOf(product, words);
  const listed = data.chats.filter((chat) => chat.listed).map((chat) => chat.title);
  const body: Block[] = [
    { kind: 'list', items: product.variants.map((variant) => variantItem(product, variant, words)) },
    ...(data.freeCodes === null ? [] : [para(t('product.free_codes', { count: data.freeCodes }))]),
    ...(listed.length === 0 ? [] : [para(t('product.listed_in', { chats: fmt.list(listed, 'and') }))]),
  ];
  return {
    title: t('product.edit_title', { title: product.title }),
    ...(badge ? { badge } : {}),
    ...(product.image ? { image: product.image } : {}),
    body,
    actions: rows(
      [editForm(data, words), data.freeCodes !== null && codesForm(product, t), repeat(product, t)],
      product.state === 'withdrawn'
        ? []
        : data.chats.map((chat) => (chat.listed ? postAgain(product, chat, t) : listIn(product, chat, t))),
      stateButtons(product, t),
      [open(t('home.my_shop', { shop: product.shop.title }), { name: 'shop', shopId: product.shop.id }), menu(t)],
    ),
    tone: 'plain',
  };
}

function variantItem(product: ProductData, variant: VariantData, words: Words): ListItem {
  const { t, fmt } = words;
  const title = variantName(product, variant);
  const main = variant.price ?? variant.prices[0];
  const stock = field('number', 'stock', t('product.set_stock_of', { title }), {
    hint: t('product.stock_hint'),
    value: variant.available === null ? '' : String(variant.available + variant.held),
  });
  const amount = field('amount', 'price', t('product.set_price_of', { title }), {
    required: true,
    value: main ? fmt.plain(main) : '',
  });
  const save = t('do.save');
  return {
    text: [bold(t('product.variant', { title, price: main ? price(main, words) : '–' }))],
    detail: joined([
      stockText(variant.available, words),
      variant.held > 0 && t('product.held', { count: variant.held }),
      t('shop.sold', { count: variant.sold }),
    ]),
    actions: [
      form(
        t('product.set_stock'),
        { kind: 'set_stock', variantId: variant.id },
        { title, submit: save, fields: [stock] },
      ),
      form(
        t('product.set_price'),
        { kind: 'set_price', variantId: variant.id },
        { title, submit: save, fields: [amount] },
      ),
    ],
  };
}

function editForm(data: Data, { t, fmt }: Words): Action {
  const { product, currency } = data;
  const asked = {
    kind: product.kind,
    currency,
    isNew: false,
    quickPay: data.quickPay !== null,
    filled: filledOf(data, fmt),
  };
  return form(
    t('product.edit_form'),
    { kind: 'edit_product', productId: product.id },
    {
      title: t('product.edit_title', { title: product.title }),
      submit: t('do.save'),
      fields: productFields(asked, t),
    },
    'primary',
  );
}

function codesForm(product: ProductData, t: Translate): Action {
  const codes = field('lines', 'codes', t('product.digital_codes'), {
    required: true,
    maxLength: 20_000,
    hint: t('product.digital_codes_hint'),
  });
  const label = t('product.add_codes');
  return form(
    label,
    { kind: 'add_codes', productId: product.id },
    { title: label, submit: t('do.save'), fields: [codes] },
  );
}

function listIn(product: ProductData, chat: { readonly id: string; readonly title: string }, t: Translate): Action {
  return press(t('product.list_in', { chat: chat.title }), {
    kind: 'list_product',
    productId: product.id,
    chatId: chat.id,
  });
}

/** The old card is greyed and leads to the new one. */
function postAgain(product: ProductData, chat: Data['chats'][number], t: Translate): Action | false {
  const { id: chatId, title, reposts } = chat;
  if (reposts === null) return false;
  const intent = { kind: 'repost_card', productId: product.id, chatId, times: reposts } as const;
  return press(t('product.repost_in', { chat: title }), intent);
}

/** The form of a new product, with this one's answers in it. */
function repeat({ id, kind, shop }: ProductData, t: Translate): Action {
  return open(t('product.repeat'), { name: 'new_product', shopId: shop.id, productKind: kind, chatId: null, like: id });
}

function stateButtons(product: ProductData, t: Translate): Action[] {
  const productId = product.id;
  if (product.state === 'withdrawn') return [];
  const pause = press(t('product.pause'), { kind: 'pause_product', productId, paused: true });
  const resume = press(t('product.resume'), { kind: 'pause_product', productId, paused: false });
  const confirm = t('product.withdraw_confirm', { title: product.title });
  return [
    ...(product.state === 'on_sale' ? [pause] : []),
    ...(product.state === 'paused' ? [resume] : []),
    press(t('product.withdraw'), { kind: 'withdraw_product', productId }, { style: 'danger', confirm }),
  ];
}
