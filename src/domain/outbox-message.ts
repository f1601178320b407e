import { defineMachine } from './machine.ts';

/**
 * A message that waits to be sent. `unknown`: it was handed over and no answer came; the message's name declares
 * whether it is repeated or left for a person. `dead -> pending` is an operator's decision.
 */
export const outboxMessageMachine = defineMachine({
  name: 'outbox_message',
  initial: 'pending',
  transitions: {
    pending: ['claimed'],
    claimed: ['sent', 'pending', 'unknown', 'dead'],
    unknown: ['sent', 'pending', 'dead'],
    dead: ['pending'],
    sent: [],
  },
  terminal: ['sent'],
});

export type OutboxMessageState = (typeof outboxMessageMachine.states)[number];
