/** Every kind, by its name. A new one is a file beside this one and a line in both lists. */
import * as z from 'zod';
import { buyXGetY, buyXGetYFields } from './buy-x-get-y.ts';
import { every, everyFields } from './every.ts';
import { fixed, fixedFields } from './fixed.ts';
import { freeShipping, freeShippingFields } from './free-shipping.ts';
import { giftItem, giftItemFields } from './gift-item.ts';
import type { Effect, Ground, Kind } from './kind.ts';
import { percent, percentFields } from './percent.ts';
import { tiered, tieredFields } from './tiered.ts';

const KINDS = {
  percent,
  fixed,
  tiered,
  every,
  buy_x_get_y: buyXGetY,
  free_shipping: freeShipping,
  gift_item: giftItem,
};

/** One shape for each kind, with the fields that its rule has beside it. */
export const withKinds = <F extends z.core.$ZodShape>(fields: F) =>
  z.discriminatedUnion('kind', [
    z.strictObject({ ...fields, ...percentFields }),
    z.strictObject({ ...fields, ...fixedFields }),
    z.strictObject({ ...fields, ...tieredFields }),
    z.strictObject({ ...fields, ...everyFields }),
    z.strictObject({ ...fields, ...buyXGetYFields }),
    z.strictObject({ ...fields, ...freeShippingFields }),
    z.strictObject({ ...fields, ...giftItemFields }),
  ]);

export type KindName = keyof typeof KINDS;
type Spec = z.infer<ReturnType<typeof withKinds<{ id: z.ZodString }>>>;

export const rankOf = (spec: { readonly kind: KindName }): number => KINDS[spec.kind].rank;
export const effectOf = (spec: Spec, ground: Ground): Effect => (KINDS[spec.kind] as Kind<Spec>).effect(spec, ground);
