/** Money on its way back, and the wish for it, as one viewer may see and move them. */
import { money } from '../../domain/money.ts';
import { may } from '../../domain/policy.ts';
import { isOpenRequest } from '../../domain/refund-request.ts';
import type { RefundData, RefundRequestData } from '../../ports/shown.ts';
import type { Reads } from '../../ports/store.ts';
import type { Order } from '../../ports/store/orders.ts';
import type { Refund } from '../../ports/store/payments.ts';
import type { LoadContext } from './loader.ts';

export const refundData =
  ({ actor }: Pick<LoadContext, 'actor'>, order: Order) =>
  (one: Refund): RefundData => {
    const target = one.requestedBy === null ? order : { ...order, maker: one.requestedBy };
    return {
      ...{ id: one.id, amount: money(one.amount, one.currency), state: one.state, cause: one.cause, at: one.createdAt },
      canApprove: one.state === 'pending_approval' && actor !== null && may(actor, 'order.approve_refund', target),
    };
  };

/** The latest; null when there was none. */
export async function requestData(
  reads: Reads,
  { actor }: Pick<LoadContext, 'actor'>,
  order: Order,
): Promise<RefundRequestData | null> {
  const [latest] = await reads.requests.requestsOf(order.id);
  if (!latest || !actor) return null;
  const { id, amount, currency, state, reason, answer, decideBy } = latest;
  const deed = state === 'escalated' ? 'order.decide_escalated' : 'order.decide_request';
  return {
    ...{ id, amount: money(amount, currency), state, reason, answer, decideBy },
    can: {
      decide: isOpenRequest(state) && may(actor, deed, order),
      withdraw: isOpenRequest(state) && may(actor, 'order.request_refund', order),
    },
  };
}
