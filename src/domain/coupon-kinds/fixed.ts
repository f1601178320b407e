/** An amount off, at most what is left. */
import * as z from 'zod';
import { amounts } from '../pricing/schema.ts';
import { type Kind, nothing, take } from './kind.ts';

export const fixedFields = { kind: z.literal('fixed'), amount: amounts };

export const fixed: Kind<z.infer<z.ZodObject<typeof fixedFields>>> = {
  rank: 3,
  effect: (spec, { room, currency }) => {
    const amount = spec.amount[currency];
    return amount === undefined ? nothing('CURRENCY_NOT_SUPPORTED') : take(amount, room);
  },
};
