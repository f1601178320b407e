import { nat } from 'fast-check';
import { define, pickBill } from '../engine/command.ts';

export const command = define({
  weight: 1,
  input: nat({ max: 4 }),
  tell: (order) => `the buyer says that the goods of bill ${order} have come`,
  run(stage, order) {
    const bill = pickBill(stage, order);
    if (bill) stage.act(bill.buyer, { kind: 'received', orderId: bill.orderId });
  },
});
