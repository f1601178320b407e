/** What may be opened by a press. A notice is only ever sent. */
import { z } from 'zod';
import type { ProductKind } from '../../domain/product.ts';
import type { MessageName } from '../../ports/messages.ts';
import { day, id } from './fields.ts';

const PAGES_MAX = 1000;
const KINDS = ['physical', 'digital', 'service'] as const satisfies readonly ProductKind[];

export const message = z.discriminatedUnion('name', [
  z.strictObject({ name: z.enum(['card', 'choose']), listingId: id }),
  z.strictObject({
    name: z.enum([
      'home',
      'browse',
      'basket',
      'my_orders',
      'claims',
      'admin',
      'cases',
      'profile',
      'privacy',
      'my_data',
      'help',
    ]),
  }),
  z.strictObject({ name: z.enum(['order', 'timeline', 'sale']), orderId: id }),
  z.strictObject({ name: z.enum(['shop', 'shop_orders', 'questions', 'staff', 'money', 'connect']), shopId: id }),
  z.strictObject({
    name: z.literal('new_product'),
    shopId: id,
    productKind: z.enum(KINDS),
    chatId: id.nullable(),
    like: id.exactOptional(),
  }),
  z.strictObject({ name: z.literal('edit_product'), productId: id }),
  z.strictObject({ name: z.literal('answer'), questionId: id }),
  z.strictObject({ name: z.literal('exports'), shopId: id }),
  z.strictObject({ name: z.literal('orders_sheet'), shopId: id, from: day, to: day }),
  z.strictObject({ name: z.literal('new_bill'), shopId: id, personId: id.nullable() }),
  z.strictObject({ name: z.literal('coupons'), shopId: id.nullable() }),
  z.strictObject({ name: z.literal('packing'), shopId: id, page: z.int().min(0).max(PAGES_MAX) }),
]) satisfies z.ZodType<{ readonly name: Exclude<MessageName, 'notice'> }>;
