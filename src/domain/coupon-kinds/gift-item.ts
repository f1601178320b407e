/** Something on top: a line of its own whose price is 0, so that it is worth 0 in every refund. */
import * as z from 'zod';
import { count, id, label } from '../pricing/schema.ts';
import type { Kind } from './kind.ts';

export const giftItemFields = {
  kind: z.literal('gift_item'),
  gift: z.strictObject({ productId: id, variantId: id.optional(), title: label.optional(), quantity: count }),
};

export const giftItem: Kind<z.infer<z.ZodObject<typeof giftItemFields>>> = {
  rank: 4,
  effect: ({ gift }) => ({ does: 'give', gift }),
};
