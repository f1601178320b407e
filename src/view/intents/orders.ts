/** Orders: buying, and handing over. */
import { z } from 'zod';
import type { OrderIntent } from '../../ports/intents/orders.ts';
import { amount, codes, id, line, quantity, several, text } from './fields.ts';

export const orderSchemas = {
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
  cancel_order: z.strictObject({ kind: z.literal('cancel_order'), orderId: id }),
  received: z.strictObject({ kind: z.literal('received'), orderId: id }),
  ship: z.strictObject({ kind: z.literal('ship'), orderId: id, tracking: text.default('') }),
  hand_over: z.strictObject({ kind: z.literal('hand_over'), orderId: id }),
  bill_person: z.strictObject({
    kind: z.literal('bill_person'),
    shopId: id,
    personId: id,
    amount,
    text: line,
    productKind: z.enum(['service', 'physical']).default('service'),
  }),
  fulfil_many: z.strictObject({
    kind: z.literal('fulfil_many'),
    shopId: id,
    orderIds: several.default([]),
    tracking: codes.default(''),
  }),
} satisfies { [K in OrderIntent['kind']]: z.ZodType<Extract<OrderIntent, { kind: K }>> };
