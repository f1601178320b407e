/** The more is bought, the more is off: the highest tier that is reached counts, alone. */
import * as z from 'zod';
import { mulDiv } from '../money.ts';
import { amounts, bps } from '../pricing/schema.ts';
import { type Kind, nothing, take } from './kind.ts';

const tier = z.union([
  z.strictObject({ from: amounts, amount: amounts }),
  z.strictObject({ from: amounts, bps: bps.min(1) }),
]);

export const tieredFields = { kind: z.literal('tiered'), tiers: z.array(tier).min(1).max(20).readonly() };

export const tiered: Kind<z.infer<z.ZodObject<typeof tieredFields>>> = {
  rank: 3,
  effect: ({ tiers }, { base, room, currency }) => {
    let lowest: number | undefined;
    let reached: { readonly from: number; readonly one: (typeof tiers)[number] } | undefined;
    for (const one of tiers) {
      const from = one.from[currency];
      if (from === undefined) continue;
      lowest = Math.min(from, lowest ?? from);
      if (base >= from && from >= (reached?.from ?? 0)) reached = { from, one };
    }
    if (lowest === undefined) return nothing('CURRENCY_NOT_SUPPORTED');
    if (!reached) return nothing('MIN_SPEND', lowest - base);
    if ('bps' in reached.one) return take(mulDiv(room, reached.one.bps, 10_000, 'half_up'), room);
    const amount = reached.one.amount[currency];
    return amount === undefined ? nothing('CURRENCY_NOT_SUPPORTED') : take(amount, room);
  },
};
