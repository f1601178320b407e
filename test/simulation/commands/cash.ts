import { boolean, record } from 'fast-check';
import { define, pickBill, whichBill } from '../engine/command.ts';
import { sellerOf } from '../engine/people.ts';

export const command = define({
  weight: 3,
  input: record({ order: whichBill, brought: boolean() }),
  tell: ({ order, brought }) =>
    `the buyer of bill ${order} wants to pay cash${brought ? ', and the seller says it was received' : ''}`,
  run(stage, { order, brought }) {
    const bill = pickBill(stage, order);
    if (!bill) return;
    const { orderId, buyer } = bill;
    stage.act(buyer, { kind: 'choose_channel', orderId, channel: 'cash' }, (chosen) => {
      if (!chosen.ok || !brought) return;
      stage.act(sellerOf(stage, orderId), { kind: 'confirm_cash', orderId }, (reply) => {
        if (reply.ok) bill.cash = true;
      });
    });
  },
});
