import { fail, ok } from '../../domain/faults.ts';
import { isOpenOrder } from '../../domain/order.ts';
import { may, type Actor } from '../../domain/policy.ts';
import type { ShopData } from '../../ports/shown.ts';
import type { Reads } from '../../ports/store.ts';
import type { LoadContext, Loader } from './loader.ts';
import { shopData } from './rights.ts';

/** A menu counts up to here; more is "many" to anybody. */
const COUNT_MAX = 100;

export const loadHome: Loader<'home'> = async (reads, at) => {
  const { actor, person, community, deps } = at;
  if (!actor || !person || !may(actor, 'market.see', { communityId: community.id })) return fail('not_found');
  const orders = await reads.orders.ordersOf(person.id, COUNT_MAX);
  const { id, name, currency, timeZone } = community;
  const shops = await shopsOf(reads, actor, community.id);
  return ok({
    community: { id, title: name, currency, timeZone },
    name: person.name,
    role: actor.role,
    shops: shops.all,
    basketUnits: await basketUnits(reads, at, person.id),
    openOrders: orders.filter((order) => order.communityId === id && isOpenOrder(order.state)).length,
    toShip: shops.toShip,
    openQuestions: shops.openQuestions,
    openCases: await openCases(reads, at),
    demo: deps.settings.demo,
  });
};

type ShopsOf = { readonly all: ShopData[]; readonly toShip: number; readonly openQuestions: number };

/** The shops this person works in, and the one they have applied for. */
async function shopsOf(reads: Reads, actor: Actor, communityId: string): Promise<ShopsOf> {
  const all: ShopData[] = [];
  let [toShip, openQuestions] = [0, 0];
  for (const shop of await reads.people.shops(communityId)) {
    const mine = shopData(shop, actor);
    if (mine) {
      all.push(mine);
      const waiting = await waitingAt(reads, shop.id);
      toShip += waiting.toShip;
      openQuestions += waiting.openQuestions;
    } else if (shop.ownerId === actor.personId) {
      all.push({ id: shop.id, title: shop.name, state: shop.state, role: 'seller' });
    }
  }
  return { all, toShip, openQuestions };
}

/** What waits for the shop's hand: paid orders to send or hand over, questions to answer. */
export async function waitingAt(reads: Reads, shopId: string): Promise<{ toShip: number; openQuestions: number }> {
  const orders = await reads.orders.ordersOfShop(shopId, ['paid'], COUNT_MAX);
  const questions = await reads.catalog.questions({ shopId, open: true, limit: COUNT_MAX });
  return { toShip: orders.length, openQuestions: questions.length };
}

async function basketUnits(reads: Reads, at: LoadContext, personId: string): Promise<number> {
  let units = 0;
  for (const basket of await reads.orders.baskets(personId)) {
    if (basket.communityId !== at.community.id) continue;
    for (const line of await reads.orders.lines(basket.id)) units += line.quantity;
  }
  return units;
}

/** Only for those who decide them. */
export async function openCases(reads: Reads, at: LoadContext): Promise<number> {
  const { actor, community } = at;
  if (!actor || !may(actor, 'case.resolve', { communityId: community.id })) return 0;
  const cases = await reads.payments.cases(community.id, COUNT_MAX);
  return cases.filter((one) => one.resolvedAt === null).length;
}
