/** "About R$ 71.90": an amount in the viewer's own currency, for orientation. What is charged is always the exact price. */
import type { Money } from '../../domain/money.ts';
import { convertAbout, rateAge, type RateAgeLimits } from '../../domain/rates.ts';
import type { About } from '../../ports/shown.ts';
import type { LoadContext } from './loader.ts';

const DAY_MS = 86_400_000;

/**
 * Daily tables pause over long weekends. The table that ships with a release is older than that and is shown with its date, which is
 * enough for a word that begins with "about"; after a year it says nothing any more.
 */
const RATE_LIMITS: RateAgeLimits = { staleAfterMs: 4 * DAY_MS, expiredAfterMs: 366 * DAY_MS };

/** Null where nothing is to be said: the viewer pays in this currency anyway, or no rate is known that is young enough. */
export function aboutFor(at: Pick<LoadContext, 'deps' | 'now' | 'person'>, price: Money | null): About | null {
  const wanted = at.person?.currency;
  if (!price || !wanted || wanted === price.currency) return null;
  const rate = at.deps.rates.find(price.currency, wanted);
  if (!rate) return null;
  const age = rateAge(rate, at.now, RATE_LIMITS);
  if (age === 'expired') return null;
  const { source, asOf } = rate;
  return { money: convertAbout(price, rate), rate: rate.rate, source, asOf, stale: age === 'stale' };
}
