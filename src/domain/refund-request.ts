import { defineMachine } from './machine.ts';

/** A buyer asks for money back. The seller has a time to answer; after it the stewards decide. */
export const refundRequestMachine = defineMachine({
  name: 'refund request',
  initial: 'open',
  transitions: {
    open: ['escalated', 'accepted', 'rejected', 'withdrawn'],
    escalated: ['accepted', 'rejected', 'withdrawn'],
    accepted: [],
    rejected: [],
    withdrawn: [],
  },
  terminal: ['accepted', 'rejected', 'withdrawn'],
});

export type RefundRequestState = (typeof refundRequestMachine.states)[number];

export const isOpenRequest = (state: RefundRequestState): boolean => state === 'open' || state === 'escalated';
