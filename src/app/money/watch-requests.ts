/** The seller's clock: a reminder before it ends, and then the stewards' turn. */
import { commit, won } from '../commit.ts';
import type { Deps } from '../deps.ts';
import { refreshOrder } from '../orders/order-panels.ts';
import { notify, notifyShop, notifyStewards } from '../tell.ts';
import { note } from '../timeline.ts';

const REMIND_MS = 12 * 60 * 60 * 1000;

export const remindRequestAt = (now: number, decideBy: number): number =>
  decideBy - REMIND_MS > now ? decideBy - REMIND_MS : decideBy;

export async function remindOfRequest(deps: Deps, requestId: string): Promise<void> {
  await commit(deps, null, async (tx) => {
    const at = { deps, now: deps.clock.now() };
    const request = await tx.requests.refundRequest(requestId);
    const order = request && (await tx.orders.order(request.orderId));
    if (!request || !order || request.state !== 'open' || (request.remindAt ?? Infinity) > at.now) return null;
    won(await tx.orders.moveOrder(order, order.state), `order ${order.id}`);
    const { amount, currency, decideBy } = request;
    const params = { code: order.code, amount, currency, until: decideBy };
    if (at.now < decideBy) {
      won(await tx.requests.moveRequest(request.id, 'open', 'open', { remindAt: decideBy }), `request ${request.id}`);
      const again = {
        kind: 'refund_asked',
        objectId: order.id,
        params: { ...params, n: `${request.id}:again` },
      } as const;
      await notifyShop(tx, at, order, again, 'seller');
      return null;
    }
    won(await tx.requests.moveRequest(request.id, 'open', 'escalated', { remindAt: null }), `request ${request.id}`);
    await note(tx, at, order.id, 'refund_ask_escalated');
    const told = { kind: 'refund_ask_escalated', objectId: order.id, params: { ...params, n: request.id } } as const;
    await notifyStewards(tx, at, order.communityId, told);
    await notify(tx, at, { personId: order.buyerId, communityId: order.communityId }, told);
    await refreshOrder(tx, at, order);
    return null;
  });
}
