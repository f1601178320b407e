/** A person is forgotten at their own word: what they wrote and who they were goes; orders and money stay, with nobody behind them. */
import type { FaultCode } from '../../domain/faults.ts';
import type { Tie } from '../../ports/store/personal.ts';
import { audit } from '../audit.ts';
import { won } from '../commit.ts';
import { refuse, show, type UseCase } from '../deps.ts';
import { refreshSellers } from '../orders/order-panels.ts';

/** Of their orders, the sellers' panels that are drawn again, without name and address. */
const ORDERS_MAX = 200;

const WHY_NOT: Readonly<Record<Tie, FaultCode>> = {
  orders: 'erase_orders_open',
  money: 'erase_money_open',
  shop: 'erase_runs_shop',
  market: 'erase_runs_market',
};

export const eraseMe: UseCase<'erase_me'> = async (tx, at) => {
  const { personId } = at.actor;
  // Nothing is bought by them at the same moment.
  await tx.people.takePerson(personId);
  const [tie] = await tx.people.tiesOf(personId);
  if (tie !== undefined) return refuse(WHY_NOT[tie]);
  await audit(tx, at, 'person.erase', personId);
  for (const order of await tx.orders.ordersOf(personId, ORDERS_MAX)) await refreshSellers(tx, at, order);
  won(await tx.people.erasePerson(personId, at.now), `person ${personId}`);
  return show(null);
};
