import { defineMachine } from './machine.ts';

/**
 * An order from basket (`draft`) to `closed`. `fulfilled`: handed over in full. `closed`: Received was tapped, 14 days
 * went by, or everything was refunded. Shipping, refunds and disputes are rows of their own.
 * `expired -> paid` is late money: the stock is taken in the same commit. Money that arrives after `cancelled` or
 * `closed` is refunded and moves nothing here.
 */
export const orderMachine = defineMachine({
  name: 'order',
  initial: 'draft',
  transitions: {
    draft: ['pending_payment', 'cancelled'],
    pending_payment: ['paid', 'expired', 'cancelled'],
    expired: ['paid'],
    paid: ['fulfilled', 'closed'],
    fulfilled: ['closed'],
    closed: [],
    cancelled: [],
  },
  terminal: ['closed', 'cancelled'],
});

export type OrderState = (typeof orderMachine.states)[number];

/** Someone still has to act: the buyer to pay, or the shop to hand over. */
export function isOpenOrder(state: OrderState): boolean {
  return state === 'pending_payment' || state === 'paid';
}

/** The bill was settled at some time; `closed` stays true after a refund. */
export function wasPaid(state: OrderState): boolean {
  return state === 'paid' || state === 'fulfilled' || state === 'closed';
}
