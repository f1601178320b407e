/** Somebody whose private chat was closed can be written to: what was kept for them goes out, as it is now. */
import type { Tx } from '../../ports/store.ts';
import type { KeptNews } from '../../ports/store/platforms.ts';
import { commit } from '../commit.ts';
import type { Deps } from '../deps.ts';
import { refreshCards, send } from '../tell.ts';
import type { When } from '../timeline.ts';

/** Of all that came meanwhile, so much is still news; the rest stands in their lists. */
const NEWS_MAX = 20;

export async function reached(deps: Deps, platform: string, personId: string): Promise<void> {
  const waits = await deps.store.read((reads) => reads.platforms.keptNews(platform, personId, 1));
  if (waits.length === 0) return;
  await commit(deps, null, async (tx) => {
    const at = { deps, now: deps.clock.now() };
    for (const news of await tx.platforms.keptNews(platform, personId, NEWS_MAX)) {
      if (await isNews(tx, news)) await resend(tx, at, news);
    }
    await tx.platforms.dropNews(platform, personId);
    const claimed = (await tx.platforms.claims(personId)).filter((one) => one.platform === platform);
    await tx.platforms.dropClaims(platform, personId);
    const products = new Set(claimed.map(({ productId }) => productId));
    for (const productId of [...products].toSorted()) await refreshCards(tx, at, productId);
    return null;
  });
}

/** A bill that ended unpaid while nobody looked is no news. */
async function isNews(tx: Tx, { message: { message } }: KeptNews): Promise<boolean> {
  if (message.name !== 'order') return true;
  const order = await tx.orders.order(message.orderId);
  return order !== undefined && (order.paidAt !== null || order.state === 'pending_payment');
}

async function resend(tx: Tx, at: When, { personId, key, message }: KeptNews): Promise<void> {
  if (message.name === 'notice') return send(tx, at, `notices:${personId}`, message);
  const { message: shown } = message;
  const lane = 'orderId' in shown ? `order:${shown.orderId}` : key;
  await send(tx, at, `${lane}:${personId}`, message, shown.name);
}
