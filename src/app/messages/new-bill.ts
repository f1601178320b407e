import { ok } from '../../domain/faults.ts';
import type { Loader } from './loader.ts';
import { shopRef, visibleShop } from './rights.ts';

const MEMBERS_MAX = 100;

/** Whom a seller may send a bill to: everybody here but themselves. */
export const loadNewBill: Loader<'new_bill'> = async (reads, at, { shopId, personId }) => {
  const found = await visibleShop(reads, at, shopId, 'bill.request');
  if (!found.ok) return found;
  const members = await reads.people.members(at.community.id, MEMBERS_MAX);
  const others = members.map((one) => one.personId).filter((id) => id !== found.value.actor.personId);
  // Who was named already is offered, also where the list is longer than what it shows.
  const wanted = personId !== null && !others.includes(personId) ? [personId, ...others] : others;
  const people = await reads.people.people(wanted);
  return ok({
    shop: shopRef(found.value.shop),
    people: people.map(({ id, name }) => ({ id, title: name })),
    personId: people.some(({ id }) => id === personId) ? personId : null,
    currency: at.community.currency,
  });
};
