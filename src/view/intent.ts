/** The one door: what a button stored and what a person typed become an intent, or a refusal. Inside, the type is trusted. */
import { z } from 'zod';
import type { Result } from '../domain/faults.ts';
import type { CommunityRole } from '../domain/policy.ts';
import type { ProductKind } from '../domain/product.ts';
import type { Intent, IntentKind, IntentOf, StoredIntent } from '../ports/intents.ts';
import type { Message, MessageName } from '../ports/messages.ts';
import { formValues, merge } from './form-values.ts';

const ROLES = ['owner', 'admin', 'member'] as const satisfies readonly CommunityRole[];
const KINDS = ['physical', 'digital', 'service'] as const satisfies readonly ProductKind[];

const ID_MAX = 64;
const LINE_MAX = 200;
const TEXT_MAX = 4000;
const CODES_MAX = 50_000;
const LIST_MAX = 100;
const QUANTITY_MAX = 1_000_000;

const id = z.string().min(1).max(ID_MAX);
/** One line as it was typed: the use case cleans it and judges its meaning. */
const line = z.string().max(LINE_MAX);
const text = z.string().max(TEXT_MAX);
const amount = z.string().max(40);
const codes = z.string().max(CODES_MAX);

/** A form's number field sends text, in the digits of the typist's script; a stored one is a number. */
const quantity = z
  .union([z.number(), z.string().max(20).transform(wholeNumber)])
  .pipe(z.int().min(0).max(QUANTITY_MAX));

/** An unticked box sends nothing. */
const ticked = z
  .union([z.boolean(), z.enum(['', 'on', 'true', 'false'])])
  .transform((value) => value === true || value === 'on' || value === 'true')
  .default(false);

const several = z.union([id.transform((one) => [one]), z.array(id).max(LIST_MAX)]);

/** A product's kind decides which fields its form has; what is not asked is empty. */
const form = z.strictObject({
  title: text.default(''),
  description: text.default(''),
  price: amount.default(''),
  otherPrices: line.default(''),
  options: text.default(''),
  stock: amount.default(''),
  limitPerPerson: amount.default(''),
  holdMinutes: amount.default(''),
  imageDigest: z.string().max(128).default(''),
  imageAlt: text.default(''),
  pickup: ticked,
  pickupNote: text.default(''),
  shippingFee: amount.default(''),
  shippingFreeFrom: amount.default(''),
  digitalText: text.default(''),
  digitalCodes: codes.default(''),
  serviceNote: text.default(''),
});

const unitsOfLine = z.strictObject({ lineId: id, quantity });
/** By line ("lines.<id>": "2") from a form, or as a list; no units is not a line. */
const units = z
  .union([
    z.array(unitsOfLine).max(LIST_MAX),
    z
      .record(id, z.union([z.literal('').transform(() => 0), quantity]))
      .transform((byLine) => Object.entries(byLine).map(([lineId, count]) => ({ lineId, quantity: count }))),
  ])
  .transform((lines) => lines.filter((one) => one.quantity > 0))
  .default([]);

/** What may be opened by a press. A notice is only ever sent. */
const message = z.discriminatedUnion('name', [
  z.strictObject({ name: z.enum(['card', 'choose']), listingId: id }),
  z.strictObject({ name: z.enum(['home', 'browse', 'basket', 'my_orders', 'admin', 'cases', 'profile', 'help']) }),
  z.strictObject({ name: z.enum(['order', 'timeline', 'sale']), orderId: id }),
  z.strictObject({ name: z.enum(['shop', 'shop_orders', 'questions', 'staff']), shopId: id }),
  z.strictObject({
    name: z.literal('new_product'),
    shopId: id,
    productKind: z.enum(KINDS),
    chatId: id.nullable(),
  }),
  z.strictObject({ name: z.literal('edit_product'), productId: id }),
  z.strictObject({ name: z.literal('answer'), questionId: id }),
]) satisfies z.ZodType<{ readonly name: Exclude<MessageName, 'notice'> }>;

