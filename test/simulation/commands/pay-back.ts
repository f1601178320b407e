import { nat } from 'fast-check';
import { define, pick } from '../engine/command.ts';
import { sellerOf } from '../engine/people.ts';

export const command = define({
  weight: 1,
  input: nat({ max: 2 }),
  tell: (which) => `the seller gives cash back by hand, refund ${which}`,
  run(stage, which) {
    const owed = stage.rows(
      "select id, order_id from refunds where channel = 'cash' and state = 'submitted' order by id",
    );
    const refund = pick(owed, which);
    if (!refund) return;
    const seller = sellerOf(stage, String(refund['orderId']));
    stage.act(seller, { kind: 'refund_paid_by_hand', refundId: String(refund['id']), proof: 'by hand' });
  },
});
