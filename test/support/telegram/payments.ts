// The bot's side of payments: links, answers to the questions of a checkout, refunds in Stars and the book of Stars.
import type { StarTransaction, StarTransactions } from 'grammy/types';
import type { ArgsOf } from './methods.ts';
import type { PaidEntry, Question } from './model.ts';
import { badRequest } from './refusal.ts';
import type { World } from './world.ts';

const LINK = 'https://t.me/$';
/** How long the bot has for an answer to a pre_checkout_query. */
export const CHECKOUT_MS = 10_000;
const CALLBACK_MS = 150_000;

export function createLink(world: World, args: ArgsOf<'createInvoiceLink'>): string {
  const slug = world.nextId('inv');
  world.invoiceLinks.set(slug, args);
  return `${LINK}${slug}`;
}

export function invoiceOfLink(world: World, link: string) {
  return link.startsWith(LINK) ? world.invoiceLinks.get(link.slice(LINK.length)) : undefined;
}

/** Writes an answer to its question. Throws when the question is unknown, answered or too old. */
export function answer<Answer>(
  world: World,
  questions: ReadonlyMap<string, Question<Answer>>,
  { id, value, withinMs }: { id: string; value: Answer; withinMs: number },
): true {
  const question = questions.get(id);
  const now = world.clock.now();
  if (!question || question.answer !== undefined || now - question.askedAt > withinMs) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  }
  question.answer = value;
  question.answeredAt = now;
  return true;
}

export function answerCallback(world: World, args: ArgsOf<'answerCallbackQuery'>): true {
  const { url } = args;
  // Only a deep link to the bot itself may be opened, as the fake has no games.
  if (url !== undefined && !url.startsWith(`https://t.me/${world.bot.username}?start=`))
    throw badRequest('URL_INVALID');
  const id = args.callback_query_id;
  const value = { text: args.text || undefined, showAlert: args.show_alert ?? false, url };
  // A second answer to the same tap is accepted by Telegram and shows nothing new.
  const question = world.callbacks.get(id);
  if (question?.answer && world.clock.now() - question.askedAt <= CALLBACK_MS) return true;
  return answer(world, world.callbacks, { id, value, withinMs: CALLBACK_MS });
}

export function answerPreCheckout(world: World, args: ArgsOf<'answerPreCheckoutQuery'>): true {
  const value = args.ok ? ({ ok: true } as const) : ({ ok: false, error: args.error_message ?? '' } as const);
  return answer(world, world.preCheckouts, { id: args.pre_checkout_query_id, value, withinMs: CHECKOUT_MS });
}

export function answerShipping(world: World, args: ArgsOf<'answerShippingQuery'>): true {
  const value = args.ok
    ? ({ ok: true, options: args.shipping_options ?? [] } as const)
    : ({ ok: false, error: args.error_message ?? '' } as const);
  return answer(world, world.shippings, { id: args.shipping_query_id, value, withinMs: CHECKOUT_MS });
}

export function refund(world: World, args: ArgsOf<'refundStarPayment'>): true {
  const paid = world.books.payments.find((entry) => entry.chargeId === args.telegram_payment_charge_id);
  if (!paid || paid.userId !== args.user_id || paid.currency !== 'XTR') throw badRequest('CHARGE_ID_INVALID');
  if (paid.refunded) throw badRequest('CHARGE_ALREADY_REFUNDED');
  paid.refunded = true;
  const { chargeId, totalAmount, chat, payload } = paid;
  world.books.stars.push({ ...starEntry(world, paid), date: world.nowS, receiver: partner(world, paid) });
  const fields = {
    refunded_payment: {
      ...{ currency: 'XTR' as const, total_amount: totalAmount, invoice_payload: payload },
      telegram_payment_charge_id: chargeId,
    },
  };
  const from = world.userOf(paid.userId) ?? world.bot;
  const service = world.post({ chat, from, content: { kind: 'service', fields } });
  world.tell('message', world.messageJson(service), chat.id);
  return true;
}

const starEntry = (world: World, paid: PaidEntry) => ({
  id: paid.chargeId,
  amount: paid.totalAmount,
  date: world.nowS,
});

function partner(world: World, paid: PaidEntry): NonNullable<StarTransaction['source']> {
  const user = world.userOf(paid.userId) ?? world.bot;
  return { type: 'user', transaction_type: 'invoice_payment', user, invoice_payload: paid.payload };
}

/** Books a payment that a person made; in Stars it also stands in the bot's own statement. */
export function book(world: World, paid: PaidEntry): void {
  world.books.payments.push(paid);
  if (paid.currency === 'XTR') world.books.stars.push({ ...starEntry(world, paid), source: partner(world, paid) });
}

export function starTransactions(world: World, args: ArgsOf<'getStarTransactions'>): StarTransactions {
  const from = args.offset ?? 0;
  return { transactions: world.books.stars.slice(from, from + (args.limit ?? 100)) };
}

/** What the bot holds, in whole Stars. */
export function starBalance(world: World): number {
  return world.books.stars.reduce((sum, entry) => sum + (entry.source ? entry.amount : -entry.amount), 0);
}
