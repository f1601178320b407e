import type { AfterTurn } from '../ports/runtime.ts';

/** After everything that this turn of the event loop has made ready: what arrived together is committed together. */
export const afterTurn: AfterTurn = (fn) => {
  setImmediate(fn);
};
