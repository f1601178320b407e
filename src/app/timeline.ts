/** The order's own story: one line for every tap, hold, attempt, provider event and movement of money. */
import type { Json } from '../ports/runtime.ts';
import type { Tx } from '../ports/store.ts';
import type { TimelineAudience } from '../ports/store/orders.ts';
import type { Circumstances } from './deps.ts';

export type When = Pick<Circumstances, 'deps' | 'now'>;

/** `params`: ids, numbers and codes; never names or free text. */
export async function note(
  tx: Tx,
  at: When,
  orderId: string,
  kind: string,
  params: Readonly<Record<string, Json>> = {},
  audience: TimelineAudience = 'everybody',
): Promise<void> {
  await tx.orders.addTimeline({ id: at.deps.ids.next(), orderId, at: at.now, kind, audience, params });
}
