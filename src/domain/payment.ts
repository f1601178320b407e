import { defineMachine } from './machine.ts';

/** What is owed for an order: one row per order and amount. `expired | cancelled -> succeeded` is late money. */
export const paymentMachine = defineMachine({
  name: 'payment',
  initial: 'open',
  transitions: {
    open: ['succeeded', 'expired', 'cancelled'],
    expired: ['succeeded'],
    cancelled: ['succeeded'],
    succeeded: [],
  },
  terminal: ['succeeded'],
});

export type PaymentState = (typeof paymentMachine.states)[number];

/**
 * Facts beside the state; a payment may have several. `conflicted` (amount, currency, account or order differ) never
 * becomes succeeded by machine.
 */
export const paymentExceptions = [
  'underpaid',
  'overpaid',
  'paid_late',
  'duplicate_payment',
  'conflicted',
  'marked_manually',
] as const;

export type PaymentException = (typeof paymentExceptions)[number];

/**
 * One try at one payment channel. `unknown` is left only by asking the channel. Money that a channel proves after
 * `failed`, `expired` or `cancelled` is a fact with its own transition.
 */
export const attemptMachine = defineMachine({
  name: 'attempt',
  initial: 'created',
  transitions: {
    created: ['submitted', 'cancelled'],
    submitted: ['requires_action', 'pending', 'succeeded', 'failed', 'unknown'],
    requires_action: ['pending', 'succeeded', 'failed', 'expired', 'cancelled', 'unknown'],
    pending: ['requires_action', 'succeeded', 'failed', 'expired', 'cancelled', 'unknown'],
    unknown: ['requires_action', 'pending', 'succeeded', 'failed', 'expired', 'cancelled'],
    failed: ['succeeded'],
    expired: ['succeeded'],
    cancelled: ['succeeded'],
    succeeded: [],
  },
  terminal: ['succeeded'],
});

export type AttemptState = (typeof attemptMachine.states)[number];

const liveAttempts: ReadonlySet<AttemptState> = new Set<AttemptState>([
  'created',
  'submitted',
  'requires_action',
  'pending',
  'unknown',
]);

/** Money may still come of this attempt in the ordinary way: at most one live attempt per payment and channel. */
export function isLive(state: AttemptState): boolean {
  return liveAttempts.has(state);
}

/** The machine had given up and verified money came all the same: the payment gets the exception `paid_late`. */
export function isLateMoney(from: PaymentState, to: PaymentState): boolean {
  return to === 'succeeded' && (from === 'expired' || from === 'cancelled');
}
