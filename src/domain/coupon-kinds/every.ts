/** For every so much bought, so much off: floor(bought / every) times, at most `maxTimes`. */
import * as z from 'zod';
import { amounts, count } from '../pricing/schema.ts';
import { type Kind, nothing, take } from './kind.ts';

export const everyFields = {
  kind: z.literal('every'),
  every: z.record(z.string(), count.max(Number.MAX_SAFE_INTEGER)),
  off: amounts,
  maxTimes: count.optional(),
};

export const every: Kind<z.infer<z.ZodObject<typeof everyFields>>> = {
  rank: 3,
  effect: (spec, { base, room, currency }) => {
    const step = spec.every[currency];
    const off = spec.off[currency];
    if (step === undefined || off === undefined) return nothing('CURRENCY_NOT_SUPPORTED');
    if (base < step) return nothing('MIN_SPEND', step - base);
    const times = Math.min(Math.floor(base / step), spec.maxTimes ?? Number.MAX_SAFE_INTEGER);
    // Beyond what is left the exact product is of no interest, and may be no safe integer.
    return take(times >= room && off > 0 ? room : Math.min(times * off, room), room);
  },
};
