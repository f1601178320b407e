import { define, pickBill, whichBill } from '../engine/command.ts';

export const command = define({
  weight: 4,
  input: whichBill,
  tell: (order) => `the buyer looks at bill ${order}`,
  async run(stage, order) {
    const bill = pickBill(stage, order);
    if (!bill || !stage.isUp()) return;
    const { orderId, buyer: personId } = bill;
    const viewer = { personId, communityId: stage.cast.communityId };
    const seen = await stage.core().load({ name: 'order', orderId }, viewer);
    if (!seen.ok) throw new Error(`the buyer may not see their own order: ${seen.fault.code}`);
    for (const { codes } of seen.value.order.goods) stage.memory.sawCodes(orderId, codes);
  },
});
