import type { MessageData } from '../ports/messages.ts';
import type { Translate, Words } from '../ports/words.ts';
import { fact, field, form, menu, open, press, rows } from './parts.ts';
import { bold, para, type Action, type Block, type ListItem, type View } from './view.ts';

type Data = MessageData['admin'];
type ShopRow = Data['shops'][number];
type Report = Data['reports'][number];

/** What the people who run the community look after: settings, shops, reported cards. */
export function admin(data: Data, words: Words): View {
  const { t, fmt } = words;
  const { community } = data;
  const language = fmt.languages.find((one) => one.locale === community.locale)?.name ?? community.locale;
  return {
    title: t('admin.title', { community: community.name }),
    body: [
      {
        kind: 'facts',
        facts: [
          fact(t('admin.currency'), `${community.currency} · ${fmt.currencyName(community.currency)}`),
          fact(t('admin.time_zone'), community.timeZone),
          fact(t('admin.language'), language),
        ],
      },
      ...list(
        t('admin.shops'),
        data.shops.map((shop) => shopItem(shop, t)),
      ),
      ...(data.reports.length === 0
        ? [para(t('admin.no_reports'))]
        : list(
            t('admin.reports'),
            data.reports.map((report) => reportItem(report, t)),
          )),
    ],
    actions: rows(
      [
        settings(data, words),
        refundRules(data, words),
        open(t('admin.cases', { count: data.openCases }), { name: 'cases' }),
      ],
      [open(t('coupon.open'), { name: 'coupons', shopId: null })],
      data.chats.map(({ id, title }) => press(t('admin.index', { chat: title }), { kind: 'place_index', chatId: id })),
      [menu(t)],
    ),
    tone: 'plain',
  };
}

function refundRules({ refunds }: Data, { t, fmt }: Words): Action {
  const hours = field('number', 'requestHours', t('admin.request_hours'), {
    required: true,
    value: String(refunds.requestHours),
    hint: t('admin.request_hours_hint'),
  });
  const limit = field(
    'amount',
    'approvalLimit',
    t('admin.approval_limit', { currency: refunds.approvalLimit.currency }),
    {
      required: true,
      value: fmt.plain(refunds.approvalLimit),
      hint: t('admin.approval_limit_hint'),
    },
  );
  const asked = { title: t('admin.refund_rules'), submit: t('do.save'), fields: [hours, limit] };
  return form(t('admin.refund_rules'), { kind: 'configure_refunds' }, asked);
}

function list(heading: string, items: ListItem[]): Block[] {
  return items.length === 0 ? [] : [para([bold(heading)]), { kind: 'list', items }];
}

function shopItem(shop: ShopRow, t: Translate): ListItem {
  return {
    text: [bold(shop.title)],
    detail: t('admin.shop_detail', { state: t(`shop_state.${shop.state}`), owner: shop.owner }),
    actions: shopActions(shop, t),
  };
}

function shopActions({ id: shopId, state, title }: ShopRow, t: Translate): Action[] {
  const named = { shop: title };
  switch (state) {
    case 'applied':
      return [
        press(t('admin.approve'), { kind: 'decide_shop', shopId, approve: true }, { style: 'primary' }),
        press(
          t('admin.reject'),
          { kind: 'decide_shop', shopId, approve: false },
          {
            style: 'danger',
            confirm: t('admin.reject_confirm', named),
          },
        ),
      ];
    case 'approved':
      return [
        press(
          t('admin.freeze_shop'),
          { kind: 'freeze_shop', shopId, frozen: true },
          {
            style: 'danger',
            confirm: t('admin.freeze_shop_confirm', named),
          },
        ),
      ];
    case 'frozen':
      return [press(t('admin.unfreeze'), { kind: 'freeze_shop', shopId, frozen: false })];
    case 'rejected':
      // They may apply again.
      return [];
    default:
      return state satisfies never;
  }
}

function reportItem({ product, reasons }: Report, t: Translate): ListItem {
  const productId = product.id;
  const frozen = product.state === 'frozen';
  return {
    text: [bold(product.title)],
    detail: [t(`product_state.${product.state}`), ...reasons].join(' · '),
    actions: [
      frozen
        ? press(t('admin.unfreeze'), { kind: 'freeze_product', productId, frozen: false })
        : press(t('admin.freeze_product'), { kind: 'freeze_product', productId, frozen: true }, { style: 'danger' }),
      press(t('admin.dismiss'), { kind: 'dismiss_reports', productId }),
    ],
  };
}

function settings({ community }: Data, { t, fmt }: Words): Action {
  const text = (name: string, label: string, options: { value: string; hint?: string; maxLength: number }) =>
    field('text', name, label, { required: true, ...options });
  return form(
    t('admin.configure'),
    { kind: 'configure' },
    {
      title: t('admin.configure'),
      submit: t('do.save'),
      fields: [
        text('name', t('admin.name'), { value: community.name, maxLength: 60 }),
        text('currency', t('admin.currency'), {
          value: community.currency,
          hint: t('admin.currency_hint'),
          maxLength: 3,
        }),
        text('timeZone', t('admin.time_zone'), {
          value: community.timeZone,
          hint: t('admin.time_zone_hint'),
          maxLength: 64,
        }),
        {
          kind: 'choice',
          name: 'locale',
          label: t('admin.language'),
          required: true,
          value: community.locale,
          options: fmt.languages.map(({ locale, name }) => ({ value: locale, label: name })),
        },
      ],
    },
  );
}
