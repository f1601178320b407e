import { ok } from '../../domain/faults.ts';
import { money } from '../../domain/money.ts';
import type { MessageData } from '../../ports/messages.ts';
import type { Reads } from '../../ports/store.ts';
import { openCases } from './home.ts';
import type { LoadContext, Loader } from './loader.ts';
import { allowedActor } from './rights.ts';

const REPORTS_MAX = 100;

/** The desk of those who run the community. */
export const loadAdmin: Loader<'admin'> = async (reads, at) => {
  const actor = allowedActor(at, 'community.configure');
  if (!actor.ok) return actor;
  const { id, name, currency, timeZone, locale } = at.community;
  const policy = await reads.requests.refundPolicy(id);
  const shops = await reads.people.shops(id);
  const owners = await reads.people.people([...new Set(shops.map((shop) => shop.ownerId))]);
  return ok({
    community: { id, name, currency, timeZone, locale },
    shops: shops.map((shop) => ({
      id: shop.id,
      title: shop.name,
      state: shop.state,
      owner: owners.find((person) => person.id === shop.ownerId)?.name ?? '',
    })),
    reports: await openReports(reads, at),
    openCases: await openCases(reads, at),
    refunds: { requestHours: policy.requestHours, approvalLimit: money(policy.approvalLimit, currency) },
    chats: (await reads.people.chats(id)).map((chat) => ({ id: chat.id, title: chat.title })),
  });
};

/** One entry a product, with every reason that was given; who reported is not told. */
async function openReports(reads: Reads, at: LoadContext): Promise<MessageData['admin']['reports']> {
  const reasons = new Map<string, string[]>();
  for (const report of await reads.catalog.reports(at.community.id, REPORTS_MAX)) {
    if (report.resolvedAt !== null) continue;
    reasons.set(report.productId, [...(reasons.get(report.productId) ?? []), report.reason]);
  }
  const reports = [];
  for (const [productId, given] of reasons) {
    const product = await reads.catalog.product(productId);
    if (!product) continue;
    reports.push({ product: { id: productId, title: product.title, state: product.state }, reasons: given });
  }
  return reports;
}
