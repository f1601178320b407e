/** The fee for sending, or as much of it as the cap covers. It never touches the items. */
import * as z from 'zod';
import { amounts } from '../pricing/schema.ts';
import { type Kind, nothing } from './kind.ts';

export const freeShippingFields = { kind: z.literal('free_shipping'), cap: amounts.optional() };

export const freeShipping: Kind<z.infer<z.ZodObject<typeof freeShippingFields>>> = {
  rank: 5,
  effect: (spec, { fee, currency }) => {
    if (fee === undefined) return nothing('NO_SHIPPING');
    if (spec.cap && spec.cap[currency] === undefined) return nothing('CURRENCY_NOT_SUPPORTED');
    return { does: 'ship', amount: spec.cap?.[currency] };
  },
};
