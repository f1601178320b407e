import { defineMachine } from './machine.ts';

/** Stock kept for an open order: sold by `committed`, given back by `released`. */
export const holdMachine = defineMachine({
  name: 'hold',
  initial: 'held',
  transitions: { held: ['committed', 'released'], committed: [], released: [] },
  terminal: ['committed', 'released'],
});

export type HoldState = (typeof holdMachine.states)[number];

/** Holds that one person may have open at a time. */
export const OPEN_HOLDS_MAX = 3;
