import type { MessageData } from '../ports/messages.ts';
import type { CouponData } from '../ports/shown.ts';
import type { Translate, Words } from '../ports/words.ts';
import { field, form, joined, menu, open, press, rows } from './parts.ts';
import { bold, para, type Action, type Block, type Field, type ListItem, type View } from './view.ts';

type Data = MessageData['coupons'];
const KINDS = ['percent', 'fixed', 'tiered', 'buy_x_get_y', 'free_shipping'] as const;

/** What was issued and what it did, and the form for another. */
export function coupons(data: Data, words: Words): View {
  const { t } = words;
  const { shop } = data;
  return {
    title: shop ? t('coupon.title_shop', { shop: shop.title }) : t('coupon.title_market'),
    body:
      data.coupons.length === 0
        ? [para(t('coupon.empty'))]
        : [{ kind: 'list', items: data.coupons.map((one) => item(one, words)) }, ...freeCodes(data.coupons, t)],
    actions: rows(
      [issue(data, t)],
      [
        shop
          ? open(t('home.my_shop', { shop: shop.title }), { name: 'shop', shopId: shop.id })
          : open(t('home.admin'), { name: 'admin' }),
        menu(t),
      ],
    ),
    tone: 'plain',
  };
}

function item(one: CouponData, words: Words): ListItem {
  const { t, fmt } = words;
  const used =
    one.maxUses === null
      ? t('coupon.used', { n: one.uses })
      : t('coupon.used_of', { n: one.uses, max: fmt.number(one.maxUses) });
  const details = [
    valueText(one, words),
    t(`coupon.state.${one.state}`),
    used,
    one.budget ? t('coupon.spent_of', { spent: fmt.money(one.spent), budget: fmt.money(one.budget) }) : null,
    one.redeemed > 0 ? t('coupon.redeemed', { n: one.redeemed }) : null,
    one.over > 0 ? t('coupon.over', { n: one.over }) : null,
    one.until === null ? null : t('coupon.until', { date: fmt.dateTime(one.until) }),
  ];
  return { text: [bold(one.label)], detail: joined(details), actions: actionsOf(one, t) };
}

function valueText({ rule }: CouponData, { t, fmt }: Words): string {
  const amounts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([currency, amount]) => fmt.money({ amount, currency }))
      .join(' / ');
  switch (rule.kind) {
    case 'percent':
      return t('coupon.percent_off', { percent: fmt.number(rule.bps / 100) });
    case 'fixed':
      return t('coupon.amount_off', { amount: amounts(rule.amount) });
    case 'buy_x_get_y':
      return t('coupon.buy_get', { buy: rule.buy, get: rule.get });
    case 'tiered':
      return rule.tiers
        .flatMap((tier) =>
          'amount' in tier ? [t('coupon.tier', { from: amounts(tier.from), amount: amounts(tier.amount) })] : [],
        )
        .join(', ');
    case 'free_shipping':
    case 'every':
    case 'gift_item':
      return t(`coupon.kinds.${rule.kind === 'free_shipping' ? rule.kind : 'tiered'}`);
    default:
      return rule satisfies never;
  }
}

function actionsOf({ id: couponId, state, label }: CouponData, t: Translate): Action[] {
  if (state === 'ended') return [];
  const turn = state === 'on' ? 'paused' : 'on';
  return [
    press(t(state === 'on' ? 'coupon.pause' : 'coupon.resume'), { kind: 'coupon_set', couponId, state: turn }),
    press(
      t('coupon.end'),
      { kind: 'coupon_set', couponId, state: 'ended' },
      { style: 'danger', confirm: t('coupon.end_confirm', { label }) },
    ),
  ];
}

/** Codes that nobody used yet, to be handed out. */
function freeCodes(all: readonly CouponData[], t: Translate): Block[] {
  return all.flatMap((one): Block[] =>
    one.freeCodes.length === 0
      ? []
      : [{ kind: 'copy', label: t('coupon.free_codes', { label: one.label }), text: one.freeCodes.join('\n') }],
  );
}

function issue({ shop, currency }: Data, t: Translate): Action {
  const number = (name: string, label: string) => field('number', name, label, { maxLength: 9 });
  const kinds: Field = {
    kind: 'choice',
    name: 'couponKind',
    label: t('coupon.kind'),
    required: true,
    value: 'percent',
    options: KINDS.map((kind) => ({ value: kind, label: t(`coupon.kinds.${kind}`) })),
  };
  const fields: Field[] = [
    kinds,
    field('text', 'value', t('coupon.value'), { maxLength: 120, hint: t('coupon.value_hint') }),
    field('text', 'code', t('coupon.code'), { maxLength: 40, hint: t('coupon.code_hint') }),
    field('amount', 'minSpend', t('coupon.min_spend', { currency })),
    number('maxUses', t('coupon.max_uses')),
    number('maxPerPerson', t('coupon.max_per_person')),
    field('amount', 'budget', t('coupon.budget', { currency })),
    number('days', t('coupon.days')),
    number('codes', t('coupon.codes')),
    { kind: 'check', name: 'firstPurchase', label: t('coupon.first'), value: '' },
  ];
  return form(
    t('coupon.issue'),
    { kind: 'coupon_issue', shopId: shop?.id ?? null },
    { title: t('coupon.issue'), submit: t('coupon.submit'), fields },
    'primary',
  );
}

/** On an open bill: a code to enter, or a coupon to take off again. */
export function couponRow(
  order: { readonly id: string; readonly coupons: readonly { readonly id: string; readonly label: string }[] },
  t: Translate,
): Action[] {
  const code = field('text', 'code', t('coupon.code'), { required: true, maxLength: 40 });
  return [
    form(
      t('coupon.enter'),
      { kind: 'coupon_use', orderId: order.id },
      { title: t('coupon.enter'), submit: t('coupon.apply'), fields: [code] },
    ),
    ...order.coupons.map(({ id, label }) =>
      press(t('coupon.drop', { label }), { kind: 'coupon_drop', orderId: order.id, couponId: id }),
    ),
  ];
}
