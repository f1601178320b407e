import { define, pickBill, whichBill } from '../engine/command.ts';

export const command = define({
  weight: 1,
  input: whichBill,
  tell: (order) => `the buyer says that the goods of bill ${order} have come`,
  run(stage, order) {
    const bill = pickBill(stage, order);
    if (bill) stage.act(bill.buyer, { kind: 'received', orderId: bill.orderId });
  },
});
