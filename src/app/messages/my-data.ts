/** All that is kept about a person, as one JSON document, for that person alone. Instants are ISO 8601. */
import { fail, ok } from '../../domain/faults.ts';
import type { Reads } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Loader } from './loader.ts';

const ORDERS_MAX = 1_000;

export const loadPrivacy: Loader<'privacy'> = (_reads, at) =>
  Promise.resolve(at.actor ? ok({ community: at.community.name }) : fail('not_found'));

export const loadMyData: Loader<'my_data'> = async (reads, at) => {
  const { person } = at;
  if (!at.actor || !person) return fail('not_found');
  const { id, name, locale, currency, createdAt } = person;
  const texts = await reads.people.personalTexts(id);
  const document = {
    madeAt: timeOf(at.now),
    person: { id, name, locale, currency, since: timeOf(createdAt) },
    identities: await Promise.all(
      texts.identities.map(async ({ platform, createdAt: since }) => {
        const userId = (await reads.platforms.address(id, platform))?.userId ?? null;
        return { platform, userId, since: timeOf(since) };
      }),
    ),
    communities: await Promise.all(
      texts.memberships.map(async ({ communityId, role, createdAt: since }) => {
        const community = await reads.people.community(communityId);
        return { name: community?.name ?? '', role, since: timeOf(since) };
      }),
    ),
    address: (await reads.people.address(id)) ?? null,
    orders: await Promise.all((await reads.orders.ordersOf(id, ORDERS_MAX)).map((order) => orderOf(reads, order))),
    questions: texts.questions.map(({ askedAt, ...question }) => ({ ...question, askedAt: timeOf(askedAt) })),
    reports: texts.reports.map((report) => ({ ...report, at: timeOf(report.at) })),
    messages: texts.messages.map((message) => ({ ...message, at: timeOf(message.at) })),
  };
  return ok({ json: JSON.stringify(document, null, 2) });
};

const timeOf = (ms: number): string => Temporal.Instant.fromEpochMilliseconds(ms).toString();
const timeOrNull = (ms: number | null): string | null => (ms === null ? null : timeOf(ms));

/** Amounts are minor units of their currency. */
async function orderOf(reads: Reads, order: Order) {
  const refunds = await reads.payments.refunds(order.id);
  const captures = await reads.payments.captures(order.id);
  return {
    code: order.code,
    state: order.state,
    shop: (await reads.people.shop(order.shopId))?.name ?? '',
    currency: order.currency,
    total: order.total,
    lines: (order.quote?.lines ?? []).map(({ title, choices, quantity, total }) => {
      return { title, choices, quantity, total };
    }),
    placedAt: timeOrNull(order.placedAt),
    paidAt: timeOrNull(order.paidAt),
    deliveryMethod: order.deliveryMethod,
    address: (await reads.orders.deliveryAddress(order.id)) ?? null,
    tracking: (await reads.orders.shipment(order.id))?.tracking ?? null,
    payments: captures.map(({ channel, amount, currency, at }) => ({ channel, amount, currency, at: timeOf(at) })),
    refunds: refunds.map(({ amount, currency, state, createdAt }) => {
      return { amount, currency, state, at: timeOf(createdAt) };
    }),
    story: (await reads.orders.timeline(order.id))
      .filter(({ audience }) => audience === 'everybody')
      .map(({ kind, at }) => ({ kind, at: timeOf(at) })),
  };
}
