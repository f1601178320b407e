import { nat } from 'fast-check';
import { define, pickBill } from '../engine/command.ts';

export const command = define({
  weight: 3,
  input: nat({ max: 4 }),
  tell: (order) => `the browser of bill ${order} comes back from the bank`,
  async run(stage, order) {
    const bill = pickBill(stage, order);
    if (bill && stage.isUp()) await stage.core().returned(bill.payToken);
  },
});
