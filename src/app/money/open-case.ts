/** Something that a person must decide: told to the community's stewards, closed by one of them with a decision. */
import type { Tx } from '../../ports/store.ts';
import type { Case } from '../../ports/store/payments.ts';
import { notifyStewards } from '../tell.ts';
import { note, type When } from '../timeline.ts';

/** Answers its id. `order.id` is null where the money is no order's. */
export async function openCase(
  tx: Tx,
  at: When,
  order: { readonly id: string | null; readonly communityId: string },
  kind: Case['kind'],
  params: Case['params'],
): Promise<string> {
  const id = at.deps.ids.next();
  await tx.payments.insertCase({
    id,
    communityId: order.communityId,
    orderId: order.id,
    kind,
    params,
    openedAt: at.now,
    resolvedAt: null,
  });
  if (order.id !== null) await note(tx, at, order.id, 'case_opened', { caseId: id }, 'shop');
  await notifyStewards(tx, at, order.communityId, { kind: 'case_opened', objectId: id });
  return id;
}
