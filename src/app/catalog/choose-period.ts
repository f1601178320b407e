/** From which day to which a shop's orders are wanted. Shows, and changes nothing. */
import { daysBetween, readDay } from '../calendar.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { shopFor } from './catalog-access.ts';

const PERIOD_DAYS_MAX = 366;

export const choosePeriod: UseCase<'choose_period'> = async (tx, at, { shopId, from, to }) => {
  const shop = await shopFor(tx, at, shopId, 'shop.export');
  if (!shop.ok) return shop;
  const period = readPeriod(from, to);
  return period ? show({ name: 'exports', shopId, period }) : refuse('period_invalid', { field: 'from' });
};

/** Both days are in it. Undefined for what is no period, or too long a one. */
export function readPeriod(from: string, to: string): { from: string; to: string } | undefined {
  const [first, last] = [readDay(from), readDay(to)];
  if (first === undefined || last === undefined) return undefined;
  const days = daysBetween(first, last);
  return days < 0 || days >= PERIOD_DAYS_MAX ? undefined : { from: first, to: last };
}
