/** Products: posting, changing, asking, reporting. */
import { z } from 'zod';
import type { ProductKind } from '../../domain/product.ts';
import type { CatalogIntent } from '../../ports/intents/catalog.ts';
import { amount, codes, day, id, line, several, text, ticked } from './fields.ts';

const KINDS = ['physical', 'digital', 'service'] as const satisfies readonly ProductKind[];

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
  quickPay: ticked,
});

export const catalogSchemas = {
  post_product: z.strictObject({
    kind: z.literal('post_product'),
    shopId: id,
    chatIds: several.default([]),
    productKind: z.enum(KINDS),
    form,
  }),
  edit_product: z.strictObject({ kind: z.literal('edit_product'), productId: id, form }),
  list_product: z.strictObject({ kind: z.literal('list_product'), productId: id, chatId: id }),
  card_placed: z.strictObject({ kind: z.literal('card_placed'), productId: id, platform: id, place: line }),
  repost_card: z.strictObject({
    kind: z.literal('repost_card'),
    productId: id,
    chatId: id,
    times: z.int().min(0).max(1_000_000),
  }),
  set_stock: z.strictObject({ kind: z.literal('set_stock'), variantId: id, stock: amount }),
  set_price: z.strictObject({ kind: z.literal('set_price'), variantId: id, price: amount }),
  add_codes: z.strictObject({ kind: z.literal('add_codes'), productId: id, codes }),
  pause_product: z.strictObject({ kind: z.literal('pause_product'), productId: id, paused: z.boolean() }),
  withdraw_product: z.strictObject({ kind: z.literal('withdraw_product'), productId: id }),
  freeze_product: z.strictObject({ kind: z.literal('freeze_product'), productId: id, frozen: z.boolean() }),
  report_product: z.strictObject({ kind: z.literal('report_product'), productId: id, reason: text }),
  set_digest: z.strictObject({ kind: z.literal('set_digest'), shopId: id, time: amount.default('') }),
  place_index: z.strictObject({ kind: z.literal('place_index'), chatId: id }),
  choose_period: z.strictObject({ kind: z.literal('choose_period'), shopId: id, from: day, to: day }),
  dismiss_reports: z.strictObject({ kind: z.literal('dismiss_reports'), productId: id }),
  ask_seller: z.strictObject({ kind: z.literal('ask_seller'), productId: id, text }),
  answer_question: z.strictObject({ kind: z.literal('answer_question'), questionId: id, text }),
} satisfies { [K in CatalogIntent['kind']]: z.ZodType<Extract<CatalogIntent, { kind: K }>> };
