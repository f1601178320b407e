/** So many hundredths of a percent off what is left, half up, once for the coupon; at most the cap. */
import * as z from 'zod';
import { mulDiv } from '../money.ts';
import { amounts, bps } from '../pricing/schema.ts';
import { type Kind, nothing, take } from './kind.ts';

export const percentFields = {
  kind: z.literal('percent'),
  bps: bps.min(1),
  /** Where there is a cap, a currency without one is refused. */
  cap: amounts.optional(),
};

export const percent: Kind<z.infer<z.ZodObject<typeof percentFields>>> = {
  rank: 2,
  effect: (spec, { room, currency }) => {
    const cap = spec.cap ? spec.cap[currency] : room;
    if (cap === undefined) return nothing('CURRENCY_NOT_SUPPORTED');
    return take(Math.min(mulDiv(room, spec.bps, 10_000, 'half_up'), cap), room);
  },
};
