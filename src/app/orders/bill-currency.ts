/** Which currency a bill is drawn up in: the platform's own where it demands that, else the buyer's or the community's. */
import { fail, ok, type Result } from '../../domain/faults.ts';
import { digitalCurrencyOf } from '../../domain/platform-rules.ts';
import type { Reads } from '../../ports/store.ts';
import type { Community, Person } from '../../ports/store/people.ts';
import { type Chosen, currencyOf } from './draw-up.ts';

/** Where somebody buys: the chat it was said in, or in private the platform that they are on. */
export async function platformOf(
  reads: Reads,
  { personId, chatId }: { personId: string; chatId: string | null },
): Promise<string | undefined> {
  const chat = chatId === null ? undefined : await reads.people.chat(chatId);
  return chat?.platform ?? (await reads.people.platformsOf(personId))[0];
}

export const isFree = (prices: Readonly<Record<string, number>>): boolean =>
  Object.values(prices).every((amount) => amount === 0);

/** Refuses digital goods that have no price in what the platform demands, and those that stand among others. */
export function billCurrency(
  chosen: readonly Chosen[],
  community: Pick<Community, 'currency'>,
  person: Pick<Person, 'currency'> | null,
  platform: string | undefined,
): Result<string> {
  const demanded = digitalCurrencyOf(platform);
  const digital = chosen.filter(({ product, variant }) => product.kind === 'digital' && !isFree(variant.prices));
  if (demanded === undefined || digital.length === 0) return ok(currencyOf(chosen, community, person));
  const unpriced = digital.find(({ variant }) => variant.prices[demanded] === undefined);
  if (unpriced) return fail('platform_price_missing', { title: unpriced.product.title, currency: demanded });
  return chosen.every(({ product }) => product.kind === 'digital') ? ok(demanded) : fail('digital_separately');
}
