import { define, pickBill, whichBill } from '../engine/command.ts';

export const command = define({
  weight: 3,
  input: whichBill,
  tell: (order) => `the browser of bill ${order} comes back from the bank`,
  async run(stage, order) {
    const bill = pickBill(stage, order);
    if (bill && stage.isUp()) await stage.core().returned(bill.payToken);
  },
});
