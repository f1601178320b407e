import { isCurrency } from '../../domain/currency.ts';
import { may } from '../../domain/policy.ts';
import { audit } from '../audit.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { textField } from '../catalog/fields.ts';
import { isLocale } from './locale.ts';
import { moveDigests } from '../catalog/evening-digest.ts';
import { refreshCards } from '../tell.ts';

const PRODUCTS_MAX = 1000;

/** A steward names the community and says which money, time and language it keeps. Cards follow the new currency. */
export const configureCommunity: UseCase<'configure'> = async (tx, at, { name, currency, timeZone, locale }) => {
  const { id } = at.community;
  if (!may(at.actor, 'community.configure', { communityId: id })) return refuse('not_allowed');
  const words = textField('name', name, { max: 60 });
  if (!words.ok) return words;
  if (!isCurrency(currency)) return refuse('currency_unknown', { field: 'currency', currency });
  if (!isTimeZone(timeZone)) return refuse('time_zone_unknown', { field: 'timeZone', timeZone });
  if (!isLocale(locale)) return refuse('input_invalid', { field: 'locale' });
  const shown = { communityId: id, states: ['on_sale', 'paused', 'frozen'], limit: PRODUCTS_MAX } as const;
  const products = currency === at.community.currency ? [] : await tx.catalog.products(shown);

  await tx.people.updateCommunity(id, { name: words.value, currency, timeZone, locale });
  for (const product of products) await refreshCards(tx, at, product.id);
  if (timeZone !== at.community.timeZone) await moveDigests(tx, { id, timeZone }, at.now);
  await audit(tx, at, 'community.configure', id, { currency, timeZone, locale });
  return show({ name: 'admin' });
};

/** A name of the time zone database; bare offsets know no summer time. */
function isTimeZone(name: string): boolean {
  if (name.length > 64 || !/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
