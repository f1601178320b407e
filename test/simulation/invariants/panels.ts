import { atRest } from '../engine/invariant.ts';

export const invariant = atRest(
  'buyers are shown the state, the money and the refunds that there are',
  async (stage) => {
    const faults: string[] = [];
    for (const { orderId, buyer: personId } of stage.memory.bills().slice(0, 3)) {
      const shown = await stage
        .core()
        .load({ name: 'order', orderId }, { personId, communityId: stage.cast.communityId });
      const [row] = stage.rows('select state, total from orders where id = ?', [orderId]);
      const refunds = stage.rows('select id from refunds where order_id = ?', [orderId]);
      if (!shown.ok) faults.push(`${orderId}: ${shown.fault.code}`);
      else {
        const { state, quote, refunds: told } = shown.value.order;
        const same = state === row?.['state'] && quote.due === row['total'] && told.length === refunds.length;
        if (!same) faults.push(`${orderId} is shown as ${state}, ${quote.due}, with ${told.length} refunds`);
      }
    }
    return faults;
  },
);
