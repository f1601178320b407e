import { isCurrency } from '../../domain/currency.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { textField } from '../catalog/fields.ts';
import { isLocale } from './locale.ts';

export const PERSON_NAME_MAX = 40;

/** A person's own name, language and currency; what is absent stays as it is. */
export const setProfile: UseCase<'set_profile'> = async (tx, at, { name, locale, currency }) => {
  const words = name === undefined ? undefined : textField('name', name, { max: PERSON_NAME_MAX });
  if (words && !words.ok) return words;
  if (locale !== undefined && !isLocale(locale)) return refuse('input_invalid', { field: 'locale' });
  if (currency !== undefined && !isCurrency(currency)) {
    return refuse('currency_unknown', { field: 'currency', currency });
  }
  const changes = {
    ...(words ? { name: words.value } : {}),
    ...(locale === undefined ? {} : { locale }),
    ...(currency === undefined ? {} : { currency }),
  };
  if (Object.keys(changes).length > 0) await tx.people.updatePerson(at.actor.personId, changes);
  return show({ name: 'profile' });
};
