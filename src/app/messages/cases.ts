import { ok } from '../../domain/faults.ts';
import type { MessageData } from '../../ports/messages.ts';
import type { Case } from '../../ports/store/payments.ts';
import type { Loader } from './loader.ts';
import { allowedActor } from './rights.ts';

const CASES_MAX = 50;

type Decisions = MessageData['cases']['cases'][number]['decisions'];

/** Money in suspense can be accepted or sent back; everything else a person looks into and puts away. */
const DECISIONS: Readonly<Record<Case['kind'], Decisions>> = {
  payment_conflict: ['deliver', 'refund', 'dismiss'],
  refund_failed: ['refund', 'dismiss'],
  poison_event: ['dismiss'],
  unknown_outcome: ['dismiss'],
};

export const loadCases: Loader<'cases'> = async (reads, at) => {
  const actor = allowedActor(at, 'case.resolve');
  if (!actor.ok) return actor;
  const open = (await reads.payments.cases(at.community.id, CASES_MAX)).filter((one) => one.resolvedAt === null);
  const cases = [];
  for (const { id, kind, params, orderId, openedAt } of open) {
    const order = orderId === null ? undefined : await reads.orders.order(orderId);
    const ref = order ? { id: order.id, title: order.code } : null;
    cases.push({ id, kind, params, order: ref, openedAt, decisions: DECISIONS[kind] });
  }
  return ok({ cases });
};
