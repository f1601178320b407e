import { integer, record } from 'fast-check';
import { define, pickBill, whichBill } from '../engine/command.ts';

export const command = define({
  weight: 1,
  input: record({ order: whichBill, quantity: integer({ min: 1, max: 3 }) }),
  tell: ({ order, quantity }) => `the buyer of bill ${order} wants ${quantity} of it`,
  run(stage, { order, quantity }) {
    const bill = pickBill(stage, order);
    if (!bill) return;
    stage.act(bill.buyer, { kind: 'set_quantity', orderId: bill.orderId, quantity }, (reply) => {
      if (reply.ok) bill.goods = bill.goods.map((line) => ({ ...line, quantity }));
    });
  },
});
