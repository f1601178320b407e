import { defineMachine } from './machine.ts';

/**
 * A coupon on an order. Reserved with the bill, redeemed with the money, released when the bill ends unpaid, returned when everything goes
 * back. A bill that ended may still be paid, and its buyer may enter the code again: released is not the end.
 */
export const redemptionMachine = defineMachine({
  name: 'redemption',
  initial: 'reserved',
  transitions: {
    reserved: ['redeemed', 'released'],
    released: ['reserved', 'redeemed'],
    redeemed: ['returned'],
    returned: [],
  },
  terminal: ['returned'],
});

export type RedemptionState = (typeof redemptionMachine.states)[number];
