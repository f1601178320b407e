import { always } from '../engine/invariant.ts';

export const invariant = always(
  'a code is shown to the buyer of one order, and is one that the seller typed',
  (stage) => stage.memory.strangeCodes(),
);
