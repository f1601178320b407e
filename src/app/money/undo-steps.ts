/**
 * What a refund that went through undoes beside the money, in this order and in the same commit. Each step reads what it needs and
 * leaves alone what it has undone before: points and coupons take their place here.
 */
import type { Tx } from '../../ports/store.ts';
import type { Order, OrderLine } from '../../ports/store/orders.ts';
import type { Capture, Refund } from '../../ports/store/payments.ts';
import { putBack } from '../orders/stock.ts';
import type { When } from '../timeline.ts';

type Undone = {
  readonly order: Order;
  readonly lines: readonly OrderLine[];
  readonly capture: Capture;
  readonly refund: Refund;
};
type UndoStep = (tx: Tx, at: When, undone: Undone) => Promise<void>;

const backOnSale: UndoStep = async (tx, at, { order, lines, refund }) => {
  if (refund.restock) await putBack(tx, at, order, lines, refund.lines);
};

export const UNDO_STEPS: readonly UndoStep[] = [backOnSale];