const SCHEMAS = {
  show: z.strictObject({ kind: z.literal('show'), message: message.transform((shown): Message => shown as Message) }),
  say: z.strictObject({ kind: z.literal('say'), chatId: id, text }),
  set_profile: z.strictObject({
    kind: z.literal('set_profile'),
    name: line.exactOptional(),
    locale: z.string().max(35).exactOptional(),
    currency: z.string().max(10).exactOptional(),
  }),
  choose_role: z.strictObject({ kind: z.literal('choose_role'), role: z.enum([...ROLES, 'seller', 'helper']) }),
  apply_shop: z.strictObject({ kind: z.literal('apply_shop'), name: line }),
  decide_shop: z.strictObject({ kind: z.literal('decide_shop'), shopId: id, approve: z.boolean() }),
  freeze_shop: z.strictObject({ kind: z.literal('freeze_shop'), shopId: id, frozen: z.boolean() }),
  put_helper: z.strictObject({ kind: z.literal('put_helper'), shopId: id, personId: id, helps: z.boolean() }),
  post_product: z.strictObject({
    kind: z.literal('post_product'),
    shopId: id,
    chatIds: several.default([]),
    productKind: z.enum(KINDS),
    form,
  }),
  edit_product: z.strictObject({ kind: z.literal('edit_product'), productId: id, form }),
  list_product: z.strictObject({ kind: z.literal('list_product'), productId: id, chatId: id }),
  set_stock: z.strictObject({ kind: z.literal('set_stock'), variantId: id, stock: amount }),
  set_price: z.strictObject({ kind: z.literal('set_price'), variantId: id, price: amount }),
  add_codes: z.strictObject({ kind: z.literal('add_codes'), productId: id, codes }),
  pause_product: z.strictObject({ kind: z.literal('pause_product'), productId: id, paused: z.boolean() }),
  withdraw_product: z.strictObject({ kind: z.literal('withdraw_product'), productId: id }),
  freeze_product: z.strictObject({ kind: z.literal('freeze_product'), productId: id, frozen: z.boolean() }),
  report_product: z.strictObject({ kind: z.literal('report_product'), productId: id, reason: text }),
  dismiss_reports: z.strictObject({ kind: z.literal('dismiss_reports'), productId: id }),
  ask_seller: z.strictObject({ kind: z.literal('ask_seller'), productId: id, text }),
  answer_question: z.strictObject({ kind: z.literal('answer_question'), questionId: id, text }),
  buy: z.strictObject({
    kind: z.literal('buy'),
    listingId: id,
    variantId: id.exactOptional(),
    quantity: quantity.exactOptional(),
  }),
  basket_add: z.strictObject({
    kind: z.literal('basket_add'),
    productId: id,
    variantId: id.exactOptional(),
    quantity: quantity.exactOptional(),
  }),
  basket_set: z.strictObject({ kind: z.literal('basket_set'), orderId: id, variantId: id, quantity }),
  basket_checkout: z.strictObject({ kind: z.literal('basket_checkout'), orderId: id }),
  set_quantity: z.strictObject({ kind: z.literal('set_quantity'), orderId: id, quantity }),
  choose_delivery: z.strictObject({
    kind: z.literal('choose_delivery'),
    orderId: id,
    method: z.enum(['pickup', 'ship']),
  }),
  set_address: z.strictObject({
    kind: z.literal('set_address'),
    orderId: id,
    recipient: line,
    lines: text,
    phone: line.default(''),
  }),
  choose_channel: z.strictObject({ kind: z.literal('choose_channel'), orderId: id, channel: id }),
  cancel_order: z.strictObject({ kind: z.literal('cancel_order'), orderId: id }),
  received: z.strictObject({ kind: z.literal('received'), orderId: id }),
  ship: z.strictObject({ kind: z.literal('ship'), orderId: id, tracking: text.default('') }),
  hand_over: z.strictObject({ kind: z.literal('hand_over'), orderId: id }),
  confirm_cash: z.strictObject({ kind: z.literal('confirm_cash'), orderId: id }),
  refund: z
    .strictObject({
      kind: z.literal('refund'),
      orderId: id,
      amount: amount.default(''),
      lines: units,
      restock: ticked,
      /** From the form that asks how much: sent empty it is a slip, not the wish to pay back everything. */
      part: z.literal(true).exactOptional(),
    })
    .refine((one) => !one.part || one.amount.trim() !== '' || one.lines.length > 0, { path: ['amount'] })
    .transform(({ kind, orderId, amount: typed, lines, restock }) => {
      return { kind, orderId, amount: typed, lines, restock };
    }),
  refund_paid_by_hand: z.strictObject({ kind: z.literal('refund_paid_by_hand'), refundId: id, proof: text }),
  configure: z.strictObject({
    kind: z.literal('configure'),
    name: line,
    currency: z.string().max(10),
    timeZone: z.string().max(64),
    locale: z.string().max(35),
  }),
  resolve_case: z.strictObject({
    kind: z.literal('resolve_case'),
    caseId: id,
    decision: z.enum(['deliver', 'refund', 'dismiss']),
  }),
} satisfies { [K in IntentKind]: z.ZodType<IntentOf<K>> };

/**
 * `stored` comes from our own handle; `values` from the form, trusted in nothing: a flat record of texts, ticks and lists whose names
 * may be dotted ("form.title", "lines.<id>"). A value fills what the button left open and never changes what it says.
 */
export function parseIntent(stored: StoredIntent, values?: unknown): Result<Intent> {
  const schema: z.ZodType<Intent> | undefined = Object.hasOwn(SCHEMAS, stored.kind) ? SCHEMAS[stored.kind] : undefined;
  const typed = formValues(values);
  const merged = schema && typed && merge(stored, typed);
  if (!schema || !merged) return refused('');
  const parsed = schema.safeParse(merged);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  if (issue?.code === 'too_big' && issue.origin === 'string') {
    return { ok: false, fault: { code: 'text_too_long', params: { max: Number(issue.maximum), field } } };
  }
  return /^lines|quantity$/.test(field) ? { ok: false, fault: { code: 'quantity_invalid' } } : refused(field);
}

function refused(field: string): Result<Intent> {
  return { ok: false, fault: { code: 'input_invalid', params: { field } } };
}

const decimalDigit = /^\p{Nd}$/u;

/** NaN for anything but digits, which the schema then refuses. */
function wholeNumber(typed: string): number {
  const digits = Array.from(typed.trim(), digitOf);
  return digits.length === 0 || digits.includes(undefined) ? Number.NaN : Number(digits.join(''));
}

/** Unicode keeps the decimal digits of a script in one run of ten. */
function digitOf(char: string): number | undefined {
  if (!decimalDigit.test(char)) return undefined;
  const own = char.codePointAt(0) ?? 0;
  let zero = own;
  while (decimalDigit.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return (own - zero) % 10;
}
