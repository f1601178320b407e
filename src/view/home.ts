import type { MessageData } from '../ports/messages.ts';
import type { ShopData } from '../ports/shown.ts';
import type { Translate, Words } from '../ports/words.ts';
import { field, form, open, rows } from './parts.ts';
import { para, type Action, type Block, type View } from './view.ts';

type Home = MessageData['home'];

/** The menu: everything this person can do here. */
export function home(data: Home, { t }: Words): View {
  const openShops = data.shops.filter((shop) => shop.state === 'approved');
  return {
    title: t('home.title', { community: data.community.title }),
    body: [para(t('home.hello', { name: data.name })), ...news(data, t), ...(data.demo ? [para(t('home.demo'))] : [])],
    actions: rows(buying(data, t), ...openShops.map((shop) => selling(shop, t)), running(data, t), self(data, t)),
    tone: 'plain',
  };
}

function news(data: Home, t: Translate): Block[] {
  const waiting = [
    data.toShip > 0 && t('home.to_ship', { count: data.toShip }),
    data.openQuestions > 0 && t('home.questions', { count: data.openQuestions }),
    data.openCases > 0 && t('home.cases', { count: data.openCases }),
  ].filter((text) => text !== false);
  const shops = data.shops.flatMap((shop) =>
    shop.state === 'approved' ? [] : [para(t(`home.shop_${shop.state}`, { shop: shop.title }), 'warning')],
  );
  const items = waiting.map((text) => ({ text: [text] }));
  return [...(items.length > 0 ? [{ kind: 'list', items } as const] : []), ...shops];
}

function buying(data: Home, t: Translate): Action[] {
  return [
    open(t('do.browse'), { name: 'browse' }, { style: 'primary' }),
    open(data.basketUnits > 0 ? t('home.basket', { count: data.basketUnits }) : t('do.basket'), { name: 'basket' }),
    open(data.openOrders > 0 ? t('home.orders', { count: data.openOrders }) : t('do.my_orders'), { name: 'my_orders' }),
  ];
}

function selling(shop: ShopData, t: Translate): Action[] {
  const mine = open(t('home.my_shop', { shop: shop.title }), { name: 'shop', shopId: shop.id });
  return shop.role === 'seller' ? [mine, ...sellButtons(shop.id, t)] : [mine];
}

export function sellButtons(shopId: string, t: Translate): Action[] {
  return (['physical', 'digital', 'service'] as const).map((productKind) =>
    open(t('home.sell', { kind: t(`kind.${productKind}`) }), {
      name: 'new_product',
      shopId,
      productKind,
      chatId: null,
    }),
  );
}

function running(data: Home, t: Translate): (Action | false)[] {
  if (data.role === 'member') return [];
  return [
    open(t('home.admin'), { name: 'admin' }),
    open(data.openCases > 0 ? t('admin.cases', { count: data.openCases }) : t('home.cases_none'), { name: 'cases' }),
  ];
}

function self(data: Home, t: Translate): (Action | false)[] {
  return [
    !data.shops.some((shop) => shop.role === 'seller' && shop.state !== 'rejected') && applyForm(t),
    open(t('home.profile'), { name: 'profile' }),
    open(t('do.help'), { name: 'help' }),
  ];
}

function applyForm(t: Translate): Action {
  const name = field('text', 'name', t('apply.name'), { required: true, maxLength: 60, hint: t('apply.hint') });
  return form(
    t('home.open_shop'),
    { kind: 'apply_shop' },
    { title: t('apply.title'), submit: t('apply.submit'), fields: [name] },
  );
}
