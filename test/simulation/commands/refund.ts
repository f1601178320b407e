import { boolean, constantFrom, record } from 'fast-check';
import { define, minorUnits, pickBill, whichBill } from '../engine/command.ts';
import { sellerOf } from '../engine/people.ts';

const WHAT = ['all', 'all', 'one unit', '0.50', '1.00', '3.33', '12.49'] as const;

export const command = define({
  weight: 7,
  input: record({ order: whichBill, what: constantFrom(...WHAT), restock: boolean(), byAdmin: boolean() }),
  tell: ({ order, what, restock, byAdmin }) =>
    `${byAdmin ? 'the steward' : 'the seller'} refunds ${what} of bill ${order}${restock ? ', units go back on sale' : ''}`,
  run(stage, { order, what, restock, byAdmin }) {
    const bill = pickBill(stage, order);
    if (!bill) return;
    const { orderId } = bill;
    const text = 'select id, quantity, total from order_lines where order_id = ? order by position';
    const [line] = stage.rows(text, [orderId]);
    const lineId = String(line?.['id'] ?? '');
    const isUnit = what === 'one unit';
    const amount = what === 'all' || isUnit ? '' : what;
    const lines = isUnit ? [{ lineId, quantity: 1 }] : [];
    const who = byAdmin ? stage.cast.admin : sellerOf(stage, orderId);
    stage.act(who, { kind: 'refund', orderId, amount, lines, restock }, (reply) => {
      if (!reply.ok) return;
      // What one unit of a line costs depends on which of its units it is: the most it can be is noted.
      const most = Math.ceil(Number(line?.['total']) / Number(line?.['quantity']));
      const noted = what === 'all' ? null : isUnit ? most : minorUnits(what);
      bill.wishes.push({ amount: noted, units: isUnit ? 1 : 0, restock });
    });
  },
});
