/**
 * Of every full group of `buy + get` units the cheapest `get` are free (or `offBps` off). Units are taken from the dearest down. A unit
 * is worth its share of what is left of its line: floor(left * free units / units).
 */
import * as z from 'zod';
import { mulDiv } from '../money.ts';
import { freeUnits } from '../pricing/free-units.ts';
import { bps, count } from '../pricing/schema.ts';
import { type Kind, type LinePart, nothing } from './kind.ts';

export const buyXGetYFields = {
  kind: z.literal('buy_x_get_y'),
  buy: count,
  get: count,
  offBps: bps.min(1).optional(),
  /** Groups of one order. */
  maxTimes: count.optional(),
};

export const buyXGetY: Kind<z.infer<z.ZodObject<typeof buyXGetYFields>>> = {
  rank: 1,
  effect: (spec, { lines, left, scoped }) => {
    const { free, missing } = freeUnits(
      scoped.map((line) => ({
        line,
        units: lines[line]?.quantity ?? 0,
        price: lines[line]?.unitPrice ?? 0,
      })),
      spec,
    );
    if (missing > 0) return nothing('NOT_ENOUGH_ITEMS', missing);
    const parts: LinePart[] = [];
    for (const [line, units] of free) {
      const worth = mulDiv(left[line] ?? 0, units, lines[line]?.quantity ?? 1, 'floor');
      parts.push({ line, amount: mulDiv(worth, spec.offBps ?? 10_000, 10_000, 'half_up') });
    }
    return { does: 'take_from', parts };
  },
};
