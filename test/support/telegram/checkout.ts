// A person pays an invoice: shipping, the last question to the bot, the money, and the service message about it.
import type { OrderInfo, ShippingAddress, ShippingOption } from 'grammy/types';
import type { InvoiceArgs, Person, Question } from './model.ts';
import { book, invoiceOfLink } from './payments.ts';
import type { Seen } from './screen.ts';
import { totalOf } from './shapes-payments.ts';
import type { Stage } from './stage.ts';

export type PayOptions = {
  /** Paid from a forwarded copy, in another chat. Possible only while the invoice has no start_parameter. */
  readonly forwarded?: boolean;
  readonly address?: Partial<ShippingAddress>;
  /** Id of the option to take; default the first. */
  readonly shippingOption?: string;
  readonly tip?: number;
  readonly orderInfo?: Pick<OrderInfo, 'name' | 'phone_number' | 'email'>;
  /** The card is declined after the bot has agreed. */
  readonly declined?: boolean;
  /** The money moves though the bot was not asked. Telegram never does that; the bot must not lose it all the same. */
  readonly unasked?: boolean;
};

export type PayOutcome =
  | {
      readonly paid: true;
      readonly chargeId: string;
      readonly providerChargeId: string;
      readonly totalAmount: number;
      readonly waitedMs: number;
    }
  | { readonly paid: false; readonly stage: 'shipping' | 'pre_checkout' | 'provider'; readonly error: string };

const ADDRESS: ShippingAddress = {
  country_code: 'SG',
  state: '',
  city: 'Singapore',
  street_line1: '1 Pasar Street',
  street_line2: '#02-03',
  post_code: '048583',
};

export async function pay(
  stage: Stage,
  person: Person,
  target: Seen | string,
  options: PayOptions,
): Promise<PayOutcome> {
  const { world } = stage;
  const { invoice, chat } = invoiceAt(stage, person, target, options);
  const info = orderInfo(invoice, options);
  const shipped = await askShipping(stage, person, invoice, { options, info });
  if ('paid' in shipped) return shipped;
  const { option } = shipped;
  const { currency, payload } = invoice;
  if ((options.tip ?? 0) > (invoice.max_tip_amount ?? 0)) throw new Error('The invoice does not take such a tip.');
  const totalAmount = totalOf(invoice) + (option ? totalOf(option) : 0) + (options.tip ?? 0);
  const about = {
    ...{ currency, total_amount: totalAmount, invoice_payload: payload },
    ...(option ? { shipping_option_id: option.id } : {}),
    ...(info ? { order_info: info } : {}),
  };
  const askedAt = world.clock.now();
  const verdict = options.unasked
    ? ({ ok: true } as const)
    : await ask(stage, person, {
        ...{ kind: 'pre_checkout_query', questions: world.preCheckouts, about },
        timeout: 'BOT_PRECHECKOUT_TIMEOUT',
      });
  const paidAt = world.clock.now();
  if (!verdict.ok) return { paid: false, stage: 'pre_checkout', error: verdict.error };
  if (options.declined) return { paid: false, stage: 'provider', error: 'PAYMENT_DECLINED' };
  const chargeId = world.nextId(currency === 'XTR' ? 'stx' : 'tg_charge_');
  const providerChargeId = world.nextId('prov_');
  book(world, {
    ...{ chargeId, providerChargeId, userId: person.user.id, chat, currency, totalAmount, payload },
    ...{ orderInfo: info, at: world.clock.now(), refunded: false },
  });
  const charges = { telegram_payment_charge_id: chargeId, provider_payment_charge_id: providerChargeId };
  const fields = { successful_payment: { ...about, ...charges } };
  const service = world.post({ chat, from: person.user, content: { kind: 'service', fields } });
  world.tell('message', world.messageJson(service), chat.id);
  return { paid: true, chargeId, providerChargeId, totalAmount, waitedMs: paidAt - askedAt };
}

function invoiceAt(stage: Stage, person: Person, target: Seen | string, options: PayOptions) {
  const { world } = stage;
  const home = world.privateChat(person);
  if (typeof target === 'string') {
    const invoice = invoiceOfLink(world, target);
    if (!invoice) throw new Error(`${target} is no invoice link of this bot.`);
    return { invoice, chat: home };
  }
  const { content, chat, deleted } = target.stored;
  if (content.kind !== 'invoice' || deleted) throw new Error('There is no invoice on this message any more.');
  const { invoice } = content;
  if (options.forwarded || target.stored.extra.forward_origin) {
    if (invoice.start_parameter)
      throw new Error('A forwarded copy of this invoice has a link to the bot, no Pay button.');
    return { invoice, chat: home };
  }
  if (!world.isIn(chat, person.user.id)) throw new Error('This person does not see the invoice.');
  return { invoice, chat };
}

function orderInfo(invoice: InvoiceArgs, options: PayOptions): OrderInfo | undefined {
  if (invoice.currency === 'XTR') return undefined;
  const {
    name = 'Pat Buyer',
    phone_number: phone = '+6581234567',
    email = 'pat@example.com',
  } = options.orderInfo ?? {};
  const info = {
    ...(invoice.need_name ? { name } : {}),
    ...(invoice.need_phone_number ? { phone_number: phone } : {}),
    ...(invoice.need_email ? { email } : {}),
    ...(invoice.need_shipping_address ? { shipping_address: { ...ADDRESS, ...options.address } } : {}),
  };
  return Object.keys(info).length === 0 ? undefined : info;
}

async function askShipping(
  stage: Stage,
  person: Person,
  invoice: InvoiceArgs,
  { options, info }: { options: PayOptions; info: OrderInfo | undefined },
): Promise<{ option: ShippingOption | undefined } | (PayOutcome & { paid: false })> {
  if (!invoice.is_flexible || !info?.shipping_address) return { option: undefined };
  const answer = await ask(stage, person, {
    ...{ kind: 'shipping_query', questions: stage.world.shippings, timeout: 'BOT_SHIPPING_TIMEOUT' },
    about: { invoice_payload: invoice.payload, shipping_address: info.shipping_address },
  });
  if (!answer.ok) return { paid: false, stage: 'shipping', error: answer.error };
  const wanted = options.shippingOption;
  const option = wanted === undefined ? answer.options[0] : answer.options.find((one) => one.id === wanted);
  if (!option) throw new Error(`There is no shipping option ${wanted ?? ''}.`);
  return { option };
}

type Refused = { readonly ok: false; readonly error: string };

async function ask<Answer>(
  stage: Stage,
  person: Person,
  question: {
    kind: 'pre_checkout_query' | 'shipping_query';
    questions: Map<string, Question<Answer>>;
    about: object;
    timeout: string;
  },
): Promise<Answer | Refused> {
  const { world, waiting, checkoutMs } = stage;
  const { kind, about, questions } = question;
  const id = world.nextId('q');
  const asked: Question<Answer> = {
    ...{
      id,
      from: person.user,
      askedAt: world.clock.now(),
      message: undefined,
      answer: undefined,
      answeredAt: undefined,
    },
  };
  questions.set(id, asked);
  const told = world.tell(kind, { id, from: person.user, ...about }, `${kind} ${person.user.id}`);
  if (!told) throw new Error(`The bot did not ask for ${kind} in allowed_updates: nobody can pay.`);
  try {
    return await waiting.until(() => asked.answer, { what: `an answer to ${kind}`, timeoutMs: checkoutMs });
  } catch {
    // From now on an answer comes too late.
    questions.delete(id);
    return { ok: false, error: question.timeout };
  }
}
