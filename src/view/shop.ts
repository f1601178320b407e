import type { MessageData } from '../ports/messages.ts';
import type { ProductData } from '../ports/shown.ts';
import type { Translate, Words } from '../ports/words.ts';
import { sellButtons } from './home.ts';
import { field, form, joined, menu, open, press, rows } from './parts.ts';
import { priceText, stockOf } from './product-facts.ts';
import { bold, para, type Action, type ListItem, type View } from './view.ts';

/** A seller's stall from behind the counter. */
export function shop(data: MessageData['shop'], words: Words): View {
  const { t } = words;
  const seller = data.shop.role === 'seller';
  const approved = data.shop.state === 'approved';
  return {
    title: t('shop.title', { shop: data.shop.title }),
    ...(approved ? {} : { badge: { text: t(`shop_state.${data.shop.state}`), tone: 'warning' as const } }),
    body: [
      data.products.length === 0
        ? para(t('shop.empty'))
        : { kind: 'list', items: data.products.map((product) => entry(product, seller, words)) },
      ...(data.marketCollects === null ? [] : [para(t(data.marketCollects ? 'shop.collects' : 'shop.collects_not'))]),
    ],
    actions: rows(
      seller && approved ? sellButtons(data.shop.id, t) : [],
      [
        seller && approved && open(t('bill_person.title'), { name: 'new_bill', shopId: data.shop.id, personId: null }),
        seller && approved && open(t('coupon.open'), { name: 'coupons', shopId: data.shop.id }),
      ],
      [
        orders(data, t),
        data.toShip > 0 && open(t('packing.open'), { name: 'packing', shopId: data.shop.id, page: 0 }),
        questions(data, t),
        seller && open(t('shop.staff'), { name: 'staff', shopId: data.shop.id }),
        seller && open(t('shop_money.open'), { name: 'money', shopId: data.shop.id }),
        data.digest && digestForm(data.shop.id, data.digest, t),
      ],
      [collecting(data, t), data.mayConnect && open(t('connect.title'), { name: 'connect', shopId: data.shop.id })],
      [menu(t)],
    ),
    tone: 'plain',
  };
}

function digestForm(
  shopId: string,
  { time, timeZone }: NonNullable<MessageData['shop']['digest']>,
  t: Translate,
): Action {
  const label = t('digest.set');
  const hour = field('text', 'time', t('digest.time'), {
    value: time,
    maxLength: 8,
    hint: t('digest.time_hint', { zone: timeZone }),
  });
  return form(label, { kind: 'set_digest', shopId }, { title: label, submit: t('do.save'), fields: [hour] });
}

function entry(product: ProductData, seller: boolean, words: Words): ListItem {
  const { t } = words;
  const sold = product.variants.reduce((sum, variant) => sum + variant.sold, 0);
  const detail = t('shop.product_detail', {
    state: t(`product_state.${product.state}`),
    stock: stockOf(product, words),
    sold: t('shop.sold', { count: sold }),
  });
  return {
    text: [bold(product.title)],
    detail: joined([priceText(product, words), detail]),
    ...(product.image ? { image: product.image } : {}),
    ...(seller ? { actions: [open(t('shop.edit'), { name: 'edit_product', productId: product.id })] } : {}),
  };
}

/** Who is paid inside a chat platform is the seller's to decide. */
function collecting({ shop: { id }, marketCollects }: MessageData['shop'], t: Translate): Action | false {
  if (marketCollects === null) return false;
  const label = t(marketCollects ? 'shop.collect_stop' : 'shop.collect');
  return press(label, { kind: 'let_market_collect', shopId: id, collects: !marketCollects });
}

function orders(data: MessageData['shop'], t: Translate): Action {
  const label = data.toShip > 0 ? t('shop.orders_waiting', { count: data.toShip }) : t('shop.orders');
  return open(label, { name: 'shop_orders', shopId: data.shop.id });
}

function questions(data: MessageData['shop'], t: Translate): Action {
  const count = data.openQuestions;
  const label = count > 0 ? t('shop.questions_waiting', { count }) : t('shop.questions');
  return open(label, { name: 'questions', shopId: data.shop.id });
}
