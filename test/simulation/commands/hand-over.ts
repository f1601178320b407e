import { define, pickBill, whichBill } from '../engine/command.ts';
import { sellerOf } from '../engine/people.ts';

export const command = define({
  weight: 3,
  input: whichBill,
  tell: (order) => `the seller hands over or ships bill ${order}`,
  run(stage, order) {
    const bill = pickBill(stage, order);
    if (!bill) return;
    const { orderId } = bill;
    const seller = sellerOf(stage, orderId);
    const [row] = stage.rows('select delivery_method from orders where id = ?', [orderId]);
    if (row?.['deliveryMethod'] === 'ship') stage.act(seller, { kind: 'ship', orderId, tracking: 'MY 123' });
    else stage.act(seller, { kind: 'hand_over', orderId });
  },
});
