import { currencies } from '../../domain/currency.ts';
import { fail, ok } from '../../domain/faults.ts';
import type { Loader } from './loader.ts';

/** A person about themselves. The currencies offered are those that prices here can be told in. */
export const loadProfile: Loader<'profile'> = async (_reads, { actor, person, community, deps }) => {
  if (!actor || !person) return fail('not_found');
  const own = community.currency;
  const chosen = person.currency ?? own;
  const told = currencies.filter((one) => one === own || one === chosen || deps.rates.find(own, one) !== undefined);
  const { name, locale } = person;
  return ok({ name, locale, currency: chosen, currencies: told, demo: deps.settings.demo, role: actor.role });
};
