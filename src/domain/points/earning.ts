/** How many points a purchase earns: floored once per order, so that a refund can ask the same question of what remains. */
import type { PriceInput } from '../pricing/input.ts';
import type { QuoteEarning } from '../pricing/quote-shape.ts';

type Rate = QuoteEarning['rate'];

/** floor(base * points * multiplier / (per * 10000)). */
export function earnedPoints(base: number, rate: Rate, multiplierBps: number): number {
  const earned = (BigInt(base) * BigInt(rate.points) * BigInt(multiplierBps)) / (BigInt(rate.per) * 10_000n);
  if (earned > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`${earned} points leave the safe integers.`);
  return Number(earned);
}

/** What each multiplier gives above once adds up; never less than nothing, never above the cap. */
function multiplierOf({ multipliers = [], capBps }: NonNullable<PriceInput['earning']>): number {
  const sum = multipliers.reduce((total, one) => total + (one.bps - 10_000), 10_000);
  return Math.max(0, Math.min(sum, capBps ?? sum));
}

/** Null without a programme, and where it has no rate in the currency. */
export function earningOf({ earning, currency }: PriceInput, base: number): QuoteEarning | null {
  const rate = earning?.rate[currency];
  if (!earning || !rate) return null;
  const multiplierBps = multiplierOf(earning);
  return { points: earnedPoints(base, rate, multiplierBps), base, rate, multiplierBps };
}
