import { defineMachine } from './machine.ts';

/** Money on its way back. `succeeded -> failed`: the bank bounced it. No timer moves a refund, only an answer does. */
export const refundMachine = defineMachine({
  name: 'refund',
  initial: 'requested',
  transitions: {
    requested: ['submitted', 'pending_approval', 'cancelled'],
    pending_approval: ['approved', 'rejected', 'cancelled'],
    approved: ['submitted', 'cancelled'],
    submitted: ['pending', 'succeeded', 'failed', 'unknown'],
    pending: ['succeeded', 'failed'],
    unknown: ['pending', 'succeeded', 'failed'],
    succeeded: ['failed'],
    failed: [],
    rejected: [],
    cancelled: [],
  },
  terminal: ['failed', 'rejected', 'cancelled'],
});

export type RefundState = (typeof refundMachine.states)[number];

const released: ReadonlySet<RefundState> = new Set<RefundState>(['failed', 'rejected', 'cancelled']);

/** Whether the refund takes from what may still be refunded: from its creation until it failed or was called off. */
export function countsAgainstCapture(state: RefundState): boolean {
  return !released.has(state);
}

/** What may still be given back of a capture: not what is on its way back, nor what a bank holds in a dispute. */
export const refundableOf = (capture: {
  readonly amount: number;
  readonly refunding: number;
  readonly withdrawn: number;
}): number => Math.max(0, capture.amount - capture.refunding - capture.withdrawn);

/** The refund has been neither paid out nor called off. */
export function isOpenRefund(state: RefundState): boolean {
  return countsAgainstCapture(state) && state !== 'succeeded';
}
