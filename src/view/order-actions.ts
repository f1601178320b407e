/** What a buyer may press before payment: ways to pay, delivery, address, quantity. */
import type { OrderData } from '../ports/shown.ts';
import type { Translate, Words } from '../ports/words.ts';
import { channelName, dueOf, field, form, press } from './parts.ts';
import { para, type Action, type Block } from './view.ts';

type Row = (Action | false)[];

/** Without an address nothing can be paid yet, so that the address comes first. */
const needsAddress = ({ delivery }: OrderData): boolean => delivery.method === 'ship' && delivery.address === null;

export function payRows(order: OrderData, { t, fmt }: Words): Row[] {
  if (!order.can.pay || needsAddress(order)) return [];
  if (order.free) return [[confirmFree(order, t)]];
  const amount = fmt.money(dueOf(order.quote));
  const link: Action | false = order.payUrl !== null && {
    kind: 'link',
    label: t('order.pay', { amount }),
    style: 'primary',
    url: order.payUrl,
  };
  const { invoice } = order;
  const native: Action | false = invoice !== null && {
    kind: 'link',
    label: t('order.pay_with', { amount, channel: channelName(invoice.channel, t) }),
    style: 'primary',
    url: invoice.url,
  };
  const opening = order.attempt?.state === 'open' ? order.attempt.channel : undefined;
  const others = order.channels
    .filter((channel) => !channel.page && channel.code !== opening)
    .map((channel): Row => [channelButton(order, { channel, amount, primary: !link && !native }, t)]);
  return [[native], [link], ...others, [sharing(order, t)]];
}

/** Whoever has the invoice may pay it, or the buyer alone. */
export function sharing({ id, shared, can }: OrderData, t: Translate): Action | false {
  if (shared === null || !can.cancel) return false;
  return press(t(shared ? 'order.share_stop' : 'order.share'), { kind: 'share_bill', orderId: id, shared: !shared });
}

/** The link itself, to be passed on. */
export function sharedLink({ shared, invoice }: OrderData, t: Translate): Block[] {
  if (!shared || invoice === null) return [];
  return [para(t('order.shared')), { kind: 'copy', label: t('order.share_link'), text: invoice.url }];
}

/** Usually a free order is confirmed as it is placed; one that is still open has a link of its own. */
function confirmFree(order: OrderData, t: Translate): Action | false {
  const label = t('order.confirm_free');
  return order.payUrl !== null && { kind: 'link', label, style: 'primary', url: order.payUrl };
}

type Chosen = { readonly channel: OrderData['channels'][number]; readonly amount: string; readonly primary: boolean };

function channelButton(order: OrderData, { channel, amount, primary }: Chosen, t: Translate): Action {
  const label =
    channel.code === 'cash'
      ? t('order.pay_cash', { amount })
      : t('order.pay_with', { amount, channel: channelName(channel.code, t) });
  const intent = { kind: 'choose_channel', orderId: order.id, channel: channel.code } as const;
  return press(label, intent, primary && channel.code !== 'cash' ? { style: 'primary' } : {});
}

export function deliveryRows(order: OrderData, t: Translate): Row[] {
  const { method, offers } = order.delivery;
  const other = (one: 'pickup' | 'ship'): Action | false =>
    order.can.changeDelivery &&
    offers.includes(one) &&
    method !== one &&
    press(t(`order.choose_${one}`), { kind: 'choose_delivery', orderId: order.id, method: one });
  const address = method === 'ship' && order.can.changeDelivery && addressForm(order, t);
  return [[address, other('pickup'), other('ship'), order.can.changeQuantity && quantityForm(order, t)]];
}

function addressForm(order: OrderData, t: Translate): Action {
  const { address } = order.delivery;
  const label = address ? t('order.change_address') : t('order.set_address');
  return form(
    label,
    { kind: 'set_address', orderId: order.id },
    {
      title: t('order.address_title'),
      submit: t('do.save'),
      fields: [
        field('text', 'recipient', t('order.recipient'), { required: true, value: address?.recipient ?? '' }),
        field('lines', 'lines', t('order.address_lines'), {
          required: true,
          maxLength: 500,
          value: address?.lines ?? '',
        }),
        field('text', 'phone', t('order.phone'), {
          maxLength: 40,
          hint: t('order.phone_hint'),
          value: address?.phone ?? '',
        }),
      ],
    },
    address ? 'plain' : 'primary',
  );
}

/** One product, one number; several are changed in the basket, before checkout. */
function quantityForm(order: OrderData, t: Translate): Action | false {
  const [line, ...more] = order.lines;
  if (!line || more.length > 0) return false;
  const quantity = field('number', 'quantity', t('order.quantity'), { required: true, value: String(line.quantity) });
  return form(
    t('order.set_quantity'),
    { kind: 'set_quantity', orderId: order.id },
    { title: t('order.set_quantity'), submit: t('do.save'), fields: [quantity] },
  );
}
