import { boolean, record } from 'fast-check';
import { define, pickBill, whichBill } from '../engine/command.ts';
import { sellerOf } from '../engine/people.ts';

export const command = define({
  weight: 4,
  input: record({ order: whichBill, bySeller: boolean() }),
  tell: ({ order, bySeller }) => `${bySeller ? 'the seller' : 'the buyer'} calls bill ${order} off`,
  run(stage, { order, bySeller }) {
    const bill = pickBill(stage, order);
    if (!bill) return;
    const who = bySeller ? sellerOf(stage, bill.orderId) : bill.buyer;
    stage.act(who, { kind: 'cancel_order', orderId: bill.orderId }, (reply) => {
      if (reply.ok) bill.cancelled = true;
    });
  },
});
